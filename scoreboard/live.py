"""The figures of the public page: what is published already, and whole steps of what is not yet.

Anyone may take the published results (`opendata`) away from the figure of the page. What is left must not
be a figure of few answers, such as those of one day. So the figure is a sum of published results, as they
were published, and of *steps*: months, then days, that are put together until they hold no answer or at
least the minimum. What is left over waits until it is enough; so the figure moves by the minimum or more.

Results stay with the edition in force on the day of service: a figure is held against a goal only where
all of its days lie under it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from charter.models import Goal, Measure
from common.period import Period, add_months
from common.sources import Counts, answer_sources
from organisation.models import Unit
from scoreboard import pooling
from scoreboard.figures import Figure, make_figure
from scoreboard.models import PublishedResult
from scoreboard.pooling import BySeries, Placements

MONTHS_SHOWN = 3
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """The answers of some days `[start, end)`. One `is_published` may be shown by itself."""

    start: date
    end: date
    counts: Counts
    is_published: bool = False

    def shares_days_with(self, other: "Piece") -> bool:
        return self.start < other.end and other.start < self.end


Pieces = dict[int, list[Piece]]
"""Series → its pieces in order."""


def stepped(pieces: Iterable[Piece], minimum: int) -> Counts:
    """What may be shown of the pieces; where that is nothing, what waits, which is less than the minimum."""
    shown, waiting = Counts(), Counts()
    for piece in pieces:
        if piece.is_published:
            shown.add(piece.counts)
            continue
        waiting.add(piece.counts)
        if waiting.n >= minimum:
            shown.add(waiting)
            waiting = Counts()
    return shown if shown.n else waiting


def live_figures(
    measures: Sequence[Measure],
    unit: Unit,
    today: date,
    *,
    goals: Mapping[int, Goal | None],
    since: Mapping[int, date],
) -> dict[int, Figure]:
    """The public figure of each measure of a unit's charter, by the measure's primary key.

    They are over the last three months, today's included; where a quarter that begins earlier was published
    as one, over that one too. `since` has the first day of the present goal, where another one stood
    before: from then on the figure is held against it, and until there are enough answers the figure of
    all three months against none. The number of queries does not depend on how many measures there are.
    """
    live = _Live(unit, Period.months(today, MONTHS_SHOWN), Placements.read(), since)
    full = [measure for measure in measures if measure.is_full_count]
    samples = [measure for measure in measures if not measure.is_full_count]
    found = live.full_counts(full, goals)
    pieces = live.pieces(samples)
    for measure in samples:
        found[measure.pk] = live.figure(measure, pieces[measure.pk], goals[measure.pk])
    return found


@dataclass
class _Live:
    unit: Unit
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

    def figure(self, measure: Measure, pieces: Pieces, goal: Goal | None) -> Figure:
        since = self.judged_since(measure)
        if since is not None:
            own = {
                series: [each for each in found if each.start >= since] for series, found in pieces.items()
            }
            figure = self._of(measure, own, Period(since, self.window.end), goal)
            if figure.value is not None or own == pieces:
                return figure
            goal = None
        starts = [each.start for found in pieces.values() for each in found]
        period = Period(min([self.window.start, *starts]), self.window.end)
        return self._of(measure, pieces, period, goal)

    def _of(self, measure: Measure, pieces: Pieces, period: Period, goal: Goal | None) -> Figure:
        by_series: BySeries = {
            series: stepped(found, measure.minimum_n) for series, found in pieces.items() if found
        }
        return make_figure(measure, self.unit, period, by_series, goal, public=True)

    def pieces(self, measures: Sequence[Measure]) -> dict[int, Pieces]:
        """What is published, and the months and days beside it."""
        found = self._published(measures)
        fed = answer_sources()
        loose = [
            *self._tallied([each for each in measures if each.source in fed]),
            *self._totals([each for each in measures if each.source not in fed], found),
        ]
        for measure, series, piece in loose:
            own = found[measure].setdefault(series, [])
            if not any(each.shares_days_with(piece) for each in own):
                own.append(piece)
        for by_series in found.values():
            for own in by_series.values():
                own.sort(key=lambda piece: piece.start)
        return found

    def _published(self, measures: Sequence[Measure]) -> dict[int, Pieces]:
        found: dict[int, Pieces] = {measure.pk: {} for measure in measures}
        cells = PublishedResult.objects.filter(
            measure__in=list(found), unit=self.unit, start__lt=self.window.end, end__gt=self.window.start
        )
        for cell in cells:
            piece = Piece(cell.start, cell.end, cell.kept_counts, is_published=not cell.hidden)
            found[cell.measure_id].setdefault(cell.series, []).append(piece)
        return found

    def _tallied(self, measures: Sequence[Measure]) -> Iterator[tuple[int, int, Piece]]:
        """Whole months; days in the month that runs, and in one in which a goal changed."""
        daily = {add_months(self.window.end, -1)}
        daily |= {day.replace(day=1) for measure in measures if (day := self.judged_since(measure))}
        for month, pool in pooling.pool_by_month(measures, self.spans(self.window)).items():
            if month not in daily:
                yield from _pieces_of(pool, Period.months(month, 1))
        spans = [span for month in sorted(daily) for span in self.spans(Period.months(month, 1))]
        for day, pool in pooling.pool_by_day(measures, spans).items():
            yield from _pieces_of(pool, Period(day, day + ONE_DAY))

    def _totals(
        self, measures: Sequence[Measure], published: Mapping[int, Pieces]
    ) -> Iterator[tuple[int, int, Piece]]:
        """Recorded samples may span more than a month: what lies between published periods is one piece."""
        gaps: dict[Period, list[Measure]] = {}
        for measure in measures:
            taken = [piece for found in published[measure.pk].values() for piece in found]
            for gap in _gaps(self.window, taken, self.judged_since(measure)):
                gaps.setdefault(gap, []).append(measure)
        for gap, some in gaps.items():
            yield from _pieces_of(pooling.pool(some, self.spans(gap)), gap)


def _pieces_of(pool: pooling.Pool, period: Period) -> Iterator[tuple[int, int, Piece]]:
    """Measure, series and piece of a period's pool."""
    for measure, by_series in pool.items():
        for series, counts in by_series.items():
            yield measure, series, Piece(period.start, period.end, counts)


def _gaps(window: Period, taken: Iterable[Piece], cut: date | None) -> list[Period]:
    """What of the window lies in none of the pieces, cut in two at a day."""
    found, start = [], window.start
    ends = [(piece.start, piece.end) for piece in taken]
    for begins, ends_on in sorted([*ends, *([(cut, cut)] if cut else []), (window.end, window.end)]):
        if start < begins:
            found.append(Period(start, begins))
        start = max(start, ends_on)
    return found
