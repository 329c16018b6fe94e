"""Pages behind a sign-in are never stored by browsers or proxies."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivatePagesAreNotStored:
    """Adds `no-store` to every answer whose view looked at the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response
