"""What colleagues experience stands on the board of a unit beside what customers experience."""

from typing import Any

import pytest
from django.test import Client

from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from feedback.models import Questionnaire
from feedback.tests.factories import QuestionFactory
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db


def test_the_unit_page_shows_measures_of_colleagues_with_their_goals_beside_those_of_customers(
    client: Client,
) -> None:
    unit: Any = InstallationFactory().root
    standard = StandardFactory(charter=CharterFactory(unit=unit))
    for kind, name in (("card", "Welcome at the door"), ("employees", "Time enough for a customer")):
        measure = MeasureFactory(standard=standard, name=name, goal=85)
        question: Any = QuestionFactory(measure=measure)
        Questionnaire.objects.filter(versions=question.version).update(kind=kind)
    client.force_login(person_in(unit))
    page = client.get(f"/scoreboard/{unit.slug}/").content.decode()
    order = [
        page.index(words)
        for words in (
            "<h2>What customers experience</h2>",
            "Welcome at the door",
            "<h2>What colleagues experience</h2>",
            "Time enough for a customer",
        )
    ]
    assert order == sorted(order)
    assert page.count("goal 85") >= 2
