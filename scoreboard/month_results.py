"""Recorded results by whole months in a period that cuts months: only the whole months inside count."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from charter.models import Measure, RecordedResult
from common.period import Period, add_months
from scoreboard.pooling import Span


class Covering(Protocol):
    """What the words need to know of a figure."""

    @property
    def is_by_month(self) -> bool: ...

    @property
    def period(self) -> Period: ...


def by_month(measures: Sequence[Measure], period: Period, spans: Iterable[Span]) -> set[int]:
    """Primary keys of the measures all of whose results that touch the period span whole months, where the
    period cuts months. One query, and none where there is nothing to ask."""
    recorded = [each.pk for each in measures if each.source == Measure.Source.RESULTS]
    if period.whole_months or not recorded:
        return set()
    units = frozenset[int]().union(*(span.units for span in spans))
    results = RecordedResult.objects.countable().filter(
        measure__in=recorded, unit__in=units, start__lt=period.end, end__gt=period.start
    )
    spread: dict[int, bool] = {}
    for measure, start, end in results.order_by().values_list("measure", "start", "end").distinct():
        spread[measure] = spread.get(measure, True) and start.day == end.day == 1
    return {measure for measure, is_whole in spread.items() if is_whole}


def months_inside(period: Period, most: int | None = None) -> Period | None:
    """The whole months inside a period, or the last `most` of them; None where there are fewer, or none."""
    months: list[date] = list(period.month_starts())
    if not months or (most is not None and len(months) < most):
        return None
    first = months[0] if most is None else months[-most]
    return Period(first, add_months(months[-1], 1))


def coverage_words(figure: Covering) -> str:
    """“Covers April 2026: results of this measure are by month.”; nothing where the whole period counts."""
    if not figure.is_by_month:
        return ""
    if not figure.period.whole_months:
        return _("No whole month lies in this period, and results of this measure are by month.")
    return _("Covers %(months)s only: results of this measure are by month.") % {"months": figure.period}
