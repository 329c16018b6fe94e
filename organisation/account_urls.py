"""The sign-in pages of django-allauth that this product uses. There is no open sign-up."""

from allauth.account import views
from django.urls import path

from common.policy import PUBLIC, policy


def _public(view):  # type: ignore[no-untyped-def]
    return policy(PUBLIC)(view)


urlpatterns = [
    path("login/", _public(views.login), name="account_login"),
    path("logout/", _public(views.logout), name="account_logout"),
    path("password/reset/", _public(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", _public(views.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/<slug:uidb36>-<str:key>/",
        _public(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        _public(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
