"""Template tags of the strategy room."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from common.charts import MARKS, plain
from common.templatetags.charterwell import localised
from scoreboard.scores import signed
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
    """How much is done, with a tick where it should be by now; words beside it. What is over is held against
    nothing any more, and what has not begun against nothing yet."""
    is_over = standing.status in (Status.DONE, Status.CANCELLED)
    expected = None if is_over or not standing.expected else standing.expected_percent
    return {
        "standing": standing,
        "part": plain(standing.percent or 0),
        "expected": expected,
        "tick": "" if expected is None else plain(expected),
    }


@register.filter
def tenth(value: Any) -> str:
    """A figure of the Service Quotient as it is read: “3.4”; a dash for none."""
    return "–" if value is None else localised(value, 1)


@register.filter
def tenth_change(value: Any) -> str:
    """“+0.3”, “−0.2”, “0.0”; a dash for none."""
    return "–" if value is None else signed(value, 1)


@register.simple_tag
def figure_of(figure: Any) -> str:
    """A mean with how many stand behind it; the word “hidden” where they are too few."""
    if not figure:
        return format_html('<span class="quiet small">{}</span>', _("hidden"))
    words = _("n %(n)d") % {"n": figure["n"]}
    return format_html('{} <span class="quiet small">{}</span>', localised(figure["mean"], 1), words)
