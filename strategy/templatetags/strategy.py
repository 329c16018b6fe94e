"""Template tags of the strategy room."""

from typing import Any

from django import template

from strategy.room import LINKS

register = template.Library()


@register.inclusion_tag("strategy/_room.html")
def strategy_room(current: str) -> dict[str, Any]:
    """The small menu of the room; `current` is the key of the page's link in `strategy/room.py`."""
    return {"links": LINKS, "current": current}
