"""The plan on a line of time: geometry in, strings for SVG attributes out."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.charts import plain
from common.period import add_months

TOP, LINE, BAR, RIGHT = 34.0, 16.0, 14.0, 14.0
MOST_LINES = 2


@dataclass(frozen=True)
class Sheet:
    """How wide the drawing is, where its bars begin, how high a row is, and what fits into it."""

    width: float
    left: float
    row: float
    words_a_line: int
    most_ticks: int
    names_above: bool = False


# Names beside the bars on a desk; in the hand they stand above them.
DESK = Sheet(width=960, left=280, row=38, words_a_line=42, most_ticks=14)
HAND = Sheet(width=360, left=8, row=64, words_a_line=46, most_ticks=5, names_above=True)


@dataclass(frozen=True)
class Bar:
    """One action: its title in lines, where its bar begins, how long it is, how much of it is done, where its
    milestones lie."""

    action: Any
    lines: list[tuple[str, str]]
    middle: str
    top: str
    left: str
    width: str
    done: str
    milestones: list[tuple[str, bool]]


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    ticks: list[tuple[str, date]]
    today: str
    height: str
    bottom: str
    width: str


def timeline(actions: Sequence[Any], today: date, sheet: Sheet = DESK) -> Timeline | None:
    """The actions (each with `standing` and prefetched `milestones`), from the first day of the first month
    to the end of the last; None for none."""
    if not actions:
        return None
    first = min(action.starts_on for action in actions).replace(day=1)
    last = add_months(max(action.ends_on for action in actions), 1)
    days = (last - first).days

    def place(day: date) -> float:
        share = min(max((day - first).days, 0), days) / days
        return sheet.left + (sheet.width - sheet.left - RIGHT) * share

    bottom = TOP + sheet.row * len(actions)
    return Timeline(
        bars=[_bar(number, action, place, sheet) for number, action in enumerate(actions)],
        ticks=_ticks(first, last, place, sheet.most_ticks),
        today=plain(place(today)) if first <= today <= last else "",
        height=plain(bottom + 10),
        bottom=plain(bottom),
        width=plain(sheet.width),
    )


def _bar(number: int, action: Any, place: Any, sheet: Sheet) -> Bar:
    top = TOP + sheet.row * number
    middle = top + sheet.row - BAR if sheet.names_above else top + sheet.row / 2
    left, right = place(action.starts_on), place(action.ends_on)
    width = max(right - left, 4.0)
    share = float(action.standing.progress or 0)
    return Bar(
        action=action,
        lines=_lines(action.title, middle, sheet),
        middle=plain(middle),
        top=plain(middle - BAR / 2),
        left=plain(left),
        width=plain(width),
        done=plain(width * share),
        milestones=[
            (plain(place(each.due_on)), each.done_on is not None) for each in action.milestones.all()
        ],
    )


def _lines(title: str, middle: float, sheet: Sheet) -> list[tuple[str, str]]:
    """The title in lines, around the middle of its bar or above it, and where each stands."""
    lines = textwrap.wrap(title, sheet.words_a_line, max_lines=MOST_LINES, placeholder=" …")
    more = LINE * (len(lines) - 1)
    first = middle - BAR - LINE / 4 - more if sheet.names_above else middle - more / 2
    return [(plain(first + LINE * number), line) for number, line in enumerate(lines)]


def _ticks(first: date, last: date, place: Any, most: int) -> list[tuple[str, date]]:
    months = (last.year - first.year) * 12 + last.month - first.month
    step = -(-months // most)
    days = [add_months(first, number) for number in range(0, months, step)]
    return [(plain(place(day)), day) for day in days]
