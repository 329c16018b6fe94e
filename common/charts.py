"""The geometry of the house graphics: numbers in, strings for SVG attributes out.

Attributes of SVG are written with a point whatever the reader's language; words are made in the
template tags.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from common.control import Segment

Number = float | int | Decimal

# The shape of each verdict, drawn around 0,0 with a radius of 5. Shape first, colour second.
DISC = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z"
TRIANGLE = "M-5.5-4.4h11L0 5.6z"
DIAMOND = "M0-5.8L5.8 0 0 5.8-5.8 0z"
HALF = "M0-5a5 5 0 0 1 0 10z"

CLASSES = {
    "met": "met",
    "not_met": "missed",
    "unsure": "unsure",
    "too_few": "none",
    "no_goal": "none",
    "not_tracked": "none",
}


@dataclass(frozen=True)
class Mark:
    """A verdict's shape: `filled` path, `ring` (an outline), `dashes` of the outline."""

    filled: str = ""
    ring: str = ""
    dashes: str = ""


MARKS = {
    "met": Mark(filled=DISC),
    "not_met": Mark(filled=TRIANGLE),
    "unsure": Mark(filled=HALF, ring=DISC),
    "too_few": Mark(ring=DISC, dashes="2 1.6"),
    "no_goal": Mark(filled=DIAMOND),
    "not_tracked": Mark(ring=DIAMOND, dashes="2 1.6"),
}


def plain(value: float) -> str:
    """The number as SVG reads it: at most two decimals, a point, no trailing noughts."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def share_of(value: Number, low: Number, high: Number) -> float:
    """Where a value stands on the track from `low` to `high`, 0 to 100, clamped to its ends."""
    place = 100 * (float(value) - float(low)) / (float(high) - float(low))
    return min(100.0, max(0.0, place))


@dataclass(frozen=True)
class Strip:
    """One figure on its track; empty strings where there is nothing to draw."""

    css_class: str
    mark: Mark
    dot: str = ""
    band_start: str = ""
    band_end: str = ""
    goal: str = ""
    goal_anchor: str = "middle"


def is_shown(figure: Any) -> bool:
    """There is a value, enough answers stand behind it, and nobody hid it."""
    return (
        figure.value is not None
        and figure.verdict not in ("too_few", "not_tracked")
        and not getattr(figure, "hidden_reason", "")
    )


def strip_on_paper(figure: Any, words: str) -> dict[str, Any]:
    """The strip for a document: fractions of its track, None where there is nothing to draw, and `words`
    for those who do not see it."""

    def place(value: Any) -> float | None:
        if value is None:
            return None
        return share_of(value, figure.scale_low, figure.scale_high) / 100

    shown = is_shown(figure)
    return {
        "value": place(figure.value) if shown else None,
        "low": place(figure.low) if shown else None,
        "high": place(figure.high) if shown else None,
        "goal": place(figure.goal),
        "kind": CLASSES[figure.verdict],
        "alt": words,
    }


def strip(figure: Any) -> Strip:
    low, high = figure.scale_low, figure.scale_high
    places: dict[str, str] = {}
    if figure.goal is not None:
        goal = share_of(figure.goal, low, high)
        places["goal"] = f"{plain(goal)}%"
        places["goal_anchor"] = "start" if goal < 12 else "end" if goal > 88 else "middle"
    if is_shown(figure):
        places["dot"] = f"{plain(share_of(figure.value, low, high))}%"
        if figure.low is not None and figure.high is not None and not figure.is_full_count:
            places["band_start"] = f"{plain(share_of(figure.low, low, high))}%"
            places["band_end"] = f"{plain(share_of(figure.high, low, high))}%"
    return Strip(css_class=CLASSES[figure.verdict], mark=MARKS[figure.verdict], **places)


@dataclass(frozen=True)
class Sparkline:
    """Runs of neighbouring points as paths; points without a neighbour as dots; gaps stay gaps."""

    runs: list[str] = field(default_factory=list)
    lone: list[tuple[str, str]] = field(default_factory=list)
    last: tuple[str, str] | None = None
    goal: str = ""


SPARK_WIDTH, SPARK_HEIGHT = 104.0, 32.0
_MARGIN = 4.0


def _span(values: list[float], low: Number, high: Number) -> tuple[float, float]:
    """The part of the scale that the line is drawn on: at least a fifth of it, so noise stays small."""
    least = (float(high) - float(low)) / 5
    bottom, top = min(values), max(values)
    missing = max(0.0, least - (top - bottom)) / 2
    bottom, top = bottom - missing, top + missing
    bottom, top = max(float(low), bottom), min(float(high), top)
    return (bottom, top) if top > bottom else (bottom - 1, top + 1)


def sparkline(
    points: Sequence[Number | None], goal: Number | None = None, low: Number = 0, high: Number = 100
) -> Sparkline:
    """A line of figures, oldest first; None is a gap."""
    known = [float(value) for value in points if value is not None]
    if not known:
        return Sparkline()
    bottom, top = _span([*known, float(goal)] if goal is not None else known, low, high)

    def height(value: Number) -> str:
        part = (float(value) - bottom) / (top - bottom)
        return plain(SPARK_HEIGHT - _MARGIN - part * (SPARK_HEIGHT - 2 * _MARGIN))

    step = SPARK_WIDTH / max(1, len(points) - 1)
    places = [
        (plain(index * step), height(value)) if value is not None else None
        for index, value in enumerate(points)
    ]
    runs: list[str] = []
    lone: list[tuple[str, str]] = []
    for run in _runs(places):
        if len(run) == 1:
            lone.append(run[0])
        else:
            runs.append("M" + " L".join(f"{x} {y}" for x, y in run))
    drawn = [place for place in places if place is not None]
    return Sparkline(runs, lone, drawn[-1], height(goal) if goal is not None else "")


def _runs(places: Iterable[tuple[str, str] | None]) -> list[list[tuple[str, str]]]:
    """The stretches between the gaps."""
    found: list[list[tuple[str, str]]] = [[]]
    for place in places:
        if place is None:
            found.append([])
        else:
            found[-1].append(place)
    return [run for run in found if run]


RING_LENGTH = 100.53  # 2π · 16, the ring's radius


def ring(percent: Number) -> str:
    """The dash of a ring that is `percent` done."""
    done = min(100.0, max(0.0, float(percent)))
    return f"{plain(RING_LENGTH * done / 100)} {plain(RING_LENGTH)}"


# Mouths of the five faces, worst to best, in a box of 32 by 32.
MOUTHS = {
    1: "M10.5 24.5c1.8-3.6 3.6-5 5.5-5s3.7 1.4 5.5 5",
    2: "M11 23.5c1.8-2 3.4-2.8 5-2.8s3.2.8 5 2.8",
    3: "M11 22h10",
    4: "M11 20.5c1.8 2 3.4 2.8 5 2.8s3.2-.8 5-2.8",
    5: "M10 19.5c2 4 4 5.5 6 5.5s4-1.5 6-5.5z",
}


# ------------------------------------------------------------ control chart

MONTHS_BY_QUARTERS = 24
CONTROL_WIDTH, CONTROL_HEIGHT = 720.0, 250.0
CONTROL_LEFT, CONTROL_RIGHT, CONTROL_TOP, CONTROL_BOTTOM = 46.0, 14.0, 14.0, 30.0
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class ControlMark:
    """One point: where it stands, and whether it is unusual."""

    x: str
    y: str
    is_unusual: bool


@dataclass(frozen=True)
class ControlDrawing:
    """A control chart as SVG reads it. `ticks` are (y, value), `days` are (x, day, anchor)."""

    marks: list[ControlMark]
    runs: list[str]
    bands: list[str]
    limits: list[str]
    centres: list[str]
    splits: list[str]
    ticks: list[tuple[str, float]]
    days: list[tuple[str, date, str]]
    goal: str = ""


def control_drawing(
    slots: Sequence[date],
    segments: Sequence[Segment],
    *,
    goal: Number | None = None,
    floor: Number | None = None,
    ceiling: Number | None = None,
) -> ControlDrawing:
    """The chart of segments over equal `slots` of time (one a period, oldest first; gaps stay gaps).

    The scale holds every point, every limit and the goal, and no more than floor to ceiling.
    """
    places = {slot: index for index, slot in enumerate(slots)}
    bottom, top = _control_span(segments, goal, floor, ceiling)
    plane = _Plane(len(slots), bottom, top)
    drawing = ControlDrawing(
        *([], [], [], [], [], []),
        ticks=[(plain(plane.y(value)), value) for value in _nice_ticks(bottom, top)],
        days=_days(slots, plane.x),
        goal="" if goal is None else plain(plane.y(float(goal))),
    )
    for number, segment in enumerate(segments):
        indexes = [places[reading.on] for reading in segment.readings]
        if number:
            drawing.splits.append(plain(plane.x(indexes[0] - 0.5)))
        _draw_segment(drawing, segment, indexes, plane)
    return drawing


@dataclass(frozen=True)
class _Plane:
    """Where a slot and a value lie on the drawing."""

    slots: int
    bottom: float
    top: float

    def x(self, index: float) -> float:
        step = (CONTROL_WIDTH - CONTROL_LEFT - CONTROL_RIGHT) / max(1, self.slots)
        return CONTROL_LEFT + (index + 0.5) * step

    def y(self, value: float) -> float:
        height = CONTROL_HEIGHT - CONTROL_TOP - CONTROL_BOTTOM
        return CONTROL_TOP + height * (self.top - float(value)) / (self.top - self.bottom)


def _draw_segment(drawing: ControlDrawing, segment: Segment, indexes: Sequence[int], plane: _Plane) -> None:
    odd = segment.unusual_days
    at = [
        (plane.x(index), plane.y(each.value)) for index, each in zip(indexes, segment.readings, strict=True)
    ]
    for (left, height), reading in zip(at, segment.readings, strict=True):
        drawing.marks.append(ControlMark(plain(left), plain(height), reading.on in odd))
    drawing.runs.extend(_joined(indexes, at))
    if segment.limits:
        drawing.bands.append(_band(indexes, segment, plane.x, plane.y))
        drawing.limits.extend(_limit_lines(indexes, segment, plane.x, plane.y))
        ends = plain(plane.x(indexes[0] - 0.5)), plain(plane.x(indexes[-1] + 0.5))
        drawing.centres.append(f"M{ends[0]} {plain(plane.y(segment.centre or 0))} H{ends[1]}")


def _control_span(
    segments: Sequence[Segment], goal: Number | None, floor: Number | None, ceiling: Number | None
) -> tuple[float, float]:
    values = [reading.value for segment in segments for reading in segment.readings]
    values += [side for segment in segments for each in segment.limits for side in (each.low, each.high)]
    values += [] if goal is None else [float(goal)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = (high - low) * 0.08 or max(abs(high) * 0.1, 1.0)
    low, high = low - margin, high + margin
    if floor is not None:
        low = max(low, float(floor))
    if ceiling is not None:
        high = min(high, float(ceiling))
    return (low, high) if high > low else (low - 1, high + 1)


def _joined(indexes: Sequence[int], at: Sequence[tuple[float, float]]) -> list[str]:
    """Lines between neighbours; a gap breaks the line."""
    found: list[list[str]] = [[]]
    last = None
    for index, (left, height) in zip(indexes, at, strict=True):
        if last is not None and index != last + 1:
            found.append([])
        found[-1].append(f"{plain(left)} {plain(height)}")
        last = index
    return ["M" + " L".join(run) for run in found if len(run) > 1]


Place = Callable[[float], float]


def _stairs(indexes: Sequence[int], heights: Sequence[float], x: Place, y: Place) -> list[str]:
    """Corners of a line that is level over each slot, and over the gap before it."""
    corners = []
    start = indexes[0] - 0.5
    for index, height in zip(indexes, heights, strict=True):
        corners += [f"{plain(x(start))} {plain(y(height))}", f"{plain(x(index + 0.5))} {plain(y(height))}"]
        start = index + 0.5
    return corners


def _band(indexes: Sequence[int], segment: Segment, x: Place, y: Place) -> str:
    upper = _stairs(indexes, [limit.high for limit in segment.limits], x, y)
    lower = _stairs(indexes, [limit.low for limit in segment.limits], x, y)
    return "M" + " L".join([*upper, *reversed(lower)]) + "Z"


def _limit_lines(indexes: Sequence[int], segment: Segment, x: Place, y: Place) -> list[str]:
    """The edges of the usual range; none where it is clamped to what the figure can be."""
    found = []
    if not all(limit.is_open_above for limit in segment.limits):
        found.append("M" + " L".join(_stairs(indexes, [each.high for each in segment.limits], x, y)))
    if not all(limit.is_open_below for limit in segment.limits):
        found.append("M" + " L".join(_stairs(indexes, [each.low for each in segment.limits], x, y)))
    return found


def _nice_ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers between the ends."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in _STEPS if each * power >= rough)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _days(slots: Sequence[date], x: Place) -> list[tuple[str, date, str]]:
    """The first and the last slot, and what begins between and not too near to them: up to two years of
    months the quarters, else the years."""
    if not slots:
        return []
    found = [(plain(x(0)), slots[0], "start")] if len(slots) > 1 else []
    near = max(2, len(slots) // 8)
    beginnings = (1, 4, 7, 10) if len(slots) <= MONTHS_BY_QUARTERS else (1,)
    found += [
        (plain(x(index)), slot, "middle")
        for index, slot in enumerate(slots)
        if slot.month in beginnings and slot.day == 1 and near <= index < len(slots) - near
    ]
    return [*found, (plain(x(len(slots) - 1)), slots[-1], "end")]
