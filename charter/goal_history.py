"""Which goal held for a unit on a past day, and whether a change gives such a day another one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from charter.models import Goal
from charter.models.measure import goal_among
from organisation.models import Tree, UnitPlacement

Days = tuple[date, date]
"""From a day up to but not including another one."""


@dataclass(frozen=True)
class Rewritten:
    """On `day` the goal `was` held, and after a change `is_now` would (None: no goal at all)."""

    day: date
    was: Goal
    is_now: Goal | None


@dataclass
class Places:
    """Where units stand, day by day; the placements are read once, when a unit is first asked for."""

    _placements: list[UnitPlacement] = field(default_factory=list)
    _trees: dict[date, Tree] = field(default_factory=dict)

    def spans(self, unit: int | None, days: Days, goals: Iterable[Goal]) -> Iterator[tuple[date, list[int]]]:
        """The first day of each span of `days` within which no goal begins or ends and no unit moves.

        With the unit's path from the top; without a unit the path is empty.
        """
        if unit and not self._placements:
            self._placements = list(UnitPlacement.objects.all())
        start, end = days
        turns = _turns(goals) | ({each.starts_on for each in self._placements} if unit else set())
        for day in sorted({start, *(turn for turn in turns if start < turn < end)}):
            yield day, self._path(unit, day) if unit else []

    def _path(self, unit: int, day: date) -> list[int]:
        if day not in self._trees:
            self._trees[day] = Tree.from_placements(self._placements, day)
        return self._trees[day].path(unit)


def rewritten(stood: list[Goal], stand: list[Goal], unit: int | None, *, before: date) -> Rewritten | None:
    """The first day before a day on which the unit's goal has become another one, or has gone.

    A day that had no goal may get one. Whoever stands below the unit has a nearer goal or the unit's, so
    nothing is rewritten there where nothing is here.
    """
    places = Places()
    for days in _own_days_changed(stood, stand, unit, before):
        for day, path in places.spans(unit, days, [*stood, *stand]):
            was, is_now = goal_among(stood, path, day), goal_among(stand, path, day)
            if was and (is_now is None or is_now.target != was.target):
                return Rewritten(day, was, is_now)
    return None


def _own_days_changed(stood: list[Goal], stand: list[Goal], unit: int | None, before: date) -> Iterator[Days]:
    """Days before a day on which the goal that is set for the unit itself is another one."""
    was, is_now = ([goal for goal in goals if goal.unit_id == unit] for goals in (stood, stand))
    turns = {turn for turn in _turns([*was, *is_now]) if turn < before}
    for start, end in pairwise(sorted({*turns, before})):
        if _target(was, start) != _target(is_now, start):
            yield start, end


def _turns(goals: Iterable[Goal]) -> set[date]:
    """The days on which a goal begins, or no longer holds."""
    return {day for goal in goals for day in (goal.starts_on, goal.ends_on) if day}


def _target(goals: list[Goal], day: date) -> Decimal | None:
    return next((goal.target for goal in goals if goal.in_force(day)), None)
