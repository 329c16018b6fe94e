"""Who takes what by when: once, with reasons, renewed in time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from organisation.actions.jobs import run_due_jobs
from organisation.models import Job, Membership
from organisation.tests.factories import UnitFactory, UserFactory, person_in
from training.actions import courses
from training.actions.assign import (
    AssigningRefused,
    TooEarly,
    assign_course,
    assign_people,
    end_waivers,
    extend_due,
    open_refreshers,
    renew,
    waive,
)
from training.actions.learn import finish_lesson
from training.actions.rules import apply_rules, end_rule, make_rule
from training.actions.turns import NotOpen
from training.models import Assignment, AssignmentRule, Certificate, Course, TrainingEvent
from training.tests.factories import a_course, an_assignment, lessons_of

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 31)
State = Assignment.State


def give(course, person, now, **more):
    return assign_course(course=course, person=person, due_on=DUE, by=None, at=now, **more)


def completed(now, course=None, **fields):
    """A cycle of a yearly course that was completed now."""
    course = course or a_course(questions=0, refresh_months=12, renewal_days=60)
    assignment = an_assignment(course, **fields)
    finish_lesson(assignment, lesson=lessons_of(course)[0], at=now)
    assignment.refresh_from_db()
    return assignment


def test_a_course_is_assigned_once(now):
    course, person = a_course(), UserFactory()
    first, was_new = give(course, person, now, why="New here")
    second, again = give(course, person, now + timedelta(days=1))
    assert (was_new, again) == (True, False)
    assert first == second
    assert (first.due_on, first.why, first.cycle) == (DUE, "New here", 1)
    assert TrainingEvent.objects.filter(assignment=first).count() == 1


@pytest.mark.parametrize("state", [Course.State.DRAFT, Course.State.ARCHIVED])
def test_only_released_courses_are_assigned(state, now):
    with pytest.raises(AssigningRefused):
        give(a_course(state=state), UserFactory(), now)


def test_nobody_who_has_left_gets_a_course(now):
    with pytest.raises(AssigningRefused):
        give(a_course(), UserFactory(is_active=False), now)


def test_a_course_is_not_due_before_it_is_assigned(now):
    with pytest.raises(AssigningRefused):
        assign_course(
            course=a_course(), person=UserFactory(), due_on=now.date() - timedelta(days=1), by=None, at=now
        )


def test_a_certificate_that_counts_is_enough_and_an_expired_one_is_not(now):
    assignment = completed(now)
    standing, is_new = give(assignment.course, assignment.person, now)
    assert (standing, is_new) == (assignment, False)
    Certificate.objects.update(expires_on=now.date() - timedelta(days=1))
    next_one, is_new = give(assignment.course, assignment.person, now)
    assert (next_one.cycle, is_new) == (2, True)


def test_after_a_failure_the_next_cycle_begins_afresh(now):
    failed = an_assignment(state=State.FAILED)
    again, is_new = give(failed.course, failed.person, now)
    assert (again.cycle, again.state, is_new) == (2, State.ASSIGNED, True)


def test_two_hundred_people_get_a_course_by_a_job_however_often_it_is_asked(now):
    course, by = a_course(), UserFactory()
    people = [UserFactory() for _number in range(200)]
    for _turn in range(2):
        batch = assign_people(
            course=course, people=people, due_on=date(2099, 1, 1), by=by, why="For all", at=now
        )
        assert run_due_jobs(at=now) == 1
    assert Assignment.objects.filter(course=course, why="For all", assigned_by=by).count() == 200
    batch.refresh_from_db()
    assert batch.made == 0
    assert {job.state for job in Job.objects.all()} == {Job.State.DONE}


def test_one_who_has_left_does_not_stop_the_others(now):
    people = [UserFactory(), UserFactory(is_active=False), UserFactory()]
    assign_people(course=a_course(), people=people, due_on=date(2099, 1, 1), by=people[0], at=now)
    run_due_jobs(at=now)
    assert set(Assignment.objects.values_list("person", flat=True)) == {people[0].pk, people[2].pk}


# -------------------------------------------------------- extended, waived


def test_an_extension_moves_the_due_date_and_keeps_the_first(now):
    assignment = an_assignment()
    extend_due(assignment, due_on=date(2027, 1, 31), reason="Ill", by=UserFactory(), at=now)
    assignment.refresh_from_db()
    assert (assignment.due_on, assignment.first_due_on) == (date(2027, 1, 31), DUE)
    assert assignment.extension_reason == "Ill"
    event = TrainingEvent.objects.get()
    assert event.note == "2026-12-31 → 2027-01-31: Ill"


@pytest.mark.parametrize(("due_on", "reason"), [(DUE, "Ill"), (date(2027, 1, 31), "  ")])
def test_an_extension_needs_a_later_day_and_a_reason(due_on, reason, now):
    with pytest.raises(ValidationError):
        extend_due(an_assignment(), due_on=due_on, reason=reason, by=UserFactory(), at=now)


def test_what_is_completed_is_not_extended(now):
    with pytest.raises(NotOpen):
        extend_due(completed(now), due_on=date(2027, 1, 31), reason="Ill", by=UserFactory(), at=now)


def test_a_waiver_ends_after_its_last_day(now):
    assignment = an_assignment(due_on=now.date())
    last = now.date() + timedelta(days=10)
    waive(assignment, reason="On leave", until=last, by=UserFactory(), at=now)
    assert end_waivers(at=now + timedelta(days=10)) == 0
    assert end_waivers(at=now + timedelta(days=11)) == 1
    assignment.refresh_from_db()
    assert assignment.state == State.ASSIGNED
    assert assignment.due_on == last + timedelta(days=31)


def test_a_waiver_for_good_stays_and_needs_a_reason(now):
    assignment = an_assignment()
    with pytest.raises(ValidationError):
        waive(assignment, reason=" ", by=UserFactory(), at=now)
    waive(assignment, reason="Trained elsewhere", by=UserFactory(), at=now)
    assert end_waivers(at=now + timedelta(days=4000)) == 0


def test_what_is_waived_is_not_overdue(now):
    an_assignment(state=State.WAIVED, waiver_reason="On leave", due_on=date(2026, 1, 1))
    late = an_assignment(a_course("other"), due_on=date(2026, 1, 1))
    assert list(Assignment.objects.overdue(now.date())) == [late]


# ---------------------------------------------------------------- renewals


def test_a_renewal_waits_for_its_window(now):
    assignment = completed(now)
    with pytest.raises(TooEarly):
        renew(assignment, by=None, at=now + timedelta(days=300))
    opened = renew(assignment, by=None, at=now + timedelta(days=305))
    assert (opened.cycle, opened.due_on) == (2, date(2027, 11, 18))
    assert renew(assignment, by=None, at=now + timedelta(days=306)) == opened


def test_an_early_renewal_loses_no_days(now):
    first = completed(now)
    opened = renew(first, by=None, at=now + timedelta(days=310))
    certificate = finish_lesson(opened, lesson=lessons_of(first.course)[0], at=now + timedelta(days=311))
    assert certificate.expires_on == date(2028, 11, 18)
    assert Certificate.objects.count() == 2


def test_refreshers_open_by_themselves_once_when_the_window_opens(now):
    completed(now)
    assert open_refreshers(at=now + timedelta(days=304)) == 0
    assert open_refreshers(at=now + timedelta(days=305)) == 1
    assert open_refreshers(at=now + timedelta(days=306)) == 0
    assert Assignment.objects.count() == 2


def test_nobody_who_has_left_and_nothing_in_the_archive_is_refreshed(now):
    gone = completed(now)
    gone.person.is_active = False
    gone.person.save()
    courses.archive_course(
        completed(now, a_course("old", questions=0, refresh_months=12)).course, by=None, at=now
    )
    assert open_refreshers(at=now + timedelta(days=360)) == 0


def test_a_release_that_asks_for_renewal_opens_a_cycle_for_who_completed_an_older_one(now):
    assignment = completed(now)
    begun = an_assignment(assignment.course)
    draft = courses.open_draft(assignment.course)
    courses.release_version(
        draft, by=None, note="New promise", asks_for_renewal=True, renewal_due_days=14, at=now
    )
    run_due_jobs(at=now)
    opened = Assignment.objects.get(cycle=2)
    assert (opened.person, opened.why) == (assignment.person, "New promise")
    assert begun.person.training_assignments.count() == 1


# ------------------------------------------------------------------- rules


@pytest.fixture
def branch():
    return UnitFactory(name="Harbour")


def a_rule(course, unit, now, **fields):
    rule = AssignmentRule(course=course, unit=unit, starts_on=now.date(), **fields)
    return make_rule(rule, by=UserFactory(), at=now)


def given_to(course):
    return {assignment.person for assignment in Assignment.objects.filter(course=course)}


def test_a_rule_reaches_units_below_and_people_who_come_later_once(branch, now):
    course = a_course()
    first = person_in(UnitFactory(parent=branch))
    person_in(UnitFactory())
    rule = a_rule(course, branch, now)
    assert apply_rules(at=now) == 1
    later = person_in(branch)
    assert apply_rules(at=now + timedelta(days=5)) == 1
    assert apply_rules(at=now + timedelta(days=6)) == 0
    assert given_to(course) == {first, later}
    assert Assignment.objects.get(person=later).due_on == now.date() + timedelta(days=35)
    assert Assignment.objects.get(person=later).rule == rule


def test_a_rule_asks_for_role_level_and_day_of_hiring(branch, now):
    course = a_course()
    today = now.date()
    new = {"hired_on": today - timedelta(days=20)}
    fits = person_in(branch, "staff", "front", **new)
    person_in(branch, "manager", "front", **new)
    person_in(branch, "staff", "middle", **new)
    person_in(branch, "staff", "front", hired_on=today - timedelta(days=91))
    person_in(branch, "staff", "front")
    person_in(branch, "staff", "front", is_active=False, **new)
    a_rule(
        course,
        branch,
        now,
        role="staff",
        level="front",
        hired_within_days=90,
        hired_after=date(2026, 10, 1),
        counted_from="hire",
        due_days=30,
    )
    apply_rules(at=now)
    assert given_to(course) == {fits}
    # Hired before the rule: the days count from the rule's first day.
    assert Assignment.objects.get().due_on == today + timedelta(days=30)


def test_someone_hired_after_the_rule_has_the_days_from_the_hiring(branch, now):
    course = a_course()
    a_rule(course, branch, now, counted_from="hire", due_days=30)
    person_in(branch, hired_on=now.date() + timedelta(days=10))
    apply_rules(at=now + timedelta(days=15))
    assert Assignment.objects.get().due_on == now.date() + timedelta(days=40)


def test_a_rule_that_has_ended_or_not_begun_or_whose_course_is_archived_gives_nothing(branch, now):
    person_in(branch)
    end_rule(a_rule(a_course("ended"), branch, now), by=UserFactory(), at=now)
    AssignmentRule.objects.create(
        course=a_course("ahead"), unit=branch, starts_on=now.date() + timedelta(days=1)
    )
    archived = a_course("archived")
    a_rule(archived, branch, now)
    courses.archive_course(archived, by=None, at=now)
    assert apply_rules(at=now) == 0


def test_who_has_had_the_course_is_left_alone_by_a_rule(branch, now):
    assignment = completed(now, person=person_in(branch))
    a_rule(assignment.course, branch, now)
    assert apply_rules(at=now) == 0


def test_a_new_rule_is_applied_by_a_job(branch, now):
    course = a_course()
    person_in(branch)
    AssignmentRule.objects.all()
    a_rule(course, branch, now)
    assert run_due_jobs(at=now) == 1
    assert Assignment.objects.filter(course=course).count() == 1


# --------------------------------------------- people who leave or move unit


def test_a_move_in_mid_course_loses_nothing_and_changes_who_looks_after_it(branch, now):
    hill = UnitFactory(name="Hill")
    person = person_in(branch)
    old, new = person_in(branch, "manager"), person_in(hill, "manager")
    course = a_course(lessons=("text", "text"), questions=0)
    assignment = an_assignment(course, person)
    finish_lesson(assignment, lesson=lessons_of(course)[0], at=now)
    Membership.objects.filter(user=person).update(unit=hill)
    assert list(Assignment.objects.visible_to(new)) == [assignment]
    assert list(Assignment.objects.visible_to(old)) == []
    assert finish_lesson(assignment, lesson=lessons_of(course)[1], at=now) is not None


def test_who_sees_which_cycles(branch, now):
    person = person_in(branch)
    assignment = an_assignment(person=person)
    seen = [
        user
        for user in (
            person,
            person_in(branch),
            person_in(branch, "manager"),
            person_in(UnitFactory(), "manager"),
        )
        if Assignment.objects.visible_to(user).exists()
    ]
    assert [user.pk for user in seen] == [person.pk, seen[-1].pk]
    assert seen[-1].is_manager
    assert assignment.person == person
