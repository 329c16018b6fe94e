"""Control charts: what a process usually does, and which of its points are unusual.

Pure functions over plain numbers. The individuals chart (XmR) and its constants 2.66 and 3.268 are
Wheeler's (“Understanding Variation”, 1993: 3/1.128 and the range factor D4 for pairs); the p chart is
Shewhart's (“Economic Control of Quality of Manufactured Product”, 1931). Signals propose, persons
decide: a thousand charts of ordinary points give seven or eight false alarms a month.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise
from statistics import mean

XMR = "xmr"
P = "p"

NO_LIMITS = "none"
PROVISIONAL = "provisional"
FIRM = "firm"

OUTSIDE = "outside"
RUN = "run"
RANGE = "range"

HIGH = "high"
LOW = "low"

MEETS = "meets"
MISSES = "misses"
HIT_AND_MISS = "hit_and_miss"

LIMIT_FACTOR = 2.66
RANGE_FACTOR = 3.268
LEAST_POINTS = 6
FIRM_POINTS = 20
RUN_LENGTH = 8
UNEVEN = 0.2


@dataclass(frozen=True)
class Reading:
    """The figure of one period that begins `on` a day; `n` answers stand behind it (0: not a sample).

    Shares are in per cent, 0 to 100.
    """

    on: date
    value: float
    n: int = 0


@dataclass(frozen=True)
class Limits:
    """The usual range of one point, clamped to what the figure can be.

    On a clamped side (`is_open_below`, `is_open_above`) there is no line and no rule: nothing can lie
    beyond it.
    """

    low: float
    high: float
    is_open_below: bool = False
    is_open_above: bool = False

    def side_of(self, value: float) -> str:
        """`high` or `low` where the value lies outside, else nothing. On the line is inside."""
        if value > self.high and not self.is_open_above:
            return HIGH
        return LOW if value < self.low and not self.is_open_below else ""


@dataclass(frozen=True)
class Signal:
    """Something unusual: one point `outside`, a `run` of eight or more on one side of the centre, or
    a leap between two neighbours over the `range` limit.

    `first` and `last` are the days on which the periods concerned begin (a leap: the two neighbours);
    `side` says where the points lie, or where the leap went. `length` counts the points.
    """

    what: str
    first: date
    last: date
    side: str
    length: int = 1


@dataclass(frozen=True)
class Segment:
    """The points between two declared changes, with their own limits.

    `limits` go with `readings`, one each; empty under six points, then `centre` is None. `mean_range`
    and `range_limit` belong to the XmR chart and are None on a p chart.
    """

    readings: tuple[Reading, ...]
    kind: str
    firmness: str
    centre: float | None = None
    mean_range: float | None = None
    range_limit: float | None = None
    limits: tuple[Limits, ...] = ()
    signals: tuple[Signal, ...] = ()

    @property
    def unusual_days(self) -> set[date]:
        """The days of the readings that a signal concerns: a point outside, every point of a run, and
        where a leap leads to, unless it only leads back from a point outside."""
        outside = {signal.last for signal in self.signals if signal.what == OUTSIDE}
        leaps = {each.last for each in self.signals if each.what == RANGE and each.first not in outside}
        runs = [signal for signal in self.signals if signal.what == RUN]
        return (
            outside
            | leaps
            | {reading.on for reading in self.readings for run in runs if run.first <= reading.on <= run.last}
        )

    def since(self, day: date) -> "Segment":
        """The same segment with its readings from a day on, as it is drawn: limits and signals stay what
        the whole of it says."""
        left_out = sum(reading.on < day for reading in self.readings)
        return replace(
            self,
            readings=self.readings[left_out:],
            limits=self.limits[left_out:],
            signals=tuple(signal for signal in self.signals if signal.last >= day),
        )

    @property
    def told(self) -> list[Signal]:
        """The signals worth a sentence: without the leaps to and from a point that is told already."""
        outside = {signal.last for signal in self.signals if signal.what == OUTSIDE}
        return [each for each in self.signals if each.what != RANGE or not outside & {each.first, each.last}]


def segments(
    readings: Iterable[Reading],
    *,
    splits: Iterable[date] = (),
    is_sampled_share: bool = False,
    floor: float | None = None,
    ceiling: float | None = None,
) -> list[Segment]:
    """The chart of readings, oldest first: one segment from each declared change to the next.

    A split takes effect with the first period that begins on or after its day; the limits before it
    stay what they were. Firm limits come from a segment's first twenty points and are not reckoned
    again until the next split. `is_sampled_share` says that the values are shares of samples, which
    get a p chart where their sizes differ (each `n` over 0); full counts never do, whatever their size.
    `floor` and `ceiling` are the ends of what the figure can be (0 and 100 for shares).
    """
    return [
        _segment(part, is_sampled_share=is_sampled_share, floor=floor, ceiling=ceiling)
        for part in _parts(readings, sorted(set(splits)))
    ]


def _parts(readings: Iterable[Reading], splits: Sequence[date]) -> list[tuple[Reading, ...]]:
    """The readings cut at the splits; where nothing lies between two of them there is no part."""
    ordered = sorted(readings, key=lambda reading: reading.on)
    by_split = groupby(ordered, key=lambda reading: sum(split <= reading.on for split in splits))
    return [tuple(part) for _number, part in by_split]


def _segment(
    readings: tuple[Reading, ...], *, is_sampled_share: bool, floor: float | None, ceiling: float | None
) -> Segment:
    kind = P if is_sampled_share and differ_in_size(readings) else XMR
    if len(readings) < LEAST_POINTS:
        return Segment(readings, kind, NO_LIMITS)
    base = readings[:FIRM_POINTS]
    firmness = FIRM if len(base) == FIRM_POINTS else PROVISIONAL
    mean_range = range_limit = None
    if kind == P:
        centre = _pooled_share(base)
        limits = tuple(_clamped(centre, _p_reach(centre, each.n), floor, ceiling) for each in readings)
    else:
        centre = mean(each.value for each in base)
        mean_range = mean(abs(after.value - before.value) for before, after in pairwise(base))
        range_limit = RANGE_FACTOR * mean_range
        limits = (_clamped(centre, LIMIT_FACTOR * mean_range, floor, ceiling),) * len(readings)
    signals = (
        *_outside(readings, limits),
        *_runs(readings, centre),
        *(() if range_limit is None else _leaps(readings, range_limit)),
    )
    in_order = tuple(sorted(signals, key=lambda signal: (signal.last, signal.what)))
    return Segment(readings, kind, firmness, centre, mean_range, range_limit, limits, in_order)


def differ_in_size(readings: Sequence[Reading]) -> bool:
    """Whether the number of answers differs from its mean by more than a fifth in any period."""
    average = mean(reading.n for reading in readings)
    return any(abs(reading.n - average) > UNEVEN * average for reading in readings)


def _pooled_share(readings: Sequence[Reading]) -> float:
    """Counts are pooled; percentages are never averaged."""
    return sum(each.value * each.n for each in readings) / sum(each.n for each in readings)


def _p_reach(centre: float, n: int) -> float:
    """Three standard errors of a share of n answers, in points: 3√(p(1−p)/n)."""
    share = min(1.0, max(0.0, centre / 100))
    return 300 * math.sqrt(share * (1 - share) / n)


def _clamped(centre: float, reach: float, floor: float | None, ceiling: float | None) -> Limits:
    low, high = centre - reach, centre + reach
    is_below, is_above = floor is not None and low < floor, ceiling is not None and high > ceiling
    return Limits(
        low=floor if is_below and floor is not None else low,
        high=ceiling if is_above and ceiling is not None else high,
        is_open_below=is_below,
        is_open_above=is_above,
    )


def _outside(readings: Sequence[Reading], limits: Sequence[Limits]) -> list[Signal]:
    return [
        Signal(OUTSIDE, reading.on, reading.on, side)
        for reading, limit in zip(readings, limits, strict=True)
        if (side := limit.side_of(reading.value))
    ]


def _runs(readings: Sequence[Reading], centre: float) -> list[Signal]:
    """Eight or more in a row on one side; a point on the centre line ends a run."""

    def side_of(reading: Reading) -> str:
        return HIGH if reading.value > centre else LOW if reading.value < centre else ""

    found = []
    for side, group in groupby(readings, key=side_of):
        run = list(group)
        if side and len(run) >= RUN_LENGTH:
            found.append(Signal(RUN, run[0].on, run[-1].on, side, len(run)))
    return found


def _leaps(readings: Sequence[Reading], range_limit: float) -> list[Signal]:
    return [
        Signal(RANGE, before.on, after.on, HIGH if after.value > before.value else LOW, 2)
        for before, after in pairwise(readings)
        if abs(after.value - before.value) > range_limit
    ]


def against_goal(segment: Segment, goal: float, *, lower_is_better: bool = False) -> str:
    """What the usual range says of a goal: consistently `meets`, consistently `misses`, or hit and miss.

    Nothing (an empty text) where there are no limits. With uneven samples every point's limits count.
    """
    if not segment.limits:
        return ""
    low, high = min(each.low for each in segment.limits), max(each.high for each in segment.limits)
    if lower_is_better:
        low, high, goal = -high, -low, -goal
    if low >= goal:
        return MEETS
    return MISSES if high < goal else HIT_AND_MISS
