"""The geometry of the house graphics: numbers in, strings for SVG attributes out.

Attributes of SVG are written with a point whatever the reader's language; words are made in the
template tags.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

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


PLAIN_MARK = Mark(filled=DISC)
"""The figure where no verdict is spoken."""


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
