"""The tabs of the scoreboard's pages, and how many signals wait in a unit."""

from typing import Any

from django import template
from django.utils import timezone

from organisation.models import Tree, Unit
from scoreboard.models import Signal

register = template.Library()


def waiting_in(unit: Unit | None) -> int:
    """How many signals wait in the unit and below it; in all units where none is given."""
    signals = Signal.objects.waiting()
    if unit is not None:
        signals = signals.below(Tree.on(timezone.now().date()).subtree(unit.pk))
    return signals.count()


@register.inclusion_tag("scoreboard/_tabs.html")
def scoreboard_tabs(current: str, unit: Any = None) -> dict[str, Any]:
    """Figures, signals, reports; `current` is the page at hand, `unit` the one that its list is about."""
    return {"current": current, "unit": unit, "waiting": waiting_in(unit or None)}


@register.inclusion_tag("scoreboard/_ways_on.html")
def ways_on(unit: Unit) -> dict[str, Any]:
    """From a unit's board to its signals, with how many wait, and to its reports. Two queries."""
    return {"unit": unit, "waiting": waiting_in(unit)}
