"""Cycles beside each other: a waiver of an older one, a new version while somebody is under way, and one
row that cannot be worked off among many that can."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from organisation.actions.jobs import run_due_jobs
from organisation.models import Job, OutgoingMail
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in
from training import tasks
from training.actions import assign, courses, know_people, new_versions, reminders, rules
from training.actions.learn import finish_lesson, start_lesson
from training.models import Assignment, AssignmentRule, Course
from training.tests.factories import a_course, an_assignment, lessons_of

pytestmark = pytest.mark.django_db

State = Assignment.State


@pytest.fixture
def failed_and_again():
    failed = an_assignment(state=State.FAILED)
    return failed, an_assignment(failed.course, failed.person, cycle=2)


# ---------------------------------------------------------------- waivers


def test_an_older_cycle_is_not_waived_while_a_newer_one_stands(failed_and_again, now):
    failed, again = failed_and_again
    with pytest.raises(ValidationError, match="newer"):
        assign.waive(failed, reason="On leave", by=UserFactory(), at=now)
    failed.refresh_from_db()
    assert failed.state == State.FAILED
    assign.waive(again, reason="On leave", by=UserFactory(), at=now)
    again.refresh_from_db()
    assert again.state == State.WAIVED


def test_a_waiver_of_an_older_cycle_ends_without_anything_being_owed_twice(failed_and_again, now):
    failed, _again = failed_and_again
    Assignment.objects.filter(pk=failed.pk).update(
        state=State.WAIVED, waiver_reason="On leave", waived_until=now.date()
    )
    assert not assign.end_waiver(failed, by=None, at=now + timedelta(days=1))
    assert assign.end_waivers(at=now + timedelta(days=2)) == 0
    assert Assignment.objects.open().count() == 1


def test_one_waiver_that_cannot_end_holds_no_other_up(now, monkeypatch, caplog):
    first, second = an_assignment(due_on=now.date()), an_assignment(a_course("other"))
    for each in (first, second):
        assign.waive(each, reason="On leave", until=now.date(), by=UserFactory(), at=now)
    whole = assign.settle

    def failing(held, **more):
        if held == first:
            raise ArithmeticError
        return whole(held, **more)

    monkeypatch.setattr(assign, "settle", failing)
    assert assign.end_waivers(at=now + timedelta(days=1)) == 1
    second.refresh_from_db()
    assert second.state == State.ASSIGNED
    assert first.reference in caplog.text


# ---------------------------------------------- one bad row among many good


def test_one_reminder_that_cannot_be_written_holds_no_other_up(now, monkeypatch, caplog):
    bad, good = UserFactory(email="bad@example.org"), UserFactory(email="good@example.org")
    course = a_course()
    for person in (bad, good):
        an_assignment(course, person, due_on=now.date() + timedelta(days=3))
    whole = reminders.queue_mail

    def failing(*, to, **more):
        if to == "bad@example.org":
            raise ArithmeticError
        return whole(to=to, **more)

    monkeypatch.setattr(reminders, "queue_mail", failing)
    assert reminders.remind_learners(at=now) == 1
    assert bad.reference in caplog.text
    monkeypatch.undo()
    assert reminders.remind_learners(at=now) == 1


def test_one_digest_that_cannot_be_written_holds_no_other_up(now, monkeypatch, caplog):
    branch = UnitFactory(parent=InstallationFactory().root)
    bad = person_in(branch, "manager", email="bad@example.org")
    person_in(branch, "manager", email="good@example.org")
    an_assignment(person=person_in(branch), due_on=now.date() - timedelta(days=1))
    whole = reminders.queue_mail

    def failing(*, to, **more):
        if to == "bad@example.org":
            raise ArithmeticError
        return whole(to=to, **more)

    monkeypatch.setattr(reminders, "queue_mail", failing)
    assert reminders.write_digests(at=now) == 1
    assert bad.reference in caplog.text
    assert OutgoingMail.objects.get().to == "good@example.org"


def test_one_rule_that_cannot_be_applied_holds_no_other_up(now, monkeypatch, caplog):
    unit = UnitFactory()
    person_in(unit)
    bad, good = (
        AssignmentRule.objects.create(course=a_course(key), unit=unit, starts_on=now.date())
        for key in ("bad", "good")
    )
    whole = rules.newcomers

    def failing(rule, tree, at):
        if rule == bad:
            raise ArithmeticError
        return whole(rule, tree, at)

    monkeypatch.setattr(rules, "newcomers", failing)
    assert rules.apply_rules(at=now) == 1
    assert Assignment.objects.get().rule == good
    assert bad.reference in caplog.text


# ------------------------------------------------------- versions that ask


def release(course, now, **more):
    return courses.release_version(courses.open_draft(course), by=None, at=now, **more)


def finished(course, now):
    """Somebody who has completed what is taught now."""
    assignment = an_assignment(course)
    for lesson in lessons_of(course):
        finish_lesson(assignment, lesson=lesson, at=now)
    return assignment.person


@pytest.fixture
def course():
    return a_course(questions=0, lessons=("text", "text"))


def test_a_release_that_does_not_ask_takes_nothing_from_the_one_before_that_did(course, now):
    person = finished(course, now)
    release(course, now, asks_for_renewal=True, renewal_due_days=14, note="New promise")
    release(course, now, asks_for_renewal=False, note="A comma")
    run_due_jobs(at=now)
    again = Assignment.objects.get(person=person, cycle=2)
    assert again.why == "New promise"


def test_a_course_with_the_longest_key_is_released_and_asks(now):
    course = a_course("k" * 60, questions=0)
    person = finished(course, now)
    release(course, now, asks_for_renewal=True)
    for job in Job.objects.all():
        job.full_clean(exclude=["created_by"])
    run_due_jobs(at=now)
    assert person.training_assignments.count() == 2


def test_two_releases_that_ask_ask_once(course, now):
    person = finished(course, now)
    for note in ("First", "Second"):
        release(course, now, asks_for_renewal=True, note=note)
    run_due_jobs(at=now)
    assert [row.why for row in person.training_assignments.filter(cycle__gt=1)] == ["Second"]


def test_who_was_under_way_is_asked_once_the_older_version_is_completed(course, now):
    assignment = an_assignment(course)
    first, second = lessons_of(course)
    finish_lesson(assignment, lesson=first, at=now)
    release(course, now, asks_for_renewal=True, renewal_due_days=14, note="New promise")
    run_due_jobs(at=now)
    assert new_versions.ask_for_renewals(at=now) == 0
    finish_lesson(assignment, lesson=second, at=now)
    later = now + timedelta(days=3)
    assert new_versions.ask_for_renewals(at=later) == 1
    assert new_versions.ask_for_renewals(at=later) == 0
    again = Assignment.objects.get(cycle=2)
    assert (again.why, again.due_on) == ("New promise", later.date() + timedelta(days=14))


def test_who_had_not_begun_takes_the_new_version_and_is_not_asked_twice(course, now):
    assignment = an_assignment(course)
    release(course, now, asks_for_renewal=True)
    for lesson in lessons_of(course):
        finish_lesson(assignment, lesson=lesson, at=now)
    assert new_versions.ask_for_renewals(at=now) == 0


def test_a_course_in_the_archive_asks_nobody(course, now):
    finished(course, now)
    release(course, now, asks_for_renewal=True)
    Course.objects.update(state=Course.State.ARCHIVED)
    assert new_versions.ask_for_renewals(at=now) == 0


def test_one_renewal_that_cannot_be_opened_holds_no_other_up(course, now, monkeypatch, caplog):
    people = [finished(course, now) for _each in range(2)]
    release(course, now, asks_for_renewal=True)
    whole = new_versions.open_cycle

    def failing(*, person, **more):
        if person == people[0]:
            raise ArithmeticError
        return whole(person=person, **more)

    monkeypatch.setattr(new_versions, "open_cycle", failing)
    assert new_versions.ask_for_renewals(at=now) == 1
    assert Assignment.objects.get(cycle=2).person == people[1]
    assert people[0].reference in caplog.text


def test_the_hourly_work_asks_for_renewals_too(course, monkeypatch):
    called = []
    doors = ((assign, "end_waivers"), (assign, "open_refreshers"), (new_versions, "ask_for_renewals"))
    for module, name in doors:
        monkeypatch.setattr(module, name, lambda name=name: called.append(name))
    tasks.look_after_cycles()
    assert called == ["end_waivers", "open_refreshers", "ask_for_renewals"]


def test_one_charter_that_cannot_be_asked_about_holds_no_other_up(monkeypatch, now, caplog):
    monkeypatch.setattr(know_people, "_owed", lambda: {a_course("bad"): [], a_course("good"): []})
    asked = []

    def ask_about(course, prepared, at):
        if course.key == "bad":
            raise ArithmeticError
        asked.append(course.key)
        return 1

    monkeypatch.setattr(know_people, "_ask_about", ask_about)
    assert know_people.ask_to_know_charters(at=now) == 1
    assert asked == ["good"]
    assert "bad" in caplog.text


def test_a_lesson_that_was_opened_before_the_release_is_of_the_version_begun(course, now):
    assignment = an_assignment(course, due_on=date(2026, 12, 31))
    old = lessons_of(course)[0]
    release(course, now, asks_for_renewal=True)
    start_lesson(assignment, lesson=old, at=now)
    assignment.refresh_from_db()
    assert assignment.version.number == 1
