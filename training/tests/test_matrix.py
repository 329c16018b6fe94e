"""People × courses: what each cell says, who is shown, and what is taken along."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.addresses import address
from training.matrix import Cell, narrowed, overdue_courses, rows_of
from training.models import Assignment, Certificate
from training.people import looked_after
from training.tests.factories import a_certificate, a_course, an_assignment

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
LONG_BEFORE = datetime(2025, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def person(branch):
    return person_in(branch, name="Sofia Reyes")


@pytest.fixture
def manager(client, branch):
    manager = person_in(branch, "manager", "middle", name="Marek Novak")
    client.force_login(manager)
    return manager


def cell_of(person, course) -> Cell:
    (row,) = rows_of([person], [course], TODAY)
    return row.cells[0]


def said(person, course) -> tuple[str, date | None]:
    cell = cell_of(person, course)
    return cell.words, cell.day


def completed(course, person, expires_on, cycle=1):
    certificate = a_certificate(an_assignment(course, person, cycle=cycle), LONG_BEFORE)
    Certificate.objects.filter(pk=certificate.pk).update(expires_on=expires_on)


# ------------------------------------------------------------- what a cell says


def test_without_an_assignment_nothing_is_assigned(person):
    assert said(person, a_course()) == ("not assigned", None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "assigned", "due_on": TODAY}, "assigned"),
        ({"state": "in_progress", "due_on": TODAY}, "in progress"),
        ({"state": "assigned", "due_on": TODAY - timedelta(days=1)}, "overdue"),
        ({"state": "in_progress", "due_on": TODAY - timedelta(days=1)}, "overdue"),
        ({"state": "awaiting", "due_on": TODAY - timedelta(days=1)}, "awaiting marking"),
        ({"state": "failed", "due_on": TODAY - timedelta(days=1)}, "failed"),
        ({"state": "waived", "waiver_reason": "On leave", "due_on": TODAY - timedelta(days=1)}, "waived"),
    ],
)
def test_a_first_cycle_says_where_it_stands(person, fields, words):
    course = a_course()
    an_assignment(course, person, **fields)
    assert cell_of(person, course).words == words


@pytest.mark.parametrize(
    ("expires_on", "words"),
    [
        (None, "done"),
        (TODAY + timedelta(days=61), "done"),
        (TODAY + timedelta(days=60), "expiring soon"),
        (TODAY, "expiring soon"),
        (TODAY - timedelta(days=1), "expired"),
    ],
)
def test_what_is_completed_is_done_expiring_or_expired_by_its_certificate(person, expires_on, words):
    course = a_course(renewal_days=60)
    completed(course, person, expires_on)
    assert cell_of(person, course).words == words


@pytest.mark.parametrize(
    ("expires_in", "fields", "words"),
    [
        (20, {"state": "assigned", "due_on": TODAY + timedelta(days=20)}, "expiring soon"),
        (20, {"state": "in_progress", "due_on": TODAY + timedelta(days=20)}, "in progress"),
        (-5, {"state": "assigned", "due_on": TODAY + timedelta(days=25)}, "expired"),
        (-5, {"state": "assigned", "due_on": TODAY - timedelta(days=5)}, "overdue"),
        (300, {"state": "assigned", "due_on": TODAY + timedelta(days=20)}, "assigned"),
    ],
)
def test_a_renewal_says_what_becomes_of_the_old_certificate_until_it_is_begun(
    person, expires_in, fields, words
):
    course = a_course(renewal_days=60)
    completed(course, person, TODAY + timedelta(days=expires_in))
    an_assignment(course, person, cycle=2, **fields)
    assert cell_of(person, course).words == words


def test_each_course_has_its_own_window_of_renewal(person):
    short, long = a_course("short", renewal_days=10), a_course("long", renewal_days=90)
    for course in (short, long):
        completed(course, person, TODAY + timedelta(days=30))
    (row,) = rows_of([person], [short, long], TODAY)
    assert [cell.words for cell in row.cells] == ["done", "expiring soon"]
    assert (row.done, row.given, row.not_assigned) == (2, 2, 0)


def test_the_day_beside_the_word_is_the_one_it_is_about(person):
    course = a_course(renewal_days=60)
    completed(course, person, TODAY - timedelta(days=1))
    assert cell_of(person, course).exported == "expired (on 2026-11-17)"
    an_assignment(course, person, cycle=2, due_on=date(2026, 11, 3))
    assert cell_of(person, course).exported == "overdue (due 2026-11-03)"


def test_a_cell_leads_to_its_cycle_and_to_no_page_that_does_not_exist(person):
    course = a_course()
    assert "no-such" not in cell_of(person, course).url
    assignment = an_assignment(course, person)
    assert cell_of(person, course).url.startswith(f"/training/assignments/{assignment.reference}/")
    assert address("training:no_such_page", assignment.reference) == ""


# ---------------------------------------------------------------- who is shown


def names(people):
    return [person.name for person in people]


def test_a_manager_looks_after_the_own_subtree_an_administrator_after_everybody(root, branch, person):
    team = UnitFactory(parent=branch)
    below = person_in(team, name="Tom Whitfield")
    far = person_in(UnitFactory(parent=root), name="Lena Vogt")
    gone = person_in(team, name="Gone Away", is_active=False)
    manager = person_in(branch, "manager", "middle", name="Marek Novak")
    administrator = person_in(root, "administrator", "leadership")
    assert set(looked_after(manager)) == {person, below, manager}
    assert set(looked_after(administrator)) == {person, below, far, manager, administrator}
    assert gone not in looked_after(administrator)


def test_role_level_and_unit_belong_to_one_and_the_same_role(root, branch):
    other = UnitFactory(parent=root)
    person = person_in(branch, "staff", "front")
    person.memberships.create(unit=other, role="manager", level="middle")
    administrator = person_in(root, "administrator", "leadership")
    assert person in looked_after(administrator, units={other.pk}, level="middle")
    assert person not in looked_after(administrator, units={branch.pk}, level="middle")


@pytest.fixture
def three(branch):
    """Ada is overdue in one course, Ben in two, Cem has nothing."""
    first, second = a_course("first"), a_course("second")
    late = TODAY - timedelta(days=3)
    ada, ben, _cem = (person_in(branch, name=name) for name in ("Ada", "Ben", "Cem"))
    an_assignment(first, ada, due_on=late)
    an_assignment(second, ada, due_on=TODAY)
    an_assignment(first, ben, due_on=late)
    an_assignment(second, ben, due_on=late)
    return looked_after(person_in(branch.placements.get().parent, "administrator", name="Zoe")), [
        first,
        second,
    ]


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({}, ["Ada", "Ben", "Cem", "Zoe"]),
        ({"sort": "-name"}, ["Zoe", "Cem", "Ben", "Ada"]),
        ({"sort": "overdue"}, ["Ben", "Ada", "Cem", "Zoe"]),
        ({"overdue": True}, ["Ada", "Ben"]),
        ({"state": "overdue"}, ["Ada", "Ben"]),
        ({"state": "assigned"}, ["Ada"]),
        ({"state": "none"}, ["Cem", "Zoe"]),
        ({"q": "bE"}, ["Ben"]),
        ({"q": "bE", "state": "assigned"}, []),
    ],
)
def test_people_are_narrowed_and_ordered_as_asked(three, filters, shown):
    people, courses = three
    assert names(narrowed(people, courses, TODAY, **filters)) == shown


def test_only_the_courses_shown_are_asked_for_a_state(three):
    people, (first, second) = three
    assert names(narrowed(people, [second], TODAY, overdue=True)) == ["Ben"]
    assert overdue_courses(people, [first, second], TODAY) == 3
    assert overdue_courses(people, [second], TODAY) == 1


def test_an_earlier_cycle_says_nothing_any_more(person, branch):
    course = a_course()
    an_assignment(course, person, state="failed")
    an_assignment(course, person, cycle=2, due_on=TODAY)
    people = looked_after(person_in(branch, "manager"))
    assert names(narrowed(people, [course], TODAY, state="failed")) == []
    assert names(narrowed(people, [course], TODAY, state="assigned")) == ["Sofia Reyes"]


# --------------------------------------------------------------------- the page


def get(client, **query):
    response = client.get(reverse("training:matrix"), query)
    return response.status_code, " ".join(response.content.decode().split())


def test_the_page_says_every_state_in_words_and_by_shape(client, manager, person):
    today = timezone.localdate()
    an_assignment(a_course("late"), person, due_on=today - timedelta(days=4))
    assignment = an_assignment(a_course("begun"), person, state="in_progress", due_on=today)
    status, page = get(client)
    assert status == 200
    assert 'href="#shape-overdue" /></svg>overdue' in page
    assert f"/training/assignments/{assignment.reference}/" in page
    assert "1 overdue course" in page
    assert 'href="#shape-none" /></svg>not assigned' in page


def test_foreign_units_and_nonsense_cannot_be_chosen_and_show_nobody(client, manager, person, root):
    a_course()
    UnitFactory(slug="foreign", parent=root)
    for query in ({"unit": "foreign"}, {"state": "odd"}, {"q": "a\0b"}, {"course": "draft"}):
        status, page = get(client, **query)
        assert status == 422
        assert "Sofia Reyes" not in page


def test_the_page_says_what_to_do_where_nothing_stands(client, manager):
    assert "No course is released yet" in get(client)[1]
    a_course()
    assert "Nobody fits" in get(client, q="nobody of this name")[1]


def test_drafts_are_no_columns_and_archived_courses_only_when_asked_for(client, manager, person):
    a_course("taught")
    a_course("written", state="draft")
    a_course("old", state="archived")
    page = get(client)[1]
    assert "Course taught</th>" in page
    assert "Course written" not in page
    assert "Course old</th>" not in page
    assert "Course old</th>" in get(client, course="old")[1]


def exported(client, kind, **query):
    response = client.get(reverse("training:matrix"), {"export": kind, **query})
    return b"".join(response.streaming_content)


def test_the_same_filters_hold_for_what_is_taken_along(client, manager, branch, person):
    course = a_course("first")
    person_in(branch, name="=1+1", email="formula@example.org")
    an_assignment(course, person, due_on=date(2020, 1, 2))
    rows = exported(client, "csv").decode().splitlines()
    assert rows[0].endswith("Name,E-mail,Unit,Role,Level,Hired on,Course first")
    assert len(rows) == 4
    assert any(row.startswith("'=1+1,") for row in rows)
    late = exported(client, "csv", overdue="on").decode().splitlines()
    assert len(late) == 2
    assert late[1].startswith("Sofia Reyes,")
    assert late[1].endswith("overdue (due 2020-01-02)")
    sheet = load_workbook(BytesIO(exported(client, "xlsx", overdue="on"))).active
    assert sheet["A2"].value == "Sofia Reyes"
    assert sheet.max_row == 2


def test_twenty_people_and_courses_need_no_more_queries_than_two(client, manager, branch):
    def fill(first, many):
        courses = [a_course(f"course-{number}", questions=0) for number in range(first, many)]
        for number in range(first, many):
            person = person_in(branch, name=f"Person {number}")
            for course in courses:
                an_assignment(course, person, due_on=date(2020, 1, 1))

    def queries(**query):
        with CaptureQueriesContext(connection) as captured:
            response = client.get(reverse("training:matrix"), query)
            body = b"".join(response.streaming_content) if response.streaming else response.content
        return len(captured), body.count(b"overdue (") or body.count(b"#shape-overdue")

    fill(0, 2)
    asked = [{}, {"overdue": "on", "sort": "overdue", "state": "overdue"}, {"export": "csv"}]
    few = [queries(**query) for query in asked]
    fill(2, 20)
    many = [queries(**query) for query in asked]
    assert [count for count, _cells in many] == [count for count, _cells in few]
    assert [cells for _count, cells in many] > [cells for _count, cells in few]
    assert Assignment.objects.count() > 300
