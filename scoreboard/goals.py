"""The goals in force, for everybody who works here, each with what stands against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from charter.models import Goal, Measure
from charter.models.measure import MeasureQuerySet
from common.period import Period
from organisation.models import Unit
from scoreboard import pooling
from scoreboard.figures import Figure, make_figure


@dataclass(frozen=True)
class GoalRow:
    """A goal of one unit, or of all: then the figure is that of the unit whose charter it stands in.

    The figure is held against this goal, even where the unit has one of its own beside it.
    """

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


def measures_in_use() -> MeasureQuerySet:
    """Every active measure of a promise in a standing unit, with its goals and words."""
    return (
        Measure.objects.active()
        .of_promises()
        .filter(standard__charter__unit__archived_at__isnull=True)
        .select_related("standard__charter__unit")
        .prefetch_related("goals__unit", "standard__texts")
    )


def goals_in_force(period: Period, today: date) -> list[GoalRow]:
    """Every goal of an active measure on the period's last day (or today), by unit and standard.

    The number of queries is the same for two goals as for twenty.
    """
    on = max(period.start, min(period.last_day, today))
    measures = list(measures_in_use())
    goals = [(measure, goal) for measure in measures for goal in measure.goals.all() if goal.in_force(on)]
    units = {unit.pk: unit for unit in _units_of(goals)}
    placements = pooling.Placements.read()
    spans = {pk: pooling.spans_of(pk, period, placements) for pk in units}
    pooled = pooling.pool_by_unit(measures, spans)
    rows = []
    for measure, goal in goals:
        unit = units[goal.unit_id or measure.unit_id]
        counted = pooled[unit.pk].get(measure.pk, {})
        rows.append(GoalRow(goal, measure, unit, make_figure(measure, unit, period, counted, goal)))
    return sorted(rows, key=lambda row: (row.unit.name, row.measure.standard.position, row.measure.pk))


def _units_of(goals: Iterable[tuple[Measure, Goal]]) -> Iterable[Unit]:
    for measure, goal in goals:
        yield goal.unit or measure.standard.charter.unit
