"""Training on My work."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.tests.factories import a_course, an_assignment

pytestmark = pytest.mark.django_db


def test_my_work_shows_the_training_that_is_due_and_nothing_that_is_done(client: Any) -> None:
    person = person_in(UnitFactory(parent=InstallationFactory().root))
    today = timezone.localdate()
    an_assignment(a_course("late"), person, due_on=today - timedelta(days=4))
    an_assignment(a_course("ahead"), person, due_on=today + timedelta(days=9))
    an_assignment(a_course("done"), person, state="completed")
    an_assignment(a_course("foreign"), person_in(UnitFactory()))
    client.force_login(person)
    page = client.get("/my/").content.decode()
    assert page.index("Course late") < page.index("Course ahead")
    assert "4 days late" in page
    assert "Course done" not in page
    assert "Course foreign" not in page
