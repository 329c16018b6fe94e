"""The two volumes of an A-11 header: how many customers there were, and how many could answer.

Each is given only where it is known, with a word on where it comes from.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.period import Period
from common.volumes import customers_served
from feedback.models import Collector, Invitation, Refusal, Response
from feedback.results import Scope, is_confidential

Kind = Collector.Kind
REACHED = (Invitation.State.ASKED, Invitation.State.STOPPED, Invitation.State.ANSWERED)
ASKED_ONE_BY_ONE = (Kind.MAIL, Kind.INTERVIEW)
"""Here everybody who was asked is counted; elsewhere whoever comes by may answer."""


@dataclass(frozen=True)
class Volumes:
    """`total` customers served, `could_answer` of them; None where nobody knows. `note` tells more."""

    total: int | None = None
    could_answer: int | None = None
    note: str = ""


def volumes_of(scope: Scope) -> Volumes:
    """Those of the scope. Of surveys of colleagues none: they answer for themselves, not for customers."""
    if is_confidential(scope.questionnaire):
        return Volumes()
    places = _places(scope)
    units = {place.unit_id for place in places} if scope.collector else scope.units
    served = customers_served(units, scope.period.start, scope.period.end)
    notes = [_served_on(len({day for _unit, day in served}), scope.period)] if served else []
    total = sum(served.values()) if served else None
    could_answer, why = _could_answer(places, scope.period, total)
    return Volumes(total, could_answer, " ".join([*notes, *([why] if why else [])]))


def _places(scope: Scope) -> list[Collector]:
    """Where the questionnaire was asked in the period, on any of its days."""
    if scope.collector:
        return [scope.collector]
    asked = Collector.objects.filter(questionnaire=scope.questionnaire, unit__in=scope.units)
    asked = asked.exclude(kind=Kind.IMPORT).select_related("unit")
    return [place for place in asked if _days_asked(place, scope.period)]


def _served_on(days: int, period: Period) -> str:
    whole = (period.end - period.start).days
    words = ngettext(
        "Customers were counted on %(days)d day of %(whole)d.",
        "Customers were counted on %(days)d days of %(whole)d.",
        days,
    )
    return words % {"days": days, "whole": whole}


def _could_answer(places: list[Collector], period: Period, total: int | None) -> tuple[int | None, str]:
    if places and all(place.kind in ASKED_ONE_BY_ONE for place in places):
        return _asked(places, period), _("Asked one by one: letters and interviews, refusals included.")
    if total is not None:
        return total, _("Whoever came could answer.")
    if places and all(place.expected_a_week is not None for place in places):
        expected = sum(_days_asked(place, period) * (place.expected_a_week or 0) for place in places)
        return round(expected / 7), _("Nobody counted the customers: as many as were expected to answer.")
    return None, ""


def _asked(places: list[Collector], period: Period) -> int:
    """Everybody whom a letter reached or a colleague asked, on the days of the period."""
    days = {"gte": period.start, "lt": period.end}
    letters = Invitation.objects.filter(
        round__collector__in=places,
        state__in=REACHED,
        **{f"asked_on__{test}": day for test, day in days.items()},
    )
    spoken_to = [place for place in places if place.kind == Kind.INTERVIEW]
    answered = Response.objects.countable().filter(
        collector__in=spoken_to, **{f"service_date__{test}": day for test, day in days.items()}
    )
    refused = Refusal.objects.filter(
        collector__in=spoken_to,
        withdrawn_at__isnull=True,
        **{f"day__{test}": day for test, day in days.items()},
    )
    return letters.count() + answered.count() + refused.count()


def _days_asked(place: Collector, period: Period) -> int:
    """Days of the period on which the place asked, by the days on which it opened and closed."""
    first = max(period.start, place.opens_on or period.start)
    closed = place.local_day(place.archived_at) if place.archived_at else period.end
    after = min(period.end, closed, place.closes_on or period.end)
    return max(timedelta(0), after - first).days
