"""The goals that hold already: what a row's goal may not overlap, nor judge anew."""

from collections.abc import Iterator
from decimal import Decimal

from charter.goal_history import Places
from charter.models import Edition, Goal, Measure
from charter.models.measure import goal_among
from common.period import Period


class StandingGoals:
    """Goals of measures of recorded results, read once; decision 11 says what stands against a new one."""

    def __init__(self) -> None:
        self._goals: dict[int, list[Goal]] = {}
        for goal in Goal.objects.filter(measure__source=Measure.Source.RESULTS):
            self._goals.setdefault(goal.measure_id, []).append(goal)
        published = Edition.objects.values("charter")
        self._promised = set(
            Measure.objects.filter(pk__in=self._goals, standard__charter__in=published).values_list(
                "pk", flat=True
            )
        )
        self._places = Places()

    def knows(self, measure: int | None) -> bool:
        """Whether the measure has a goal at all."""
        return measure in self._goals

    def own(self, measure: int, unit: int, days: Period) -> set[Decimal]:
        """The unit's own goals on these days: two never hold at once."""
        return {
            goal.target
            for goal in self._goals.get(measure, ())
            if goal.unit_id == unit and goal.overlaps(days.start, days.end)
        }

    def promised(self, measure: int, unit: int, days: Period) -> set[Decimal]:
        """The goals that held for the unit on these days once an edition has promised the measure."""
        return set(self._held(measure, unit, days)) if measure in self._promised else set()

    def _held(self, measure: int, unit: int, days: Period) -> Iterator[Decimal]:
        goals = [goal for goal in self._goals[measure] if goal.overlaps(days.start, days.end)]
        if not goals:
            return
        for day, path in self._places.spans(unit, (days.start, days.end), goals):
            if goal := goal_among(goals, path, day):
                yield goal.target
