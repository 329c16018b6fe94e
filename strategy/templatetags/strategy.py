"""Template tags of the strategy room."""

from typing import Any

from django import template

from common.charts import MARKS, plain
from strategy.models import Status
from strategy.progress import Standing
from strategy.room import LINKS

register = template.Library()


@register.inclusion_tag("strategy/_room.html")
def strategy_room(current: str) -> dict[str, Any]:
    """The small menu of the room; `current` is the key of the page's link in `strategy/room.py`."""
    return {"links": LINKS, "current": current}


# Shape and colour class of each status; a status is told by its shape and its word first.
_LOOKS = {
    "on_track": ("met", "met"),
    "at_risk": ("unsure", "unsure"),
    "behind": ("not_met", "missed"),
    "no_information": ("too_few", "none"),
    "not_started": ("not_tracked", "none"),
    "done": ("met", "met"),
    "cancelled": ("no_goal", "none"),
}


@register.inclusion_tag("common/_verdict.html")
def status(standing: Standing) -> dict[str, Any]:
    """The status of an action by shape and word."""
    mark, css_class = _LOOKS[standing.status]
    return {"css_class": css_class, "mark": MARKS[mark], "words": Status(standing.status).label}


@register.inclusion_tag("strategy/_progress.html")
def progress_bar(standing: Standing) -> dict[str, Any]:
    """How much is done, with a tick where it should be by now; words beside it."""
    return {
        "standing": standing,
        "part": plain(standing.percent or 0),
        "tick": "" if standing.expected_percent is None else plain(standing.expected_percent),
    }
