"""The attack of `test_withheld` once more, on what the page of results says over years and comparisons."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import product
from random import Random
from typing import Any

import pytest

from common.period import Period
from feedback.crossing import cross_of
from feedback.models import Question, Questionnaire
from feedback.results import MINIMUM, Scope, results_of
from feedback.tests.cards import FACES, a_survey
from feedback.tests.factories import CollectorFactory, ResponseFactory, answer
from organisation.models import Tree
from organisation.tests.factories import UnitFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
DAYS = [date(year, month, day) for year in (2025, 2026) for month in (1, 6, 12) for day in (1, 15, 28)]
PERIODS = [
    Period(date(2026, 1, 1), date(2027, 1, 1)),
    Period(date(2025, 6, 1), date(2026, 6, 1)),
    Period(date(2026, 1, 1), date(2026, 12, 15)),
    Period(date(2026, 6, 1), date(2026, 6, 16)),
]
AGAINST = [None, Period(date(2025, 12, 1), date(2026, 2, 1)), Period(date(2030, 1, 1), date(2030, 7, 1))]


@pytest.fixture
def survey() -> Any:
    """Employees of a unit and two below it, who answered two questions, few on each day."""
    top = UnitFactory()
    kinds = (("mood", "faces", {}), ("load", "faces", {}))
    found = a_survey(*kinds, unit=top)
    Questionnaire.objects.update(kind=Questionnaire.Kind.EMPLOYEES)
    found.questionnaire = Questionnaire.objects.get()
    places = [found.collector]
    for _number in range(2):
        below = UnitFactory(parent=top)
        places.append(CollectorFactory(questionnaire=found.questionnaire, unit=below))
    random = Random(11)
    for day, place in product(DAYS, places):
        for _person in range(random.choice((0, 1, 2, 3, 6))):
            response: Any = ResponseFactory(
                collector=place,
                version=found.version,
                received_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
            )
            for question in found.questions.values():
                answer(response, question, random.randint(1, 5))
    found.units = [place.unit for place in places]
    assert Question.objects.filter(**FACES).count() == 2
    return found


def requests(survey: Any) -> Any:
    """Everything that a reader may ask for: unit, period and period compared."""
    tree = Tree.on(TODAY)
    for unit, period, against in product(survey.units, PERIODS, AGAINST):
        units = frozenset(tree.subtree(unit.pk))
        yield Scope(survey.questionnaire, units, None, period, against)


def counts_of(result: Any) -> Counter[Any]:
    return Counter({bar.value: bar.count for bar in result.bars})


def test_what_is_shown_of_a_period_does_not_depend_on_what_it_is_compared_with(survey: Any) -> None:
    reader, shown = UserFactory(), {}
    for scope in requests(survey):
        for result in results_of(scope, user=reader, today=TODAY):
            figures = (counts_of(result), [(part.name, part.n) for part in result.units])
            key = (result.question.key, scope.units, scope.period)
            assert shown.setdefault(key, figures) == figures
    assert sum(1 for counts, _parts in shown.values() if counts) > 8


def test_whatever_is_subtracted_from_whatever_leaves_none_or_enough(survey: Any) -> None:
    reader = UserFactory()
    shown = {}
    for scope in requests(survey):
        results = {each.question.key: each for each in results_of(scope, user=reader, today=TODAY)}
        shown[scope.units, scope.period] = counts_of(results["load"])
    nested = [
        (outer, inner)
        for outer, inner in product(shown, repeat=2)
        if inner[0] <= outer[0] and outer[1].start <= inner[1].start and inner[1].end <= outer[1].end
    ]
    left = [shown[outer].total() - shown[inner].total() for outer, inner in nested]
    assert [rest for rest in left if 0 < rest < MINIMUM or rest < 0] == []
    assert len(set(left)) > 5


def test_nor_does_a_crossed_table_depend_on_what_is_compared(survey: Any) -> None:
    reader, shown = UserFactory(), {}
    questions = survey.questions["mood"], survey.questions["load"]
    for scope in requests(survey):
        crossed = cross_of(scope, *questions, user=reader, today=TODAY)
        figures = [(row.label, row.n, [cell.count for cell in row.cells]) for row in crossed.rows]
        assert shown.setdefault((scope.units, scope.period), figures) == figures
