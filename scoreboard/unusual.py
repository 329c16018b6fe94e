"""What is unusual about one month of a measure, as its control chart says it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from charter.models import Measure
from common import control
from scoreboard.chart import control_of
from scoreboard.figures import Point
from scoreboard.models import DatedChange


@dataclass(frozen=True)
class Unusual:
    """A point outside its usual range, or a run of months on one side of the average, that ends with a
    month. `low` and `high` are the usual range of that month, None on a side without a limit."""

    what: str
    first: date
    last: date
    side: str
    length: int
    low: float | None
    high: float | None
    centre: float


class Splits:
    """The days on which something was changed in a unit or above it; one query for all its measures."""

    def __init__(self, path: Iterable[int]) -> None:
        changes = DatedChange.objects.standing().filter(unit__in=list(path))
        self._rows = list(changes.values_list("measure_id", "standard_id", "on"))

    def of(self, measure: Measure) -> list[date]:
        return [
            on
            for measure_id, standard_id, on in self._rows
            if measure.pk == measure_id or measure.standard_id == standard_id
        ]


def unusual_in(
    measure: Measure, points: Sequence[Point], splits: Iterable[date], month: date
) -> list[Unusual]:
    """What the chart marks in a month. Empty where its part has under six points."""
    found = []
    for segment in control_of(measure, points, splits):
        if segment.centre is None:
            continue
        limits = dict(zip((reading.on for reading in segment.readings), segment.limits, strict=True))
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
