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


def test_a_manager_sees_how_many_of_the_people_are_overdue_and_staff_do_not(client: Any) -> None:
    unit = UnitFactory(parent=InstallationFactory().root)
    manager, staff = person_in(unit, "manager", "middle"), person_in(unit)
    late = timezone.localdate() - timedelta(days=4)
    for key in ("first", "second"):
        an_assignment(a_course(key), staff, due_on=late)
    an_assignment(a_course("own"), manager, due_on=late)
    words = "1 of your people is overdue with training"
    client.force_login(manager)
    page = client.get("/my/").content.decode()
    assert words in page
    assert "/training/matrix/?overdue=on&amp;sort=overdue" in page
    client.force_login(staff)
    assert words not in client.get("/my/").content.decode()
