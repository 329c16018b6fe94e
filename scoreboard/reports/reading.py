"""A snapshot read again: its rows with what the strip needs, and where today's figures differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charter.models import Measure
from common.figure_words import VERDICTS, localised
from common.figure_words import answers as counted_words
from scoreboard.figures import Figure, figures_for
from scoreboard.models import Report, ReportComment
from scoreboard.scores import TOO_FEW

VERDICT_ORDER = ("met", "not_met", "unsure")


@dataclass(frozen=True)
class FrozenFigure:
    """A figure as a report printed it, in the shape that strip and verdict are drawn from."""

    scale_low: float
    scale_high: float
    value: float | None
    low: float | None
    high: float | None
    goal: Decimal | None
    verdict: str
    is_full_count: bool
    value_text: str
    interval_text: str
    hidden_reason: str = ""


@dataclass(frozen=True)
class Row:
    """One measure of a report; `today` says in words where its figure is another one by now."""

    content: Mapping[str, Any]
    figure: FrozenFigure
    today: str = ""

    @property
    def printed(self) -> Mapping[str, Any]:
        return self.content["printed"]


def rows_of(content: Mapping[str, Any], today: Mapping[str, str] | None = None) -> list[Row]:
    """`today` is measure's key → words, as `differences` gives them."""
    return [Row(each, _figure(each), (today or {}).get(each["key"], "")) for each in content["measures"]]


def _figure(row: Mapping[str, Any]) -> FrozenFigure:
    return FrozenFigure(
        scale_low=row["scale"][0],
        scale_high=row["scale"][1],
        value=row["value"],
        low=row["low"],
        high=row["high"],
        goal=None if row["goal"] is None else Decimal(str(row["goal"])),
        verdict=row["verdict"],
        is_full_count=row["is_full_count"],
        value_text=row["printed"]["value"],
        interval_text=row["printed"]["interval"],
    )


def differences(report: Report, content: Mapping[str, Any], today: date) -> dict[str, str]:
    """Measure's key → today's figure in words, where it is not the one that was printed."""
    frozen = {row["key"]: row for row in content["measures"]}
    measures = list(Measure.objects.filter(key__in=frozen).select_related("standard__charter"))
    now = figures_for(measures, report.unit, report.period, today=min(today, report.period.last_day))
    return {
        figure.measure.key: _now(figure)
        for figure in now.values()
        if _numbers(figure) != tuple(frozen[figure.measure.key][name] for name in ("n", "value"))
    }


def _numbers(figure: Figure) -> tuple[int, float | None]:
    return figure.n, figure.value


def _now(figure: Figure) -> str:
    counted = counted_words(figure)
    if figure.verdict == TOO_FEW or figure.value is None:
        return _("Today: %(counted)s.") % {"counted": counted}
    return _("Today: %(value)s from %(counted)s.") % {"value": figure.value_text, "counted": counted}


def sums_of(content: Mapping[str, Any]) -> dict[str, int]:
    """How many measures have each verdict; `without` has none yet."""
    counted = {name: content["verdicts"].get(name, 0) for name in VERDICT_ORDER}
    return counted | {"without": len(content["measures"]) - sum(counted.values())}


def comments_of(report: Report) -> list[ReportComment]:
    """The chosen comments that may still be read: none whose card was erased or deleted since."""
    found = report.comments.exclude(text="").filter(
        response__erased_at__isnull=True, response__deleted_at__isnull=True, response__is_spam=False
    )
    return list(found.select_related("response__unit"))


def citation_of(report: Report, content: Mapping[str, Any]) -> str:
    """How to name the report elsewhere."""
    named = dict.fromkeys([content["organisation"], content["unit"]["name"]])
    return _("%(of)s: %(kind)s %(period)s, made %(day)s, %(reference)s, %(address)s") % {
        "of": ", ".join(named),
        "kind": report.get_kind_display().lower(),
        "period": content["period"]["words"],
        "day": content["made_on"],
        "reference": report.reference,
        "address": f"{settings.BASE_URL}{report.get_absolute_url()}",
    }


def summary_of(content: Mapping[str, Any]) -> str:
    """The first sentence of the report."""
    sums = sums_of(content)
    total = len(content["measures"])
    if not total:
        return _("No standard was measured here in this period.")
    words = {**VERDICTS, "without": _("without a verdict")}
    parts = [f"{localised(count)} {words[name]}" for name, count in sums.items() if count]
    said = ngettext("Of %(total)d measure: %(parts)s.", "Of %(total)d measures: %(parts)s.", total)
    return said % {"total": total, "parts": ", ".join(parts)}
