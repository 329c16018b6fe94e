"""Pools the counts behind figures: subtrees by each month's placement, months before days.

Whole months are read from `MonthlyTally`, the days of part months from `DailyTally`, totals from their
registered sources, and answers of employees from blocks (`scoreboard.colleagues`). The number of queries
does not depend on how many measures or units are asked for; it grows only with the moves of units inside
the period, and with the surveys of employees.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Q, Sum

from charter.models import Measure
from common.period import Period, add_months
from common.sources import Counts, answer_sources, totals_sources
from organisation.models import Tree, UnitPlacement
from scoreboard.colleagues import Counted, answered_by_employees, counted_blocks, inside
from scoreboard.models import DailyTally, MonthlyTally

BySeries = dict[int, Counts]
Pool = dict[int, BySeries]
"""Measure → series → counts."""

_SUMS = ("n", "total", "squares", "high", "low", "na")


@dataclass(frozen=True)
class Span:
    """Days `[start, end)` during which these units stood in the subtree."""

    start: date
    end: date
    units: frozenset[int]

    def whole_months(self) -> tuple[date, date] | None:
        """The first days of the first whole month and of the month after the last one."""
        first = self.start if self.start.day == 1 else add_months(self.start, 1)
        last = self.end.replace(day=1)
        return (first, last) if first < last else None

    def loose_days(self) -> Iterator[tuple[date, date]]:
        """The days outside the whole months, as half-open ranges."""
        months = self.whole_months()
        if months is None:
            yield self.start, self.end
            return
        if self.start < months[0]:
            yield self.start, months[0]
        if months[1] < self.end:
            yield months[1], self.end


class Placements:
    """All placements of units, with the tree of any day; each state of the tree is built once."""

    def __init__(self, rows: Sequence[UnitPlacement]) -> None:
        self._rows = rows
        self._moves = sorted({each.starts_on for each in rows})
        self._trees: dict[int, Tree] = {}

    @classmethod
    def read(cls) -> "Placements":
        return cls(list(UnitPlacement.objects.all()))

    def moves_inside(self, period: Period) -> list[date]:
        """The days on which a unit moved, after the period's first day."""
        return [day for day in self._moves if period.start < day < period.end]

    def tree_on(self, day: date) -> Tree:
        state = bisect_right(self._moves, day)
        if state not in self._trees:
            self._trees[state] = Tree.from_placements(self._rows, day)
        return self._trees[state]


def spans_of(unit_id: int, period: Period, placements: Placements) -> list[Span]:
    """The subtree of a unit over a period, each month by that month's placement.

    Units that stood below it for the same days share a span; without moves there is one span.
    """
    runs: dict[int, list[tuple[date, date]]] = {}
    for start, end in pairwise([period.start, *placements.moves_inside(period), period.end]):
        for member in placements.tree_on(start).subtree(unit_id):
            own = runs.setdefault(member, [])
            if own and own[-1][1] == start:
                own[-1] = (own[-1][0], end)
            else:
                own.append((start, end))
    members: dict[tuple[date, date], set[int]] = {}
    for member, stays in runs.items():
        for stay in stays:
            members.setdefault(stay, set()).add(member)
    return [Span(*stay, frozenset(units)) for stay, units in sorted(members.items())]


def pool(measures: Sequence[Measure], spans: Sequence[Span]) -> Pool:
    """The counts of measures over spans, from tallies and from totals sources."""
    found: Pool = {}
    single, blocks = _split(measures, spans)
    for row in [*_month_rows(single, spans), *_day_rows(single, spans)]:
        _add(found, row)
    _add_blocks(found, blocks, spans)
    _add_totals(found, measures, spans)
    return found


def pool_by_month(measures: Sequence[Measure], spans: Sequence[Span]) -> dict[date, Pool]:
    """First day of each whole month inside the spans → its pool; months without anything are absent."""
    found: dict[date, Pool] = {}
    single, blocks = _split(measures, spans)
    for row in _month_rows(single, spans, "month"):
        _add(found.setdefault(row["month"], {}), row)
    _add_blocks_by_month(found, blocks, spans)
    for kind, source in totals_sources().items():
        wanted = [measure.pk for measure in measures if measure.source == kind]
        for span in spans if wanted else []:
            by_month = source.pooled_by_month(wanted, span.units, span.start, span.end)
            for month, pooled in by_month.items():
                _add_pool(found.setdefault(month, {}), pooled)
    return found


def pool_by_day(measures: Sequence[Measure], spans: Sequence[Span]) -> dict[date, Pool]:
    """Day → its pool, of measures that customers' answers feed; days without anything are absent."""
    wanted = Q(pk__in=[])
    for span in spans:
        wanted |= Q(day__gte=span.start, day__lt=span.end, unit__in=span.units)
    found: dict[date, Pool] = {}
    for row in _sums(DailyTally.objects.filter(wanted), measures, ("day",)):
        _add(found.setdefault(row["day"], {}), row)
    return found


def pool_by_unit(measures: Sequence[Measure], spans_by_unit: dict[int, list[Span]]) -> dict[int, Pool]:
    """Each unit's pool over its own spans; a unit may stand in the subtrees of several of them."""
    stays: dict[int, list[tuple[Span, int]]] = {}
    for owner, spans in spans_by_unit.items():
        for span in spans:
            for member in span.units:
                stays.setdefault(member, []).append((span, owner))
    every = _merged(span for spans in spans_by_unit.values() for span in spans)
    found: dict[int, Pool] = {owner: {} for owner in spans_by_unit}
    single, blocks = _split(measures, every)
    rows = [
        *_month_rows(single, every, "unit_id", "month"),
        *_day_rows(single, every, "unit_id", "day"),
    ]
    for owner, spans in spans_by_unit.items() if blocks else ():
        _add_blocks(found[owner], blocks, spans)
    for row in rows:
        on = row["month"] if "month" in row else row["day"]
        for span, owner in stays[row["unit_id"]]:
            if span.start <= on < span.end:
                _add(found[owner], row)
    _add_totals_by_unit(found, measures, every, stays)
    return found


def _add_totals_by_unit(
    found: dict[int, Pool],
    measures: Sequence[Measure],
    every: Sequence[Span],
    stays: dict[int, list[tuple[Span, int]]],
) -> None:
    """The totals of each unit go to every owner of the span that they were read for."""
    for kind, source in totals_sources().items():
        wanted = [measure.pk for measure in measures if measure.source == kind]
        for merged in every if wanted else []:
            by_unit = source.pooled_by_unit(wanted, merged.units, merged.start, merged.end)
            for member, pooled in by_unit.items():
                for span, owner in stays[member]:
                    if (span.start, span.end) == (merged.start, merged.end):
                        _add_pool(found[owner], pooled)


def with_values(measure: Measure, spans: Sequence[Span]) -> BySeries:
    """The counts of one measure by series, with the answers by value."""
    found: BySeries = {}
    single, blocks = _split([measure], spans)
    for each in inside(blocks, _stays(spans)):
        found.setdefault(each.block.series, Counts()).add(each.counts)
    if not single:
        return found
    tallies = [
        *MonthlyTally.objects.filter(_months(spans), measure=measure),
        *DailyTally.objects.filter(_days(spans), measure=measure),
    ]
    for tally in tallies:
        sums = {name: getattr(tally, name) for name in _SUMS}
        values = {int(value): count for value, count in tally.values.items()}
        found.setdefault(tally.series, Counts()).add(Counts(**sums, values=values))
    return found


def _split(measures: Sequence[Measure], spans: Sequence[Span]) -> tuple[list[Measure], list[Counted]]:
    """The measures whose answers are counted one by one, and the blocks of the others."""
    blocked = answered_by_employees(measures)
    keys = {measure.pk for measure in blocked}
    single = [measure for measure in measures if measure.pk not in keys]
    if not blocked or not spans:
        return single, []
    first, end = min(span.start for span in spans), max(span.end for span in spans)
    return single, counted_blocks(blocked, first, end)


def _stays(spans: Sequence[Span]) -> list[tuple[frozenset[int], date, date]]:
    return [(span.units, span.start, span.end) for span in spans]


def _add_blocks(found: Pool, blocks: Sequence[Counted], spans: Sequence[Span]) -> None:
    for each in inside(blocks, _stays(spans)):
        by_series = found.setdefault(each.block.measure, {})
        by_series.setdefault(each.block.series, Counts()).add(each.counts)


def _add_blocks_by_month(found: dict[date, Pool], blocks: Sequence[Counted], spans: Sequence[Span]) -> None:
    """A block that spans two months is in neither."""
    for each in inside(blocks, _stays(spans)):
        month = each.block.first.replace(day=1)
        if each.block.last < add_months(month, 1):
            by_series = found.setdefault(month, {}).setdefault(each.block.measure, {})
            by_series.setdefault(each.block.series, Counts()).add(each.counts)


def newest(by_series: BySeries) -> tuple[int, Counts] | None:
    """The newest series that has answers, else the newest there is; series are never pooled."""
    if not by_series:
        return None
    series = max(by_series, key=lambda each: (by_series[each].n > 0, each))
    return series, by_series[series]


def _add(found: Pool, row: dict[str, Any]) -> None:
    counts = Counts(**{name: row[f"{name}_sum"] for name in _SUMS})
    found.setdefault(row["measure_id"], {}).setdefault(row["series"], Counts()).add(counts)


def _add_totals(found: Pool, measures: Sequence[Measure], spans: Sequence[Span]) -> None:
    for kind, source in totals_sources().items():
        wanted = [measure.pk for measure in measures if measure.source == kind]
        if not wanted:
            continue
        for span in spans:
            _add_pool(found, source.pooled(wanted, span.units, span.start, span.end))


def _add_pool(found: Pool, pooled: Pool) -> None:
    for measure_id, by_series in pooled.items():
        for series, counts in by_series.items():
            found.setdefault(measure_id, {}).setdefault(series, Counts()).add(counts)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans with those of the same days made one."""
    members: dict[tuple[date, date], set[int]] = {}
    for span in spans:
        members.setdefault((span.start, span.end), set()).update(span.units)
    return [Span(*days, frozenset(units)) for days, units in members.items()]


def _months(spans: Sequence[Span]) -> Q:
    """The monthly tallies that the spans hold whole; none where they hold none."""
    wanted = Q(pk__in=[])
    for span in spans:
        months = span.whole_months()
        if months:
            wanted |= Q(month__gte=months[0], month__lt=months[1], unit__in=span.units)
    return wanted


def _days(spans: Sequence[Span]) -> Q:
    """The daily tallies of the days outside the spans' whole months; none where there are none."""
    wanted = Q(pk__in=[])
    for span in spans:
        for start, end in span.loose_days():
            wanted |= Q(day__gte=start, day__lt=end, unit__in=span.units)
    return wanted


def _month_rows(measures: Sequence[Measure], spans: Sequence[Span], *by: str) -> Iterable[dict[str, Any]]:
    return _sums(MonthlyTally.objects.filter(_months(spans)), measures, by)


def _day_rows(measures: Sequence[Measure], spans: Sequence[Span], *by: str) -> Iterable[dict[str, Any]]:
    return _sums(DailyTally.objects.filter(_days(spans)), measures, by)


def _sums(tallies: Any, measures: Sequence[Measure], by: Sequence[str]) -> Iterable[dict[str, Any]]:
    tallied = [measure.pk for measure in measures if measure.source in answer_sources()]
    sums = {f"{name}_sum": Sum(name) for name in _SUMS}
    return tallies.filter(measure__in=tallied).values("measure_id", "series", *by).annotate(**sums).order_by()
