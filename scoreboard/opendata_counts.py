"""The answers that each unit got itself, by month and quarter: what published results are pooled from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from charter.models import Measure
from common.period import Period, add_months
from common.sources import Counts, answer_sources, totals_sources
from scoreboard import pooling
from scoreboard.colleagues import answered_by_employees, counted_blocks
from scoreboard.models import MonthlyTally
from scoreboard.withholding import Family

_SUMS = ("n", "total", "squares", "high", "low", "na")


@dataclass
class Own:
    """Counts of units without what stands below them. `cells` is (measure, series) → period → unit."""

    placements: pooling.Placements
    cells: dict[tuple[int, int], dict[Period, dict[int, Counts]]] = field(default_factory=dict)

    def add(self, measure: int, series: int, period: Period, unit: int, counts: Counts) -> None:
        by_unit = self.cells.setdefault((measure, series), {}).setdefault(period, {})
        by_unit.setdefault(unit, Counts()).add(counts)

    def series_of(self, measure: int, period: Period) -> list[int]:
        """The series of a measure that hold anything in the period. They are never pooled."""
        return sorted(
            series for (key, series), found in self.cells.items() if key == measure and period in found
        )

    def below(self, measure: int, series: int, period: Period, top: int) -> dict[int, Counts]:
        """What the units that stood in the subtree of `top` got, each month by that month's tree."""
        found = self.cells.get((measure, series), {}).get(period, {})
        if not self.placements.moves_inside(period):
            inside = self.placements.tree_on(period.start).subtree(top)
            return {unit: counts for unit, counts in found.items() if unit in inside}
        summed: dict[int, Counts] = {}
        for month in period.month_starts():
            for unit, counts in self.below(measure, series, Period.months(month, 1), top).items():
                summed.setdefault(unit, Counts()).add(counts)
        return summed


def own_counts(
    measures: Sequence[Measure], quarters: Sequence[Period], placements: pooling.Placements
) -> Own:
    """Read once for all measures and units."""
    own = Own(placements)
    if quarters and measures:
        blocked = answered_by_employees(measures)
        _add_tallies(own, [measure for measure in measures if measure not in blocked], quarters)
        _add_blocks(own, blocked, quarters)
        _add_totals(own, measures, quarters)
    return own


def _add_tallies(own: Own, measures: Sequence[Measure], quarters: Sequence[Period]) -> None:
    tallied = [measure.pk for measure in measures if measure.source in answer_sources()]
    rows = MonthlyTally.objects.filter(
        measure__in=tallied, month__gte=quarters[0].start, month__lt=quarters[-1].end
    )
    by_start = {quarter.start: quarter for quarter in quarters}
    for row in rows.values("measure_id", "series", "month", "unit_id", *_SUMS).iterator():
        month = row["month"]
        counts = Counts(**{name: row[name] for name in _SUMS})
        quarter = by_start[add_months(month, -((month.month - 1) % 3))]
        for period in (Period.months(month, 1), quarter):
            own.add(row["measure_id"], row["series"], period, row["unit_id"], counts)


def _add_blocks(own: Own, measures: Sequence[Measure], quarters: Sequence[Period]) -> None:
    """Answers of employees: each block that lies in a month or quarter, in the unit that it was made in, so
    that the files are sums of the same blocks as the scoreboard."""
    periods = [Period.months(month, 1) for quarter in quarters for month in quarter.month_starts()]
    for each in counted_blocks(measures, quarters[0].start, quarters[-1].end):
        for period in [*quarters, *periods]:
            if period.start <= each.block.first and each.block.last < period.end:
                own.add(each.block.measure, each.block.series, period, each.block.home, each.counts)


def _add_totals(own: Own, measures: Sequence[Measure], quarters: Sequence[Period]) -> None:
    """A recorded result may span more than a month: quarters are asked for themselves."""
    months = [Period.months(month, 1) for quarter in quarters for month in quarter.month_starts()]
    units = list(own.placements.tree_on(quarters[-1].end).parents)
    for kind, source in totals_sources().items():
        wanted = [measure.pk for measure in measures if measure.source == kind]
        for period in [*quarters, *months] if wanted else []:
            _add_period(own, period, source.pooled_by_unit(wanted, units, period.start, period.end))


def _add_period(own: Own, period: Period, by_unit: Mapping[int, pooling.Pool]) -> None:
    for unit, pool in by_unit.items():
        for measure, by_series in pool.items():
            for series, counts in by_series.items():
                own.add(measure, series, period, unit, counts)


def counted_in(family: Family, own: Mapping[int, Counts]) -> dict[int, Counts]:
    """Each unit's counts with those of everything below it."""
    if not family.children:
        return {family.top: _sum(own.values())}
    found: dict[int, Counts] = {}
    for unit in reversed(family.units()):
        below = [found[child] for child in family.children.get(unit, ())]
        found[unit] = _sum([own.get(unit, Counts()), *below])
    return found


def _sum(parts: Iterable[Counts]) -> Counts:
    found = Counts()
    for part in parts:
        found.add(part)
    return found


def sums_of(counts: Counts) -> dict[str, float]:
    """What is kept of counts beside a published figure; `Counts` takes them back."""
    return {name: getattr(counts, name) for name in _SUMS}
