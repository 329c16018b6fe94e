"""The radar of the Service Quotient: figures on 1 to 5 in, strings for SVG attributes out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from common.charts import plain

CENTRE_X, CENTRE_Y, RADIUS = 250.0, 200.0, 150.0
LOWEST, HIGHEST = 1, 5
LINE_HEIGHT = 1.15


@dataclass(frozen=True)
class Axis:
    """One side: its name in lines, where they stand (the first is moved by `shift`, in its own heights, so
    that they fit at every size of the letters), and where the axis ends."""

    lines: list[str]
    shift: str
    x: str
    y: str
    anchor: str
    end_x: str
    end_y: str


@dataclass(frozen=True)
class Ring:
    """One series: its runs of neighbouring sides as paths, and its points."""

    key: str
    label: str
    runs: list[str]
    points: list[tuple[str, str]]


@dataclass(frozen=True)
class Radar:
    axes: list[Axis]
    grid: list[str]
    rings: list[Ring]


def _place(number: int, count: int, value: float) -> tuple[float, float]:
    angle = 2 * math.pi * number / count - math.pi / 2
    reach = RADIUS * (value - LOWEST) / (HIGHEST - LOWEST)
    return CENTRE_X + reach * math.cos(angle), CENTRE_Y + reach * math.sin(angle)


def radar(names: Sequence[str], series: Sequence[tuple[str, str, Sequence[float | None]]]) -> Radar:
    """`series`: key, words, and a value for each of the names (None: hidden, the line is broken there)."""
    count = len(names)
    return Radar(
        axes=[_axis(number, count, name) for number, name in enumerate(names)],
        grid=[_closed([_place(n, count, level) for n in range(count)]) for level in range(2, HIGHEST + 1)],
        rings=[_ring(key, label, values) for key, label, values in series],
    )


def _axis(number: int, count: int, name: str) -> Axis:
    end_x, end_y = _place(number, count, HIGHEST)
    x, y = _place(number, count, HIGHEST + 0.35)
    side = x - CENTRE_X
    anchor = "middle" if abs(side) < 20 else "start" if side > 0 else "end"
    lines = _lines(name)
    more = LINE_HEIGHT * (len(lines) - 1)
    above, below = y < CENTRE_Y - 20, y > CENTRE_Y + 20
    shift = -more if above else 0.7 if below else 0.3 - more / 2
    return Axis(lines, f"{shift:.2f}em", plain(x), plain(y), anchor, plain(end_x), plain(end_y))


def _lines(name: str) -> list[str]:
    """A long name in two lines, broken at the space next to its middle."""
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    if len(name) <= 14 or not spaces:
        return [name]
    middle = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def _ring(key: str, label: str, values: Sequence[float | None]) -> Ring:
    count = len(values)
    places = [None if value is None else _place(n, count, value) for n, value in enumerate(values)]
    known = [place for place in places if place is not None]
    runs = [_closed(known)] if len(known) == count else _pairs(places)
    return Ring(key, label, runs, [(plain(x), plain(y)) for x, y in known])


def _pairs(places: Sequence[tuple[float, float] | None]) -> list[str]:
    found = []
    for number, first in enumerate(places):
        second = places[(number + 1) % len(places)]
        if first is not None and second is not None:
            found.append(_path([first, second]))
    return found


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{plain(x)} {plain(y)}" for x, y in places)


def _closed(places: Sequence[tuple[float, float]]) -> str:
    return _path(places) + "Z"
