"""Pages behind a sign-in are never stored and tell local times; the audit trail knows who acts."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from auditlog.context import set_extra_data
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from common.policy import DECIDED_BY_THE_OPERATION, PUBLIC
from organisation.models import Installation

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


class PrivatePagesTellLocalTimes:
    """A moment is said in the zone of the unit in which the person works, else in the organisation's.

    Public pages are left alone: they touch no session, and say days only.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        declared = getattr(view, "policy", PUBLIC)
        if declared in (PUBLIC, DECIDED_BY_THE_OPERATION) or not request.user.is_authenticated:
            return
        unit = request.user.home_unit
        if unit is None and (installation := Installation.current()):
            unit = installation.root
        if unit is not None:
            timezone.activate(ZoneInfo(unit.timezone))
