"""Figures in words: numbers as they are printed, and the sentence that the public reads."""

import html
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.html import format_html, strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import charts

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


def rounded(value: Any, decimals: int) -> Decimal:
    """Half up, as people round; for display only."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def localised(value: Any, decimals: int = 0) -> str:
    """The number in the reader's language, rounded half up, thousands grouped."""
    shown = rounded(value, decimals)
    return str(number_format(shown + 0, decimals, use_l10n=True, force_grouping=True))


def bare(value: Any) -> str:
    """An end of a scale, or a goal: as many decimals as it has, no trailing noughts."""
    exact = Decimal(str(value)).normalize()
    exponent = exact.as_tuple().exponent
    return localised(exact, max(0, -exponent) if isinstance(exponent, int) else 0)


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


def goal(figure: Any) -> str:
    """The goal as it is printed beside a figure, without a unit: “90”, “4.5”."""
    return "–" if figure.goal is None else bare(figure.goal)


def interval(figure: Any) -> str:
    """“91 to 96”; “all cases” for a full count; nothing where there is no figure."""
    return figure.interval_text if charts.is_shown(figure) else ""


def interval_low(figure: Any) -> str:
    return localised(figure.low, figure.bound_decimals)


def interval_high(figure: Any) -> str:
    return localised(figure.high, figure.bound_decimals)


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


def answers_of(figure: Any) -> str:
    """“282 of 300”: how many of how many."""
    return _("%(count)s of %(n)s") % {"count": localised(figure.high_count), "n": localised(figure.n)}


def verdict_words(figure: Any) -> str:
    return str(VERDICTS[figure.verdict])


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


def plain_words(figure: Any) -> str:
    """The same sentence without markup, for documents and data."""
    return html.unescape(strip_tags(plain_sentence(figure)))


def plain_sentence(figure: Any) -> str:
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
        low=bare(figure.scale_low),
        high=bare(figure.scale_high),
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


def _kind(figure: Any) -> str:
    """Which sentence fits the figure."""
    method = figure.measure.method
    if method == "top_box" and figure.measure.scale_low == 0 and figure.measure.scale_high == 1:
        return "yes"
    if method == "top_box" and figure.measure.scale_high - figure.measure.scale_low == 4:
        return "good"
    return KINDS.get(method, "points")
