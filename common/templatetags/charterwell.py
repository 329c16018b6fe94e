"""Template tags of every room: figures in words, the strip and its sisters, links that keep the query."""

import html
import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import charts, markdown

register = template.Library()

VERDICTS = {
    "met": gettext_lazy("met"),
    "not_met": gettext_lazy("not met"),
    "unsure": gettext_lazy("too close to call"),
    "too_few": gettext_lazy("not enough answers"),
    "no_goal": gettext_lazy("no goal"),
    "not_tracked": gettext_lazy("not tracked"),
}
FACES = {
    1: gettext_lazy("very poor"),
    2: gettext_lazy("poor"),
    3: gettext_lazy("fair"),
    4: gettext_lazy("good"),
    5: gettext_lazy("very good"),
}


# ------------------------------------------------------------------ numbers


def rounded(value: Any, decimals: int) -> Decimal:
    """Half up, as people round; for display only."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def localised(value: Any, decimals: int = 0) -> str:
    """The number in the reader's language, rounded half up, thousands grouped."""
    shown = rounded(value, decimals)
    return str(number_format(shown + 0, decimals, use_l10n=True, force_grouping=True))


@register.filter(name="bare")
def _bare(value: Any) -> str:
    """An end of a scale, or a goal: as many decimals as it has, no trailing noughts."""
    exact = Decimal(str(value)).normalize()
    exponent = exact.as_tuple().exponent
    return localised(exact, max(0, -exponent) if isinstance(exponent, int) else 0)


@register.filter(name="figure")
def figure_text(value: Any) -> str:
    """A figure as it is printed: “94 %”, “84.6 %”, “30” for an NPS, “–” where there is none.

    Takes a figure of the scoreboard, which knows its decimals, or a bare number, which is rounded to
    a whole one.
    """
    if value is None:
        return "–"
    if not hasattr(value, "verdict"):
        return localised(value)
    return value.value_text if charts.is_shown(value) else "–"


@register.filter
def goal(figure: Any) -> str:
    """The goal as it is printed beside a figure, without a unit: “90”, “4.5”."""
    return "–" if figure.goal is None else _bare(figure.goal)


@register.filter
def interval(figure: Any) -> str:
    """“91 to 96”; “all cases” for a full count; nothing where there is no figure."""
    return figure.interval_text if charts.is_shown(figure) else ""


@register.filter
def interval_low(figure: Any) -> str:
    return localised(figure.low, figure.bound_decimals)


@register.filter
def interval_high(figure: Any) -> str:
    return localised(figure.high, figure.bound_decimals)


@register.filter
def answers(figure: Any) -> str:
    """How many answers, or cases, stand behind the figure: “300 answers”, “1,305 cases”."""
    n = localised(figure.n)
    if figure.measure.method == "rate":
        return f"{n} {figure.measure.exposure}"
    if figure.measure.method == "count":
        return ngettext("%(n)s result", "%(n)s results", figure.n) % {"n": n}
    if figure.measure.source != "answers":
        return ngettext("%(n)s case", "%(n)s cases", figure.n) % {"n": n}
    return ngettext("%(n)s answer", "%(n)s answers", figure.n) % {"n": n}


@register.filter
def duration(taken: timedelta | None) -> str:
    """“2 days, 3 hours”, “1 hour, 5 minutes”, “20 days”: whole units, cut, not rounded; a dash for none."""
    if taken is None:
        return "–"
    hours, minutes = divmod(int(taken.total_seconds()) // 60, 60)
    days, hours = divmod(hours, 24)
    found = [
        (days, ngettext("%(many)s day", "%(many)s days", days)),
        (hours, ngettext("%(many)s hour", "%(many)s hours", hours) if days < 10 else ""),
        (minutes, ngettext("%(many)s minute", "%(many)s minutes", minutes) if not days else ""),
    ]
    said = [words % {"many": localised(many)} for many, words in found if many and words]
    return ", ".join(said) or _("under a minute")


@register.filter
def answers_of(figure: Any) -> str:
    """“282 of 300”: how many of how many."""
    return _("%(count)s of %(n)s") % {"count": localised(figure.high_count), "n": localised(figure.n)}


@register.filter
def unbroken(text: str) -> str:
    """The text with short hyphenated words (“e-mail”) kept on one line."""
    parts = re.split(r"(\b\w{1,2}-\w+)", text)
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


@register.filter
def verdict_words(figure: Any) -> str:
    return str(VERDICTS[figure.verdict])


@register.filter
def verdict_class(figure: Any) -> str:
    """The colour class of a verdict: met, missed, unsure, none."""
    return charts.CLASSES[figure.verdict]


# ----------------------------------------------------------------- graphics


def summary(figure: Any, *, public: bool = False) -> str:
    """The strip in words, for those who do not see it; in public without the verdict."""
    parts = []
    if charts.is_shown(figure):
        parts.append(figure_text(figure))
        if not figure.is_full_count and figure.low is not None:
            parts.append(_("between %(interval)s") % {"interval": interval(figure)})
    if figure.goal is not None:
        parts.append(_("goal %(goal)s") % {"goal": goal(figure)})
    if not public:
        parts.append(verdict_words(figure))
    return ", ".join(parts) or _("No figure yet")


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
        "low": _bare(figure.scale_low),
        "high": _bare(figure.scale_high),
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
        words += "; " + _("goal %(goal)s") % {"goal": _bare(goal_value)}
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


# -------------------------------------------------------------- plain words


# What was counted, by the kind of figure; {lead} is the number in bold.
COUNTED = {
    "yes": gettext_lazy("{lead} said yes"),
    "good": gettext_lazy("{lead} said good or very good"),
    "best": gettext_lazy("{lead} gave one of the best marks"),
    "easy": gettext_lazy("{lead} found it easy"),
    "kept": gettext_lazy("{lead} times we kept it"),
    "nps": gettext_lazy(
        "{lead} on a scale from {low} to {high}: those who would recommend us, less those who would not,"
        " from {answers}"
    ),
    "number": gettext_lazy("{lead} {counted}"),
    "points": gettext_lazy("{lead} on a scale from {low} to {high}, from {answers}"),
}


KINDS = {
    "top_box": "best",
    "ces": "easy",
    "share_met": "kept",
    "nps": "nps",
    "count": "number",
    "rate": "number",
}


@register.inclusion_tag("common/_plain_figure.html")
def plain_figure(figure: Any) -> dict[str, Any]:
    """The figure as the public reads it: “282 of 300 said yes; our goal is 90 in 100.”"""
    return {"words": _plain(figure)}


def plain_words(figure: Any) -> str:
    """The same sentence without markup, for documents and data."""
    return html.unescape(strip_tags(_plain(figure)))


def _plain(figure: Any) -> str:
    if charts.is_shown(figure):
        return _sentence(figure)
    so_far = _("%(answers)s so far, too few for a figure.") % {"answers": answers(figure)}
    return str(figure.hidden_reason or so_far)


def _sentence(figure: Any) -> str:
    kind = _kind(figure)
    lead = figure.value_text if kind in ("nps", "points", "number") else answers_of(figure)
    counted = format_html(
        str(COUNTED[kind]),
        lead=format_html("<b>{}</b>", lead),
        low=_bare(figure.scale_low),
        high=_bare(figure.scale_high),
        answers=answers(figure),
        counted=figure.measure.unit_words if kind == "number" else "",
    )
    if figure.goal is None:
        return format_html(_("{counted}."), counted=counted)
    return format_html(_("{counted}; {goal}."), counted=counted, goal=_goal_phrase(figure))


def _goal_phrase(figure: Any) -> str:
    lower = figure.measure.direction == "lower"
    if figure.measure.method == "count":
        words = _("our goal is at most %(goal)s") if lower else _("our goal is %(goal)s")
        in_months = ngettext("%(goal)s in a month", "%(goal)s in %(months)d months", figure.goal_months)
        return in_months % {"goal": words % {"goal": goal(figure)}, "months": figure.goal_months}
    if figure.is_share and figure.n != 100:
        words = _("our goal is at most %(goal)s in 100") if lower else _("our goal is %(goal)s in 100")
    else:
        words = _("our goal is at most %(goal)s") if lower else _("our goal is %(goal)s")
    return words % {"goal": goal(figure)}


@register.inclusion_tag("common/_how_sure.html")
def how_sure(figure: Any) -> dict[str, Any]:
    """The interval in a sentence, and what it does not cover."""
    return {"figure": figure, "shown": charts.is_shown(figure)}


def _kind(figure: Any) -> str:
    """Which sentence fits the figure."""
    method = figure.measure.method
    if method == "top_box" and figure.measure.scale_low == 0 and figure.measure.scale_high == 1:
        return "yes"
    if method == "top_box" and figure.measure.scale_high - figure.measure.scale_low == 4:
        return "good"
    return KINDS.get(method, "points")


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
    """The main navigation for this reader; the room that the page's address belongs to is current."""
    match = context["request"].resolver_match
    room = match.namespace if match else ""
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
