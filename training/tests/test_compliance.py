"""Compliance on a day: who is required, who is current, and who is counted apart."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisation.models import User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.assign import end_waiver, extend_due, waive
from training.compliance import EVERYBODY, Tally, compliance_on
from training.matrix import overdue_courses
from training.models import Assignment, Certificate
from training.people import looked_after
from training.tests.factories import a_certificate, a_course, an_assignment

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 15)


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


MARCH = at(3, 1)


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def course():
    return a_course(questions=0)


@pytest.fixture
def boss(root):
    return person_in(root, "administrator", "leadership", name="Ada Lindqvist")


def assigned(course, person, *, on=MARCH, due_on=date(2026, 5, 1), **fields) -> Assignment:
    assignment = an_assignment(course, person, due_on=due_on, **fields)
    Assignment.objects.filter(pk=assignment.pk).update(assigned_at=on)
    assignment.refresh_from_db()
    return assignment


def completed(assignment, when, expires_on=None):
    certificate = a_certificate(assignment, when)
    Certificate.objects.filter(pk=certificate.pk).update(expires_on=expires_on)


def tally(course, day=DAY, unit=EVERYBODY) -> Tally:
    return compliance_on(day, User.objects.filter(is_active=True), [course]).cell(unit, course.pk)


def numbers(found: Tally):
    return found.required, found.current, found.overdue, found.not_due, found.starters, found.waived


# ---------------------------------------------------------------- who is what


def test_whoever_holds_a_certificate_on_the_day_is_current(course, branch):
    completed(assigned(course, person_in(branch)), at(4, 10))
    assert numbers(tally(course)) == (1, 1, 0, 0, 0, 0)


def test_nobody_is_required_before_the_course_was_assigned(course, branch):
    assigned(course, person_in(branch), on=at(6, 16))
    assert tally(course).is_empty
    assert numbers(tally(course, date(2026, 6, 16))) == (1, 0, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 9), (1, 0, 0, 1, 0, 0)),  # open and in time
        (date(2026, 4, 10), (1, 1, 0, 0, 0, 0)),  # the day of the certificate
        (date(2026, 10, 10), (1, 1, 0, 0, 0, 0)),  # its last day
        (date(2026, 10, 11), (1, 0, 0, 0, 0, 0)),  # expired, and no renewal asked
    ],
)
def test_the_past_is_reckoned_from_what_held_then(course, branch, day, expected):
    completed(assigned(course, person_in(branch)), at(4, 10), expires_on=date(2026, 10, 10))
    assert numbers(tally(course, day)) == expected


def test_what_was_done_late_was_overdue_until_then(course, branch):
    completed(assigned(course, person_in(branch)), at(6, 20))
    assert numbers(tally(course, date(2026, 5, 1))) == (1, 0, 0, 1, 0, 0)
    assert numbers(tally(course, date(2026, 5, 2))) == (1, 0, 1, 0, 0, 0)
    assert numbers(tally(course, date(2026, 6, 20))) == (1, 1, 0, 0, 0, 0)


def test_an_overdue_renewal_is_current_while_the_old_certificate_counts(course, branch):
    person = person_in(branch)
    completed(assigned(course, person, on=at(1, 1, 2025)), at(1, 10, 2025), expires_on=date(2026, 12, 31))
    assigned(course, person, cycle=2)
    assert numbers(tally(course)) == (1, 1, 1, 0, 0, 0)


def test_an_extension_counts_from_the_day_on_which_it_was_given(course, branch, boss):
    assignment = assigned(course, person_in(branch))
    extend_due(assignment, due_on=date(2026, 8, 1), reason="Ill", by=boss, at=at(5, 20))
    assert tally(course, date(2026, 5, 10)).overdue == 1
    assert tally(course, date(2026, 5, 20)).overdue == 0
    assert tally(course, date(2026, 8, 2)).overdue == 1


def test_a_waiver_takes_out_of_the_count_while_it_holds(course, branch, boss):
    assignment = assigned(course, person_in(branch))
    waive(assignment, reason="On leave", by=boss, at=at(5, 20))
    end_waiver(assignment, by=boss, at=at(7, 1))
    assert numbers(tally(course, date(2026, 5, 19))) == (1, 0, 1, 0, 0, 0)
    assert numbers(tally(course, date(2026, 5, 20))) == (0, 0, 0, 0, 0, 1)
    assert numbers(tally(course, date(2026, 6, 30))) == (0, 0, 0, 0, 0, 1)
    assert numbers(tally(course, date(2026, 7, 1))) == (1, 0, 0, 1, 0, 0)


def test_a_waiver_without_an_event_holds_as_it_stands(course, branch):
    assigned(course, person_in(branch), state="waived", waiver_reason="Taken over")
    assert numbers(tally(course)) == (0, 0, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("hired_on", "starters"),
    [
        (DAY, 1),
        (DAY - timedelta(days=90), 1),
        (DAY - timedelta(days=91), 0),
        (DAY + timedelta(days=1), 0),
        (None, 0),
    ],
)
def test_new_starters_are_counted_apart_in_their_first_ninety_days(course, branch, hired_on, starters):
    assigned(course, person_in(branch, hired_on=hired_on), due_on=DAY)
    assert numbers(tally(course)) == (1 - starters, 0, 0, 1 - starters, starters, 0)


def test_the_grace_of_a_new_starter_ends_with_the_due_date_or_the_certificate(course, branch):
    new = {"hired_on": DAY - timedelta(days=10)}
    assigned(course, person_in(branch, **new), due_on=DAY - timedelta(days=1))
    completed(assigned(course, person_in(branch, **new), due_on=DAY), at(6, 15))
    assigned(course, person_in(branch, **new), due_on=DAY, cycle=2)
    assert numbers(tally(course)) == (3, 1, 1, 1, 0, 0)


def test_what_failed_or_waits_for_marks_is_required_and_not_overdue(course, branch):
    assigned(course, person_in(branch), state="failed", finished_at=at(5, 10))
    assigned(course, person_in(branch), state="awaiting")
    assert numbers(tally(course)) == (2, 0, 0, 1, 0, 0)


def test_the_newest_cycle_of_the_day_is_the_one_that_counts(course, branch):
    person = person_in(branch)
    assigned(course, person, state="failed", finished_at=at(4, 10))
    assigned(course, person, cycle=2, on=at(7, 1), due_on=date(2026, 7, 30))
    assert numbers(tally(course)) == (1, 0, 0, 0, 0, 0)
    assert numbers(tally(course, date(2026, 7, 2))) == (1, 0, 0, 1, 0, 0)


# -------------------------------------------------------------------- by unit


def test_a_unit_holds_those_below_it_as_the_tree_stood_on_the_day(course, root, branch):
    team = UnitFactory(parent=branch)
    hill = UnitFactory(parent=root)
    team.placements.create(parent=hill, starts_on=date(2026, 7, 1))
    completed(assigned(course, person_in(team)), at(4, 10))
    assigned(course, person_in(branch))
    june, july = (compliance_on(day, User.objects.all(), [course]) for day in (DAY, date(2026, 7, 1)))
    assert numbers(june.cell(branch.pk, course.pk)) == (2, 1, 1, 0, 0, 0)
    assert june.cell(hill.pk, course.pk).is_empty
    assert numbers(july.cell(branch.pk, course.pk)) == (1, 0, 1, 0, 0, 0)
    assert numbers(july.cell(hill.pk, course.pk)) == (1, 1, 0, 0, 0, 0)
    assert numbers(july.cell(root.pk, course.pk)) == (2, 1, 1, 0, 0, 0)


def test_somebody_with_two_roles_counts_once_in_every_unit_above(course, root, branch):
    hill = UnitFactory(parent=root)
    person = person_in(branch)
    person.memberships.create(unit=hill)
    assigned(course, person)
    found = compliance_on(DAY, User.objects.all(), [course])
    for unit in (EVERYBODY, root.pk, branch.pk, hill.pk):
        assert found.cell(unit, course.pk).required == 1


def test_a_hundred_per_cent_means_everybody():
    assert Tally(required=200, current=199).percent == 99
    assert Tally(required=200, current=200).percent == 100


@pytest.mark.parametrize(("current", "required", "percent"), [(7, 16, 44), (2, 3, 67), (1, 8, 13), (0, 3, 0)])
def test_a_per_cent_is_rounded_half_up(current, required, percent):
    assert Tally(required=required, current=current).percent == percent


def test_the_overdue_of_today_are_those_of_the_matrix(branch, root, boss):
    courses = [a_course("first", questions=0), a_course("second", questions=0)]
    today = timezone.localdate()
    for number, state in enumerate(("assigned", "in_progress", "awaiting", "failed")):
        person = person_in(branch, hired_on=today)
        an_assignment(courses[0], person, state=state, due_on=today - timedelta(days=number + 1))
        an_assignment(courses[1], person, state=state, due_on=today)
    people = looked_after(boss)
    found = compliance_on(today, people, courses)
    assert found.pooled(EVERYBODY, courses).overdue == overdue_courses(people, courses, today) == 2


# ------------------------------------------------------------------- the page


@pytest.fixture
def manager(client, branch):
    manager = person_in(branch, "manager", "middle", name="Marek Novak")
    client.force_login(manager)
    return manager


def get(client, **query):
    response = client.get(reverse("training:compliance"), query)
    return response.status_code, " ".join(response.content.decode().split())


def test_the_page_counts_the_people_of_the_manager_and_links_to_those_who_are_late(
    client, manager, course, branch, root
):
    completed(assigned(course, person_in(branch)), at(4, 10))
    assigned(course, person_in(branch))
    assigned(course, person_in(UnitFactory(name="Hill branch", parent=root)))
    status, page = get(client)
    assert status == 200
    assert "<b>1 of 2</b>current (50 %)" in page
    assert "Hill branch" not in page
    assert "/training/matrix/?unit=harbour-branch&amp;overdue=on&amp;sort=overdue" in page


def test_a_day_of_the_past_is_shown_without_links_into_today(client, manager, course, branch):
    assigned(course, person_in(branch))
    page = get(client, on="2026-06-15")[1]
    assert "▼ 1 overdue" in page
    assert "/training/matrix/?" not in page
    assert "Nobody had this training to do" in get(client, on="2026-01-01")[1]


@pytest.mark.parametrize("on", ["tomorrow", "1980-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_is_refused_with_the_form_kept(client, manager, on):
    status, page = get(client, on=on)
    assert status == 422
    assert f'value="{on}"' in page


def test_each_unit_and_course_is_taken_along_with_its_numbers(client, manager, course, branch):
    completed(assigned(course, person_in(branch)), at(4, 10))
    assigned(course, person_in(branch))
    assigned(course, person_in(branch), on=at(3, 2))
    address = reverse("training:compliance")
    response = client.get(address, {"export": "csv", "on": "2026-06-15"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[1:] == ["2026-06-15,Harbour branch,Course telephone,3,1,33.3333,2,0,0,0"]


def test_more_people_units_and_courses_need_no_more_queries(client, manager, branch):
    def fill(first, many):
        for number in range(first, many):
            unit = UnitFactory(parent=branch)
            assigned(a_course(f"course-{number}", questions=0), person_in(unit))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            get(client)
        return len(captured)

    fill(0, 2)
    few = queries()
    fill(2, 20)
    assert queries() == few
