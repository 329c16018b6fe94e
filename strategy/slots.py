"""What the strategy room says on pages of other rooms."""

from datetime import datetime, timedelta
from typing import Any

from charter.models import Measure, Standard
from organisation.models import Unit, User
from strategy.models import Gap
from training.days import local_day

AHEAD = timedelta(days=14)
SHOWN = 3


def gaps_of_measure(measure: Measure, *, unit: Unit, **more: Any) -> dict[str, Any]:
    """On the page behind a figure: the gaps about it in this unit, and the way to open one."""
    gaps = Gap.objects.standing().filter(measure=measure, unit=unit)
    return {"gaps": list(gaps.select_related("owner")), "measure": measure, "unit": unit}


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
