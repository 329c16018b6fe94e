"""The plan on a line of time: geometry in, strings for SVG attributes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.charts import plain
from common.period import add_months

WIDTH, LEFT, RIGHT = 960.0, 250.0, 14.0
TOP, ROW = 34.0, 30.0
MOST_TICKS = 14
LONGEST_WORDS = 32


@dataclass(frozen=True)
class Bar:
    """One action: where its bar begins, how long it is, how much of it is done, where its milestones lie."""

    action: Any
    middle: str
    top: str
    left: str
    width: str
    done: str
    milestones: list[tuple[str, bool]]

    @property
    def words(self) -> str:
        title = self.action.title
        return title if len(title) <= LONGEST_WORDS else title[: LONGEST_WORDS - 1] + "…"


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    ticks: list[tuple[str, date]]
    today: str
    height: str
    bottom: str
    width: str = plain(WIDTH)


def timeline(actions: Sequence[Any], today: date) -> Timeline | None:
    """The actions (each with `standing` and prefetched `milestones`), from the first day of the first month
    to the end of the last; None for none."""
    if not actions:
        return None
    first = min(action.starts_on for action in actions).replace(day=1)
    last = add_months(max(action.ends_on for action in actions), 1)
    days = (last - first).days

    def place(day: date) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(max((day - first).days, 0), days) / days

    bottom = TOP + ROW * len(actions)
    return Timeline(
        bars=[_bar(number, action, place) for number, action in enumerate(actions)],
        ticks=_ticks(first, last, place),
        today=plain(place(today)) if first <= today <= last else "",
        height=plain(bottom + 10),
        bottom=plain(bottom),
    )


def _bar(number: int, action: Any, place: Any) -> Bar:
    top = TOP + ROW * number
    left, right = place(action.starts_on), place(action.ends_on)
    width = max(right - left, 4.0)
    share = float(action.standing.progress or 0)
    return Bar(
        action=action,
        middle=plain(top + ROW / 2),
        top=plain(top + 8),
        left=plain(left),
        width=plain(width),
        done=plain(width * share),
        milestones=[
            (plain(place(each.due_on)), each.done_on is not None) for each in action.milestones.all()
        ],
    )


def _ticks(first: date, last: date, place: Any) -> list[tuple[str, date]]:
    months = (last.year - first.year) * 12 + last.month - first.month
    step = -(-months // MOST_TICKS)
    days = [add_months(first, number) for number in range(0, months, step)]
    return [(plain(place(day)), day) for day in days]
