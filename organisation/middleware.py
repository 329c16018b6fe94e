"""Pages behind a sign-in are never stored, and the audit trail knows who acts."""

from collections.abc import Callable

from auditlog.context import set_extra_data
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

Answer = Callable[[HttpRequest], HttpResponse]


class PrivatePagesAreNotStored:
    """Adds `no-store` to every answer whose view looked at the session."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response


class AuditKnowsWhoActs:
    """Tells django-auditlog the person lazily: public pages open no session for it.

    Its own middleware asks for the person on every request, and keeps network addresses.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with set_extra_data({"actor": SimpleLazyObject(lambda: request.user)}):
            return self.get_response(request)
