"""Answers of employees that feed measures: in the blocks that the results show (decision 59).

The scoreboard lets its reader choose units and periods. Counted one by one, two of them would give a
person away; summed up from whole blocks, and from the same ones as on the results, they do not.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from common.period import Period
from feedback.models import Question, Questionnaire
from feedback.models.response import CONFIDENTIAL
from feedback.results import MINIMUM, NA, Key, Scope, places_above, portions_of
from feedback.withheld import blocks
from organisation.models import Unit


@dataclass(frozen=True)
class MeasuredBlock:
    """Answers of several people to one measure: value (None: does not apply) → how many. `home` is the
    unit in which it was made, `units` are those of its answers; `last` is its last day."""

    measure: int
    series: int
    home: int
    units: frozenset[int]
    first: date
    last: date
    answers: Counter[int | None]

    def lies_in(self, units: "frozenset[int] | set[int]", start: date, end: date) -> bool:
        """Wholly inside the units and `[start, end)`."""
        return start <= self.first and self.last < end and self.units <= units


def of_employees(measures: Iterable[int]) -> set[int]:
    """Those of the measures that a survey of employees feeds. One query."""
    asked = Question.objects.filter(measure__in=list(measures), version__published_at__isnull=False)
    confidential = asked.filter(version__questionnaire__kind=CONFIDENTIAL)
    return set(confidential.order_by().values_list("measure", flat=True).distinct())


def measured_blocks(measures: Iterable[int], period: Period, today: date) -> list[MeasuredBlock]:
    """The blocks of the years that a period touches, of every questionnaire that feeds the measures."""
    asked = Question.objects.filter(measure__in=list(measures)).order_by()
    rows: Any = asked.values_list("version__questionnaire", "key", "series", "measure").distinct()
    fed: dict[int, dict[Key, int]] = {}
    for questionnaire_id, key, series, measure in rows:
        fed.setdefault(questionnaire_id, {})[key, series] = measure
    found: list[MeasuredBlock] = []
    everywhere = frozenset(Unit.objects.values_list("pk", flat=True)) if fed else frozenset()
    for questionnaire in Questionnaire.objects.in_bulk(list(fed)).values():
        above = places_above(questionnaire, today)
        by_question = portions_of(Scope(questionnaire, everywhere, None, period))
        for question, measure in fed[questionnaire.pk].items():
            for block in blocks(by_question.get(question, []), above, MINIMUM):
                found.append(_measured(measure, question[1], block, above))
    return found


def _measured(measure: int, series: int, block: Any, above: Any) -> MeasuredBlock:
    answers: Counter[int | None] = Counter()
    for answer, many in block.counts.items():
        answers[None if answer == NA else answer] += many
    return MeasuredBlock(
        measure=measure,
        series=series,
        home=_unit_of(block.home, above),
        units=frozenset(_unit_of(place, above) for place in block.places),
        first=block.first,
        last=block.last,
        answers=answers,
    )


def _unit_of(place: Any, above: Any) -> int:
    return int(place[1] if place[0] == "unit" else above[place][1])
