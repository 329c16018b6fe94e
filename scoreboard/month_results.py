"""Recorded results by whole months in a period that cuts months: only the whole months inside count."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from charter.models import Measure, RecordedResult
from common.period import Period, add_months
from scoreboard.pooling import Placements, Pool, Span, pool, spans_of


class Covering(Protocol):
    """What the words need to know of a figure."""

    @property
    def is_by_month(self) -> bool: ...

    @property
    def period(self) -> Period: ...


def by_month(measures: Sequence[Measure], period: Period, spans: Iterable[Span]) -> dict[int, Period]:
    """By primary key, where the period cuts months: the measures whose results that touch it are by month,
    with the whole months inside (the period itself where there are none). By month are results that all
    begin on the first of one; that of the running month may end before the month does. One query, and none
    where there is nothing to ask.
    """
    recorded = [each.pk for each in measures if each.source == Measure.Source.RESULTS]
    if period.whole_months or not recorded:
        return {}
    units = frozenset[int]().union(*(span.units for span in spans))
    results = RecordedResult.objects.countable().filter(
        measure__in=recorded, unit__in=units, start__lt=period.end, end__gt=period.start
    )
    days: dict[int, list[tuple[date, date]]] = {}
    for measure, start, end in results.order_by().values_list("measure", "start", "end").distinct():
        days.setdefault(measure, []).append((start, end))
    whole = months_inside(period) or period
    return {measure: whole for measure, spread in days.items() if _are_months(spread)}


def _are_months(spread: list[tuple[date, date]]) -> bool:
    return all(start.day == 1 for start, _end in spread) and any(end.day == 1 for _start, end in spread)


def pool_whole(measures: Sequence[Measure], months: dict[int, Period], unit: int, at: Placements) -> Pool:
    """The counts of those measures over the whole months only; nothing where there is none."""
    found: Pool = {measure: {} for measure in months}
    for period in {each for each in months.values() if each.whole_months}:
        wanted = [measure for measure in measures if months.get(measure.pk) == period]
        found |= pool(wanted, spans_of(unit, period, at))
    return found


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
