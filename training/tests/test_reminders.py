"""Letters: each once, to those whom they concern, and made up for after a day off."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.assign import extend_due
from training.actions.courses import archive_course
from training.actions.reminders import remind_learners, write_digests
from training.slots import overdue_people
from training.tests.factories import a_course, an_assignment

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 31)


@pytest.fixture
def branch():
    return UnitFactory(parent=InstallationFactory().root)


@pytest.fixture
def learner(branch):
    return person_in(branch, name="Sofia Reyes", email="sofia@example.org")


def days_before(now, days):
    """The test's hour so many days before the course is due."""
    return now + (DUE - now.date()) - timedelta(days=days)


def test_a_learner_is_reminded_14_and_3_days_before_and_on_the_day_once_each(learner, now):
    an_assignment(person=learner)
    written = {}
    for days in range(20, -3, -1):
        written[days] = remind_learners(at=days_before(now, days)) + remind_learners(
            at=days_before(now, days)
        )
    assert {days for days, count in written.items() if count} == {14, 3, 0}
    assert set(written.values()) == {0, 1}


def test_a_reminder_says_what_is_due_when(learner, now):
    an_assignment(a_course("telephone"), learner)
    an_assignment(a_course("letters"), learner)
    remind_learners(at=days_before(now, 14))
    letter = OutgoingMail.objects.get()
    assert letter.to == "sofia@example.org"
    assert letter.subject == "2 courses are due soon"
    assert "Course telephone: due on 31 December 2026" in letter.body
    assert "Course letters" in letter.body


def test_a_day_on_which_nothing_ran_is_made_up_for(learner, now):
    an_assignment(person=learner)
    assert remind_learners(at=days_before(now, 12)) == 1
    assert remind_learners(at=days_before(now, 11)) == 0
    assert remind_learners(at=days_before(now, 1)) == 1


def test_more_time_means_another_reminder(learner, now):
    assignment = an_assignment(person=learner)
    remind_learners(at=days_before(now, 3))
    extend_due(assignment, due_on=date(2027, 1, 31), reason="Ill", by=person_in(UnitFactory()), at=now)
    assert remind_learners(at=days_before(now, -17)) == 1


@pytest.mark.parametrize("state", ["completed", "failed", "awaiting"])
def test_nobody_is_reminded_of_what_they_do_not_owe(state, learner, now):
    an_assignment(person=learner, state=state)
    assert remind_learners(at=days_before(now, 3)) == 0


def test_who_has_left_gets_no_letter(branch, now):
    an_assignment(person=person_in(branch, is_active=False), due_on=date(2026, 1, 1))
    an_assignment(a_course("other"), person_in(branch, is_active=False))
    person_in(branch, "manager")
    assert remind_learners(at=days_before(now, 3)) == 0
    assert write_digests(at=now) == 0


def test_a_manager_reads_once_a_week_who_is_overdue_in_the_own_units(branch, learner, now):
    manager = person_in(branch, "manager", email="manager@example.org")
    person_in(UnitFactory(), "manager", email="foreign@example.org")
    an_assignment(a_course("telephone"), learner, due_on=date(2026, 11, 17))
    an_assignment(a_course("today"), learner, due_on=date(2026, 11, 18))
    an_assignment(a_course("own"), manager, due_on=date(2026, 11, 1))
    assert write_digests(at=now) == 1
    assert write_digests(at=now + timedelta(days=3)) == 0
    letter = OutgoingMail.objects.get()
    assert letter.to == "manager@example.org"
    assert "Sofia Reyes, Course telephone: was due on 17 November 2026" in letter.body
    assert "/training/matrix/?overdue=on&sort=overdue\n" in letter.body
    assert "today" not in letter.body
    assert "Course own" not in letter.body
    assert write_digests(at=now + timedelta(days=7)) == 1


def test_a_digest_asks_the_database_as_often_for_twenty_people_as_for_two(branch, now):
    person_in(branch, "manager")
    course = a_course()

    def queries(count, at):
        for _number in range(count):
            an_assignment(course, person_in(branch), due_on=date(2026, 1, 1))
        with CaptureQueriesContext(connection) as asked:
            assert write_digests(at=at) == 1
        return len(asked)

    assert queries(2, now) == queries(18, now + timedelta(days=7))


def test_the_digest_and_my_work_leave_out_what_is_in_the_archive(branch, now):
    manager = person_in(branch, "manager", "middle")
    course = a_course("old", unit=branch)
    an_assignment(course, person_in(branch), due_on=now.date() - timedelta(days=3))
    assert overdue_people(manager, now) == {"count": 1}
    archive_course(course, by=manager, at=now)
    assert overdue_people(manager, now) is None
    assert write_digests(at=now) == 0
