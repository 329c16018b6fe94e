"""What the strategy room says on pages of other rooms."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from charter.models import Charter, Measure, Standard
from organisation.days import local_day, organisation_day
from organisation.models import Tree, Unit, User
from strategy.effect import effect_of
from strategy.models import Action, Gap, Reader, Round, Seat, TeamPart

AHEAD = timedelta(days=14)
SHOWN = 3


def gaps_of_measure(measure: Measure, *, unit: Unit, period: Any, **more: Any) -> dict[str, Any]:
    """On the page behind a figure: the gaps about it in this unit, and what is done to move it."""
    gaps = Gap.objects.standing().filter(measure=measure, unit=unit)
    actions = Action.objects.filter(measure=measure, unit=unit).exclude(state=Action.State.CANCELLED)
    on = period.last_day
    return {
        "gaps": list(gaps.select_related("owner")),
        "actions": [
            (action, effect_of(action, on))
            for action in actions.select_related("owner", "unit", "measure__standard__charter")[:SHOWN]
        ],
        "measure": measure,
        "unit": unit,
    }


def gaps_of_standard(standard: Standard, *, unit: Unit, **more: Any) -> dict[str, Any] | None:
    gaps = list(Gap.objects.standing().filter(measure__standard=standard, unit=unit).select_related("owner"))
    return {"gaps": gaps, "unit": unit} if gaps else None


def gaps_due(user: User, at: datetime) -> dict[str, Any] | None:
    """On My work: the open gaps that the person owns and that are due within 14 days or late; for who
    manages units also how many proposals wait there."""
    today = local_day(user, at)
    mine = Gap.objects.open().filter(owner=user, due_on__lte=today + AHEAD).order_by("due_on", "pk")
    waiting = 0
    if user.is_manager:
        waiting = Gap.objects.proposed().filter(unit__in=Unit.objects.managed_by(user)).count()
    shown = list(mine[: SHOWN + 1])
    if not shown and not waiting:
        return None
    return {
        "gaps": [(gap, gap.is_overdue(today)) for gap in shown[:SHOWN]],
        "has_more": len(shown) > SHOWN,
        "waiting": waiting,
    }


def actions_due(user: User, at: datetime) -> dict[str, Any] | None:
    """On My work: the person's actions that end within 14 days or are late, and those not reported on."""
    today = organisation_day(at)
    mine = Action.objects.calling(today, by=today + AHEAD).filter(owner=user).order_by("ends_on", "pk")
    shown = [(action, _why_due(action, today)) for action in mine[: SHOWN + 1]]
    return {"actions": shown[:SHOWN], "has_more": len(shown) > SHOWN} if shown else None


def _why_due(action: Action, today: date) -> str:
    if action.is_overdue(today):
        return "late"
    if action.state == Action.State.PLANNED:
        return "to_start"
    if action.checked_on and today > action.checked_on + timedelta(days=action.rhythm):
        return "to_report"
    return "ends" if action.ends_on <= today + AHEAD else ""


def messages_due(user: User, at: datetime) -> dict[str, Any] | None:
    """On My work: announcements that the person has not read yet."""
    owed = Reader.objects.filter(
        person=user, read_at__isnull=True, announcement__withdrawn_at__isnull=True
    ).select_related("announcement__owner")
    readers = list(owed.order_by("-announcement__sent_at")[:SHOWN])
    return {"readers": readers} if readers else None


def seats_due(user: User, at: datetime) -> dict[str, Any] | None:
    """On My work: the self-assessment that the person is asked to answer."""
    today = organisation_day(at)
    asked = Seat.objects.filter(person=user, has_answered=False, round__state=Round.State.OPEN)
    rows = asked.filter(round__opens_on__lte=today, round__closes_on__gte=today)
    seats = list(rows.select_related("round"))
    return {"seats": seats} if seats else None


def why_beside_charter(charter: Charter) -> dict[str, Any]:
    """Beside a charter: how many teams have written down their part."""
    below = Tree.on(organisation_day(timezone.now())).subtree(charter.unit_id)
    units = Unit.objects.active().filter(pk__in=below)
    told = TeamPart.objects.filter(unit__in=units).values("unit").distinct().count()
    return {"told": told, "all": units.count()}
