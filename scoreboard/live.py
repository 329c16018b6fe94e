"""The figures of the public page: what is published already, and whole steps of what is not yet.

Anyone may take the published results (`opendata`) away from the figure of the page, and the figure of
yesterday from that of today. What is left must not be a figure of few answers. So the figure is a sum of
published results, as they were published, and of *steps* of quarters that are not published: their days in
order from the quarter's first one up to yesterday, put together until they hold at least the minimum.
What is left over waits until it is enough. A step does not depend on the day that the page is read on;
it comes and, when the last of its days is over three months ago, goes as a whole. So the figure moves by the
minimum or more.

Results stay with the edition in force on the day of service: a figure is held against a goal only where
all of its days lie under it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from charter.models import Goal, Measure
from common.period import Period, add_months
from common.sources import Counts, answer_sources
from organisation.models import Unit
from scoreboard import pooling
from scoreboard.colleagues import answered_by_employees
from scoreboard.figures import Figure, make_figure
from scoreboard.models import PublishedResult
from scoreboard.pooling import BySeries, Placements
from scoreboard.settled import is_settled

MONTHS_SHOWN = 3
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """The answers of some days `[start, end)`."""

    start: date
    end: date
    counts: Counts


@dataclass
class Shown:
    """Of one series: pieces that may be shown each by itself, in order, and what waits for more answers."""

    pieces: list[Piece]
    waiting: Counts

    def since(self, day: date) -> "Shown":
        """Without what has begun before a day."""
        return Shown([each for each in self.pieces if each.start >= day], self.waiting)


BySeriesShown = dict[int, Shown]


def steps_of(days: Iterable[Piece], minimum: int) -> Shown:
    """The days of one quarter in order, put together; what waits holds less than the minimum."""
    found, waiting, start = [], Counts(), None
    for day in days:
        start = start or day.start
        waiting.add(day.counts)
        if waiting.n >= minimum:
            found.append(Piece(start, day.end, waiting))
            waiting, start = Counts(), None
    return Shown(found, waiting)


def live_figures(
    measures: Sequence[Measure],
    unit: Unit,
    today: date,
    *,
    goals: Mapping[int, Goal | None],
    since: Mapping[int, date],
) -> dict[int, Figure]:
    """The public figure of each measure of a unit's charter, by the measure's primary key.

    They are over the last three months up to yesterday; where a quarter or a step begins earlier, over all
    of that one: the figure's own period says so. `since` has the first day of the present goal, where
    another one stood before: from then on the figure is held against it, and until there are enough
    answers the figure of all three months against none. The number of queries does not depend on how many
    measures there are.
    """
    live = _Live(unit, today, Period.months(today, MONTHS_SHOWN), Placements.read(), since)
    full = [measure for measure in measures if measure.is_full_count]
    samples = [measure for measure in measures if not measure.is_full_count]
    found = live.full_counts(full, goals)
    shown = live.shown(samples)
    for measure in samples:
        found[measure.pk] = live.figure(measure, shown[measure.pk], goals[measure.pk])
    return found


@dataclass
class _Live:
    unit: Unit
    today: date
    window: Period
    placements: Placements
    since: Mapping[int, date]

    def judged_since(self, measure: Measure) -> date | None:
        """The first day inside the window that the goal holds on, where that is not all of it. The goal of
        a count is that of a month: it begins with a whole one."""
        day = self.since.get(measure.pk)
        if day is None or day <= self.window.start:
            return None
        if measure.method == Measure.Method.COUNT and day.day > 1:
            day = add_months(day, 1)
        return day

    def spans(self, period: Period) -> list[pooling.Span]:
        return pooling.spans_of(self.unit.pk, period, self.placements)

    def full_counts(self, measures: Sequence[Measure], goals: Mapping[int, Goal | None]) -> dict[int, Figure]:
        """Every case is counted, and all of it is published: there is nothing to hold back."""
        later: dict[date, list[Measure]] = {}
        for measure in measures:
            day = self.judged_since(measure)
            if day is not None and day < self.window.end:
                later.setdefault(day, []).append(measure)
        found: dict[int, Figure] = {}
        for day, some in later.items():
            found |= self._full(some, Period(day, self.window.end), goals)
        rest = [measure for measure in measures if measure.pk not in found or not found[measure.pk].n]
        held = {each.pk: None if self.judged_since(each) else goals[each.pk] for each in rest}
        return found | self._full(rest, self.window, held)

    def _full(
        self, measures: Sequence[Measure], period: Period, goals: Mapping[int, Goal | None]
    ) -> dict[int, Figure]:
        pooled = pooling.pool(measures, self.spans(period)) if measures else {}
        return {
            each.pk: make_figure(
                each, self.unit, period, pooled.get(each.pk, {}), goals[each.pk], public=True
            )
            for each in measures
        }

    def figure(self, measure: Measure, shown: BySeriesShown, goal: Goal | None) -> Figure:
        since = self.judged_since(measure)
        if since is None:
            return self._of(measure, shown, self.window, goal)
        own = {series: found.since(since) for series, found in shown.items()}
        figure = self._of(measure, own, Period(since, self.window.end), goal)
        if figure.value is not None or own == shown:
            return figure
        return self._of(measure, shown, self.window, None)

    def _of(self, measure: Measure, shown: BySeriesShown, period: Period, goal: Goal | None) -> Figure:
        """Of what is shown; where that is nothing, what waits says how many answers there are so far."""
        by_series: BySeries = {}
        for series, found in shown.items():
            by_series[series] = Counts() if found.pieces else found.waiting
            for piece in found.pieces:
                by_series[series].add(piece.counts)
        newest = pooling.newest(by_series)
        starts = [each.start for each in shown[newest[0]].pieces] if newest else []
        own = Period(min([period.start, *starts]), period.end)
        return make_figure(measure, self.unit, own, by_series, goal, public=True)

    def shown(self, measures: Sequence[Measure]) -> dict[int, BySeriesShown]:
        """Quarter by quarter: what is published of it, else its steps. A quarter that is published as one,
        and a step, is there whole as long as any of its days is."""
        found: dict[int, BySeriesShown] = {measure.pk: {} for measure in measures}
        published = self._published(measures)
        fed, blocked = answer_sources(), answered_by_employees(measures)
        by_day = [each for each in measures if each.source in fed and each not in blocked]
        for quarter in _quarters(self.window):
            loose = [each for each in measures if (each.pk, quarter.start) not in published]
            parts = self._loose(loose, by_day, quarter)
            for measure in loose:
                for series, days in parts.get(measure.pk, {}).items():
                    days.sort(key=lambda day: day.start)
                    self._add(found[measure.pk], series, steps_of(days, measure.minimum_n))
            for measure in measures:
                for series, one in published.get((measure.pk, quarter.start), {}).items():
                    self._add(found[measure.pk], series, one)
        return found

    def _add(self, found: BySeriesShown, series: int, more: Shown) -> None:
        """What is over three months ago is left out; only the newest quarter says how much waits."""
        inside = [each for each in more.pieces if each.end > self.window.start]
        earlier = found[series].pieces if series in found else []
        found[series] = Shown([*earlier, *inside], more.waiting)

    def _published(self, measures: Sequence[Measure]) -> dict[tuple[int, date], BySeriesShown]:
        """By measure and quarter. What is hidden in the files is not on the page either."""
        found: dict[tuple[int, date], BySeriesShown] = {}
        keys = [measure.pk for measure in measures]
        cells = PublishedResult.objects.filter(
            measure__in=keys, unit=self.unit, start__lt=self.window.end, end__gt=self.window.start
        )
        for cell in cells.order_by("start"):
            by_series = found.setdefault((cell.measure_id, cell.quarter), {})
            one = by_series.setdefault(cell.series, Shown([], Counts()))
            if cell.hidden:
                one.waiting.add(Counts(n=cell.n))
            else:
                one.pieces.append(Piece(cell.start, cell.end, cell.kept_counts))
        return found

    def _loose(
        self, measures: Sequence[Measure], by_day: Sequence[Measure], quarter: Period
    ) -> dict[int, dict[int, list[Piece]]]:
        """What there is of a quarter that is not published: days up to yesterday; of recorded samples, and of
        blocks of employees' answers, which may span more than a day, months that are settled, or the settled
        quarter as one."""
        tallied = [each for each in measures if each in by_day]
        longer = [each for each in measures if each not in by_day]
        found: dict[int, dict[int, list[Piece]]] = {}
        until = min(quarter.end, self.today)
        if tallied and quarter.start < until:
            spans = self.spans(Period(quarter.start, until))
            for day, pool in pooling.pool_by_day(tallied, spans).items():
                _add_pieces(found, pool, Period(day, day + ONE_DAY))
        if longer:
            months = [Period.months(month, 1) for month in quarter.month_starts()]
            parts = [quarter] if is_settled(quarter, self.today) else months
            for part in parts:
                if is_settled(part, self.today):
                    _add_pieces(found, pooling.pool(longer, self.spans(part)), part)
        return found


def _quarters(window: Period) -> list[Period]:
    """The calendar quarters that share days with the window."""
    first = add_months(window.start, -((window.start.month - 1) % 3))
    starts = [first, add_months(first, 3)]
    return [Period(start, add_months(start, 3)) for start in starts if start < window.end]


def _add_pieces(found: dict[int, dict[int, list[Piece]]], pool: pooling.Pool, period: Period) -> None:
    for measure, by_series in pool.items():
        for series, counts in by_series.items():
            own = found.setdefault(measure, {}).setdefault(series, [])
            own.append(Piece(period.start, period.end, counts))
