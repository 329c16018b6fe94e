"""The sign-in pages of django-allauth that this product uses. There is no open sign-up."""

from allauth.account import views
from django.urls import path, re_path

from common.policy import PUBLIC, policy
from organisation.views import sign_in


def _public(view):  # type: ignore[no-untyped-def]
    return policy(PUBLIC)(view)


urlpatterns = [
    path("login/", _public(sign_in.SignIn.as_view()), name="account_login"),
    path("logout/", _public(views.logout), name="account_logout"),
    path("inactive/", _public(views.account_inactive), name="account_inactive"),
    path("password/reset/", _public(sign_in.AskForPassword.as_view()), name="account_reset_password"),
    path("password/reset/done/", _public(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        _public(sign_in.ChoosePassword.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        _public(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
]
