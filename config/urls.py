"""Every address of the product; each app owns its own list."""

from django.urls import include, path

from common.policy import DECIDED_BY_THE_OPERATION
from config.api import api

api_urls = api.urls
for pattern in api_urls[0]:
    setattr(pattern.callback, "policy", DECIDED_BY_THE_OPERATION)  # noqa: B010

urlpatterns = [
    path("", include("feedback.urls")),  # first, for the card is asked for most: each room costs a look
    path("accounts/", include("organisation.account_urls")),
    path("api/v1/", api_urls),
    path("", include("organisation.urls")),
    path("", include("customers.urls")),
    path("", include("charter.urls")),
    path("", include("training.urls")),
    path("", include("scoreboard.urls")),
    path("", include("strategy.urls")),
    path("", include("home.urls")),
]

handler400 = "home.errors.bad_request"
handler403 = "home.errors.forbidden"
handler404 = "home.errors.not_found"
handler500 = "home.errors.server_error"
