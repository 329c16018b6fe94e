"""Days are those of the organisation, wherever the server's clock stands."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from organisation.models import User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.assign import end_waiver, waive
from training.compliance import EVERYBODY, compliance_on
from training.matrix import rows_of
from training.models import Assignment
from training.tests.factories import a_course, an_assignment

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 6, 14, 20, tzinfo=UTC)
NEXT_DAY = date(2026, 6, 15)
"""The date in Auckland when it is evening in Greenwich."""


@pytest.fixture
def branch():
    root = UnitFactory(name="Tauranga", slug="tauranga", timezone="Pacific/Auckland")
    return UnitFactory(parent=InstallationFactory(root=root).root, timezone="Pacific/Auckland")


def test_compliance_counts_the_days_after_a_waiver_from_the_day_on_which_it_ended_here(branch):
    boss = person_in(branch, "manager", "middle")
    course = a_course(questions=0)
    assignment = an_assignment(course, person_in(branch), due_on=date(2026, 5, 1))
    waive(assignment, reason="On leave", by=boss, at=EVENING - timedelta(days=30))
    end_waiver(assignment, by=boss, at=EVENING)
    assignment.refresh_from_db()
    assert assignment.due_on == NEXT_DAY + timedelta(days=30)
    waive(assignment, reason="On leave again", by=boss, at=EVENING + timedelta(days=60))
    people = User.objects.filter(is_active=True)
    last_day = compliance_on(assignment.due_on, people, [course]).cell(EVERYBODY, course.pk)
    assert (last_day.overdue, last_day.not_due) == (0, 1)


def test_the_matrix_says_the_day_of_here_on_which_a_course_was_failed(branch):
    course, person = a_course(), person_in(branch)
    an_assignment(course, person, state="failed", finished_at=EVENING)
    [row] = rows_of([person], [course], date(2026, 7, 1))
    assert row.cells[0].day == NEXT_DAY


def test_a_table_to_take_along_says_the_day_of_here_on_which_a_course_was_assigned(client, branch):
    person = person_in(branch)
    assignment = an_assignment(a_course(), person)
    Assignment.objects.filter(pk=assignment.pk).update(assigned_at=EVENING)
    client.force_login(person)
    answer = client.get(reverse("training:transcript"), {"export": "csv"})
    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(told), delimiter=",")
    assert line["Assigned on"] == NEXT_DAY.isoformat()
