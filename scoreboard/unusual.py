"""The control chart of a measure's months, and what is unusual about one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common import control
from common.control import Segment
from scoreboard.figures import Point

MONTHS = 24


@dataclass(frozen=True)
class Unusual:
    """Something unusual that ends with a month: a point outside its usual range, or a run.

    `low` and `high` are the usual range of that month, None on a side without a limit.
    """

    what: str
    first: date
    last: date
    side: str
    length: int
    low: float | None
    high: float | None
    centre: float


def chart_of(points: Sequence[Point]) -> Segment | None:
    """The chart of the newest series, oldest first; months without a figure are left out."""
    shown = [point for point in points if point.value is not None]
    if not shown:
        return None
    newest = shown[-1].figure
    series = [point for point in shown if point.figure.series == newest.series]
    is_sample = not newest.is_full_count
    readings = [
        control.Reading(point.month, point.value, point.figure.n if is_sample else 0)
        for point in series
        if point.value is not None
    ]
    return control.segments(
        readings,
        is_sampled_share=newest.is_share and is_sample,
        floor=newest.scale_low,
        ceiling=newest.scale_high,
    )[-1]


def unusual_in(points: Sequence[Point], month: date) -> list[Unusual]:
    """What the chart marks in a month. Empty under six points."""
    segment = chart_of(points)
    if segment is None or segment.centre is None:
        return []
    limits = dict(zip((reading.on for reading in segment.readings), segment.limits, strict=True))
    found = []
    for signal in segment.signals:
        if signal.last == month and signal.what in (control.OUTSIDE, control.RUN):
            limit = limits[month]
            found.append(
                Unusual(
                    what=signal.what,
                    first=signal.first,
                    last=signal.last,
                    side=signal.side,
                    length=signal.length,
                    low=None if limit.is_open_below else limit.low,
                    high=None if limit.is_open_above else limit.high,
                    centre=segment.centre,
                )
            )
    return found
