"""The geometry of the quadrant of needs: numbers in, strings for SVG attributes out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from common.charts import Place, plain

WIDTH, HEIGHT = 640.0, 480.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 16.0, 16.0, 44.0
LEAST_SPAN = 1.5
SCALE = (1.0, 5.0)
RADIUS = 11.0
Interval = tuple[float, float] | None


@dataclass(frozen=True)
class Spot:
    """One need: its number in the table beside, satisfaction across and importance up, with intervals."""

    number: int
    satisfaction: float
    importance: float
    satisfaction_interval: Interval = None
    importance_interval: Interval = None
    goal: float = 0.0
    css_class: str = ""


@dataclass(frozen=True)
class SpotMark:
    """`across` and `up` are the interval's lines as paths (empty for none); `goal` the place of its own
    goal, where goals differ."""

    number: int
    x: str
    y: str
    across: str
    up: str
    goal: str
    css_class: str


@dataclass(frozen=True)
class QuadrantDrawing:
    """`cut_x` is empty where the needs have different goals. Ticks are (place, value)."""

    marks: list[SpotMark]
    cut_x: str
    cut_y: str
    ticks_x: list[tuple[str, float]]
    ticks_y: list[tuple[str, float]]


def quadrant_drawing(spots: Sequence[Spot], *, cut: float, goal: float | None) -> QuadrantDrawing:
    """The chart of needs. `cut` is where importance is cut; `goal` where satisfaction is, None where each
    need has a goal of its own, which is then marked beside it."""
    across = _span([*(side for each in spots for side in _xs(each)), *([goal] if goal is not None else [])])
    up = _span([*(side for each in spots for side in _ys(each)), cut])

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - across[0]) / (across[1] - across[0])

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (up[1] - value) / (up[1] - up[0])

    marks = [
        SpotMark(
            number=each.number,
            x=plain(x(each.satisfaction)),
            y=plain(y(each.importance)),
            across=_across(each.satisfaction_interval, x, y(each.importance)),
            up=_up(each.importance_interval, y, x(each.satisfaction)),
            goal=plain(x(each.goal)) if goal is None else "",
            css_class=each.css_class,
        )
        for each in spots
    ]
    return QuadrantDrawing(
        marks=marks,
        cut_x=plain(x(goal)) if goal is not None else "",
        cut_y=plain(y(cut)),
        ticks_x=[(plain(x(value)), value) for value in _ticks(across)],
        ticks_y=[(plain(y(value)), value) for value in _ticks(up)],
    )


def _xs(spot: Spot) -> list[float]:
    return [spot.satisfaction, *(spot.satisfaction_interval or ()), *([spot.goal] if spot.goal else [])]


def _ys(spot: Spot) -> list[float]:
    return [spot.importance, *(spot.importance_interval or ())]


def _span(values: Sequence[float]) -> tuple[float, float]:
    """The part of the scale that holds everything with a little room, in halves of a point."""
    low, high = min(values) - 0.15, max(values) + 0.15
    missing = max(0.0, LEAST_SPAN - (high - low)) / 2
    low, high = math.floor(2 * (low - missing)) / 2, math.ceil(2 * (high + missing)) / 2
    return max(SCALE[0], low), min(SCALE[1] + 0.15, high)


def _ticks(span: tuple[float, float]) -> list[float]:
    first, last = math.ceil(2 * span[0]), math.floor(2 * min(span[1], SCALE[1]))
    return [half / 2 for half in range(first, last + 1)]


def _across(interval: Interval, x: Place, at: float) -> str:
    return f"M{plain(x(interval[0]))} {plain(at)} H{plain(x(interval[1]))}" if interval else ""


def _up(interval: Interval, y: Place, at: float) -> str:
    return f"M{plain(at)} {plain(y(interval[0]))} V{plain(y(interval[1]))}" if interval else ""
