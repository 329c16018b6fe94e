"""A place is given another questionnaire: what was answered there before stays where it was."""

from datetime import date, datetime
from typing import Any

import pytest

from common.period import Period
from feedback.coverage import coverage_of
from feedback.models import Collector, Questionnaire
from feedback.results import Scope, results_of
from feedback.spoken import comments_of_employees
from feedback.tests.cards import a_place
from feedback.tests.factories import ResponseFactory, answer
from organisation.tests.factories import person_in

pytestmark = pytest.mark.django_db
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
EMPLOYEES = Questionnaire.Kind.EMPLOYEES


def moved(kind: str, now: datetime) -> tuple[Any, Any]:
    """A place at which eight have answered, and which asks something else since."""
    place, other = a_place(), a_place()
    questionnaire = place.collector.questionnaire
    Questionnaire.objects.filter(pk=questionnaire.pk).update(kind=kind)
    questionnaire.refresh_from_db()
    for number in range(8):
        card = ResponseFactory(
            collector=place.collector,
            version=place.version,
            received_at=now,
            service_date=now.date(),
            has_comment=True,
        )
        answer(card, place.visit, 4)
        answer(card, place.comment, None, text=f"Words {number}")
    Collector.objects.filter(pk=place.collector.pk).update(questionnaire=other.collector.questionnaire)
    place.collector.refresh_from_db()
    return place, questionnaire


@pytest.mark.parametrize("kind", [EMPLOYEES, Questionnaire.Kind.CARD])
def test_its_results_are_not_lost(now: datetime, kind: str) -> None:
    place, questionnaire = moved(kind, now)
    scope = Scope(questionnaire, frozenset({place.collector.unit_id}), None, NOVEMBER)
    user = person_in(place.collector.unit, "manager")
    visit = next(
        each for each in results_of(scope, user=user, today=now.date()) if each.question.key == "visit"
    )
    assert visit.n == 8
    assert [part.n for part in visit.units] == [8]
    if kind == EMPLOYEES:
        assert len(comments_of_employees(scope, now.date())) == 8
    else:
        assert [part.name for part in visit.places] == [place.collector.name]


def test_the_hours_of_colleagues_stay_hidden(now: datetime) -> None:
    place, _questionnaire = moved(EMPLOYEES, now)
    today = coverage_of(place.collector, at=now).days[0]
    assert (today.cards, sum(cell.cards for cell in today.cells)) == (8, 0)
