"""The next review of a charter: letters to its managers, each once."""

from datetime import timedelta

import pytest

from charter import actions
from charter.tests.factories import CharterFactory
from organisation.models import OutgoingMail
from organisation.tests.factories import UnitFactory, person_in


@pytest.fixture
def charter(db, now):
    return CharterFactory(next_review_on=now.date() + timedelta(days=30))


def test_managers_are_told_thirty_days_before_and_on_the_day_each_once(charter, now):
    manager = person_in(charter.unit, "manager")
    person_in(charter.unit)
    told = [bool(actions.remind_of_reviews(at=now + timedelta(days=days))) for days in range(-5, 40)]
    assert [day - 5 for day, yes in enumerate(told) if yes] == [0, 30]
    assert list(OutgoingMail.objects.values_list("to", flat=True)) == [manager.email] * 2


def test_without_a_manager_of_its_own_the_nearest_one_above_is_told(charter, now):
    above = UnitFactory()
    charter.unit.placements.update(parent=above)
    boss = person_in(above, "manager")
    actions.remind_of_reviews(at=now)
    assert OutgoingMail.objects.get().to == boss.email


def test_another_day_for_the_review_is_told_again(charter, now):
    person_in(charter.unit, "manager")
    actions.remind_of_reviews(at=now)
    charter.next_review_on += timedelta(days=100)
    charter.save()
    assert actions.remind_of_reviews(at=now) == 0
    assert actions.remind_of_reviews(at=now + timedelta(days=100)) == 1
