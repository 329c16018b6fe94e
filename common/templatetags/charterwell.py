"""Template tags of every room: figures in words, the strip and its sisters, links that keep the query."""

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from common import charts, markdown
from common.figure_words import (
    FACES,
    VERDICTS,
    answers,
    answers_of,
    bare,
    duration,
    figure_text,
    goal,
    interval,
    interval_high,
    interval_low,
    localised,
    plain_sentence,
    summary,
    verdict_words,
)

register = template.Library()

register.filter("bare", bare)
register.filter("figure", figure_text)
register.filter("goal", goal)
register.filter("interval", interval)
register.filter("interval_low", interval_low)
register.filter("interval_high", interval_high)
register.filter("answers", answers)
register.filter("duration", duration)
register.filter("answers_of", answers_of)
register.filter("verdict_words", verdict_words)


@register.filter
def verdict_class(figure: Any) -> str:
    """The colour class of a verdict: met, missed, unsure, none."""
    return charts.CLASSES[figure.verdict]


@register.filter
def unbroken(text: Any) -> str:
    """The text with short hyphenated words (“e-mail”) kept on one line."""
    parts = re.split(r"(\b\w{1,2}-\w+)", str(text))
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="whole">{}</span>', part) if odd % 2 else part,)
            for odd, part in enumerate(parts)
        ),
    )


@register.filter
def prose(text: str, largest: int = 3) -> str:
    """Markdown as HTML, cleaned. `prose:1` where the text has the page to itself and begins with ##."""
    return markdown.prose(text or "", largest)


# ----------------------------------------------------------------- graphics


@register.inclusion_tag("common/_strip.html")
def strip(figure: Any, tall: bool = False, public: bool = False) -> dict[str, Any]:
    """The house graphic: track, goal as a tick, interval as a band, figure as the verdict's shape.

    In `public` nothing names the verdict: plain words stand beside it.
    """
    return {
        "drawing": charts.strip(figure),
        "tall": tall,
        "middle": 26 if tall else 14,
        "goal_top": 13 if tall else 2,
        "goal_bottom": 39 if tall else 26,
        "goal_words": _("goal %(goal)s") % {"goal": goal(figure)},
        "low": bare(figure.scale_low),
        "high": bare(figure.scale_high),
        "words": summary(figure, public=public),
    }


@register.inclusion_tag("common/_verdict.html")
def verdict(figure: Any) -> dict[str, Any]:
    """The verdict by shape and word."""
    return {
        "css_class": charts.CLASSES[figure.verdict],
        "mark": charts.MARKS[figure.verdict],
        "words": VERDICTS[figure.verdict],
    }


@register.inclusion_tag("common/_mark.html")
def mark(verdict_code: str) -> dict[str, Any]:
    """The shape of a verdict alone, for a heading or a sum that says the word itself."""
    return {"mark": charts.MARKS[verdict_code]}


@register.inclusion_tag("common/_sparkline.html")
def sparkline(points: Iterable[Any], goal: Any = None, low: Any = 0, high: Any = 100) -> dict[str, Any]:
    """A small line of figures, oldest first. Points are numbers, None for a gap, or have a `value`."""
    values = [getattr(point, "value", point) for point in points]
    return {
        "drawing": charts.sparkline(values, goal, low, high),
        "width": charts.SPARK_WIDTH,
        "words": _line_in_words(values, goal),
    }


def _line_in_words(values: list[Any], goal_value: Any) -> str:
    known = [localised(value) if value is not None else _("none") for value in values]
    if all(value is None for value in values):
        return _("No figures yet")
    words = _("Oldest first: %(figures)s") % {"figures": ", ".join(known)}
    if goal_value is not None:
        words += "; " + _("goal %(goal)s") % {"goal": bare(goal_value)}
    return words


@register.inclusion_tag("common/_control_chart.html")
def control_chart(drawing: charts.ControlDrawing, words: str) -> dict[str, Any]:
    """A control chart. `words` say what it shows; the table stands beside it."""
    step = abs(drawing.ticks[1][1] - drawing.ticks[0][1]) if len(drawing.ticks) > 1 else 1
    decimals = 0 if step >= 1 and step == int(step) else 1 if step >= 0.1 else 2
    return {
        "drawing": drawing,
        "ticks": [(height, localised(value, decimals)) for height, value in drawing.ticks],
        "days": [(left, date_format(day, "M Y"), anchor) for left, day, anchor in drawing.days],
        "left": charts.plain(charts.CONTROL_LEFT),
        "right": charts.plain(charts.CONTROL_WIDTH - charts.CONTROL_RIGHT),
        "top": charts.plain(charts.CONTROL_TOP),
        "bottom": charts.plain(charts.CONTROL_HEIGHT - charts.CONTROL_BOTTOM),
        "words": words,
    }


@register.inclusion_tag("common/_face.html")
def face(number: int, inline: bool = False) -> dict[str, Any]:
    """One of the five faces, 1 the worst. The words stand beside it, unless it is `inline`."""
    return {"mouth": charts.MOUTHS[int(number)], "words": FACES[int(number)], "inline": inline}


@register.inclusion_tag("common/_ring.html")
def ring(percent: Any) -> dict[str, Any]:
    """How much of something is done."""
    return {
        "dash": charts.ring(percent),
        "words": _("%(percent)s per cent done") % {"percent": localised(percent)},
    }


@register.inclusion_tag("common/_plain_figure.html")
def plain_figure(figure: Any) -> dict[str, Any]:
    """The figure as the public reads it: “282 of 300 said yes; our goal is 90 in 100.”"""
    return {"words": plain_sentence(figure)}


@register.inclusion_tag("common/_how_sure.html")
def how_sure(figure: Any) -> dict[str, Any]:
    """The interval in a sentence, and what it does not cover."""
    return {"figure": figure, "shown": charts.is_shown(figure)}


@register.simple_tag(takes_context=True)
def is_reader(context: Context, person: Any) -> bool:
    """Whether the person is the one who reads the page; works in an `include … only` too."""
    request = getattr(context, "request", None)
    return person is not None and request is not None and request.user == person


# -------------------------------------------------------------------- links


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The current query string with some parameters changed; None takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def page_numbers(page: "Page[Any]") -> list[Any]:
    """The page numbers to offer: the ends, the neighbours, and dots between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def nav_links(context: Context) -> list[dict[str, Any]]:
    """The main navigation for this reader; the room that the page's address belongs to is current.

    A page that is reached from another room says so by `nav_room`.
    """
    match = context["request"].resolver_match
    room = context.get("nav_room") or (match.namespace if match else "")
    return [
        {
            "label": entry.label,
            "url": reverse(entry.url_name),
            "current": entry.url_name.partition(":")[0] == room,
        }
        for entry in context["navigation"]
    ]


@register.simple_tag
def foreign(words: Any) -> str:
    """The attributes of an element whose words are not in the page's language; else nothing."""
    return format_html(' lang="{}" dir="auto"', words.foreign) if words.foreign else ""
