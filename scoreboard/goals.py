"""The goals in force, for everybody who works here, each with what stands against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from charter.models import Goal, Measure
from common.period import Period
from organisation.models import Unit
from scoreboard.figures import Figure, figures_of_units


@dataclass(frozen=True)
class GoalRow:
    """A goal of one unit, or of all: then the figure is that of the unit whose charter it stands in."""

    goal: Goal
    measure: Measure
    unit: Unit
    figure: Figure

    @property
    def searchable(self) -> str:
        return f"{self.measure.standard} {self.measure.name} {self.unit.name}"

    @property
    def target_text(self) -> str:
        return self.figure.say_goal(self.goal.target)


def goals_in_force(period: Period, today: date) -> list[GoalRow]:
    """Every goal of an active measure on the period's last day (or today), by unit and standard.

    The number of queries is the same for two goals as for twenty.
    """
    on = max(period.start, min(period.last_day, today))
    measures = list(
        Measure.objects.active()
        .filter(standard__charter__unit__archived_at__isnull=True)
        .select_related("standard__charter__unit")
        .prefetch_related("goals__unit", "standard__texts")
    )
    goals = [(measure, goal) for measure in measures for goal in measure.goals.all() if goal.in_force(on)]
    units = {unit.pk: unit for unit in _units_of(goals)}
    figures = figures_of_units(measures, list(units.values()), period, today=today)
    rows = []
    for measure, goal in goals:
        unit = units[goal.unit_id or measure.unit_id]
        rows.append(GoalRow(goal, measure, unit, figures[measure.pk][unit.pk]))
    return sorted(rows, key=lambda row: (row.unit.name, row.measure.standard.position, row.measure.pk))


def _units_of(goals: Iterable[tuple[Measure, Goal]]) -> Iterable[Unit]:
    for measure, goal in goals:
        yield goal.unit or measure.standard.charter.unit
