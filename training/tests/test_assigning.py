"""Giving a course to many: who would get it, and that they get it once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisation.actions.jobs import run_due_jobs
from organisation.models import Job, Membership
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in
from training.actions.assign import assign_people, give_batch
from training.assigning import Group, chosen_people, preview
from training.models import Assignment, AssignmentBatch, Course
from training.tests.factories import a_certificate, a_course, an_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def manager(branch):
    return person_in(branch, "manager", "middle", name="Marek Novak")


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def course(root):
    return a_course(unit=root)


def due():
    return (timezone.localdate() + timedelta(days=30)).isoformat()


def send(desk, course, step, **data):
    address = reverse("training:course_assign", args=[course.key])
    return desk.post(address, {"due_on": due(), "step": step, **data})


def confirm(desk, course, **data):
    """The look at who would get it, and the button below it."""
    looked = send(desk, course, "preview", **data)
    return send(desk, course, "confirm", seal=looked.context["found"].seal, **data)


def text_of(response):
    return " ".join(response.content.decode().split())


# ------------------------------------------------------------- who would get it


def test_the_preview_says_who_gets_it_who_has_it_and_why_the_others_are_left_out(branch, now):
    course = a_course(unit=branch, refresh_months=1)
    people = {name: person_in(branch, name=name) for name in ("new", "open", "current", "expired", "waived")}
    an_assignment(course, people["open"])
    a_certificate(an_assignment(course, people["current"]), at=now)
    a_certificate(an_assignment(course, people["expired"]))
    an_assignment(course, people["waived"], state="waived", waiver_reason="Trained before")
    failed = person_in(branch, name="failed")
    an_assignment(course, failed, state="failed")
    left = person_in(branch, name="left", is_active=False)
    found = preview(course, [*people.values(), failed, left], now)
    names = {
        part: [each.person.name for each in getattr(found, part)]
        for part in ("new", "again", "open", "current", "waived", "left")
    }
    assert names == {
        "new": ["new"],
        "again": ["expired", "failed"],
        "open": ["open"],
        "current": ["current"],
        "waived": ["waived"],
        "left": ["left"],
    }
    assert ([person.name for person in found.people], found.left_out) == (["expired", "failed", "new"], 3)


def test_a_group_is_asked_of_one_and_the_same_role(root, branch, manager, now):
    hill = UnitFactory(parent=root)
    team = UnitFactory(parent=branch)
    inside = person_in(team, "staff", "front", name="Inside")
    both = person_in(branch, "staff", "middle", name="Both")
    Membership.objects.create(user=both, unit=hill, role="staff", level="front")
    person_in(hill, "staff", "front", name="Outside")
    group = Group(units=[branch], level="front")
    assert chosen_people(manager, group, [], now) == [inside]


def test_a_group_without_units_stays_within_those_one_manages(root, branch, manager, now):
    person_in(UnitFactory(parent=root), hired_on=now.date(), name="Outside")
    newcomer = person_in(branch, hired_on=now.date(), name="Newcomer")
    person_in(branch, hired_on=now.date() - timedelta(days=400), name="Old hand")
    group = Group(hired_since=now.date() - timedelta(days=30))
    assert chosen_people(manager, group, [], now) == [newcomer]


def test_a_role_elsewhere_does_not_count(root, branch, manager, now):
    both = person_in(branch, "staff", "front", name="Both")
    Membership.objects.create(user=both, unit=UnitFactory(parent=root), role="staff", level="middle")
    assert chosen_people(manager, Group(level="middle", role="staff"), [], now) == []
    assert chosen_people(manager, Group(level="front", role="staff"), [], now) == [both]


def test_the_preview_asks_as_often_for_twenty_people_as_for_two(branch, course, now):
    def queries(count):
        people = [person_in(branch) for _each in range(count)]
        for person in people:
            a_certificate(an_assignment(course, person))
        with CaptureQueriesContext(connection) as asked:
            preview(course, chosen_people(person_in(branch, "administrator"), None, people, now), now)
        return len(asked)

    assert queries(2) == queries(20)


# ------------------------------------------------------------------- the pages


def test_a_manager_finds_people_by_name_looks_and_gives(desk, branch, course):
    sofia = person_in(branch, name="Sofia Reyes")
    searched = send(desk, course, "search", q="REYES", why="Everybody answers")
    assert f'value="{sofia.reference}"' in text_of(searched)
    assert "Everybody answers" in text_of(searched)
    looked = send(desk, course, "preview", people=[sofia.reference])
    assert "Give it to 1 person" in text_of(looked)
    assert not Assignment.objects.exists()
    given = confirm(desk, course, people=[sofia.reference], why="Everybody answers")
    assert given.status_code == 302
    assert Assignment.objects.get().why == "Everybody answers"
    assert "1 person has got it" in text_of(desk.get(given["Location"]))


def test_over_twenty_people_are_given_it_by_a_job_and_two_such_jobs_make_nothing_double(desk, branch, course):
    for _each in range(21):
        person_in(branch)
    first = confirm(desk, course, units=["harbour-branch"])
    second = confirm(desk, course, units=["harbour-branch"])
    assert [Job.objects.get(reference=each["Location"].split("/")[-2]).kind for each in (first, second)] == [
        "training_assign"
    ] * 2
    assert not Assignment.objects.exists()
    run_due_jobs()
    assert Assignment.objects.count() == 22
    assert sum(AssignmentBatch.objects.values_list("made", flat=True)) == 22
    assert AssignmentBatch.objects.filter(made=0).count() == 1


def test_work_that_was_broken_off_counts_every_assignment_once(course, manager, now):
    people = [UserFactory() for _each in range(3)]
    batch = assign_people(
        course=course, people=people, due_on=now.date() + timedelta(days=900), by=manager, at=now
    )
    batch.people.remove(people[2])
    give_batch(batch)
    batch.people.add(people[2])
    give_batch(batch)
    batch.refresh_from_db()
    assert (batch.made, Assignment.objects.count()) == (3, 3)


def test_other_people_than_those_shown_get_nothing(desk, branch, course):
    looked = send(desk, course, "preview", units=["harbour-branch"])
    person_in(branch, name="Came in between")
    refused = send(desk, course, "confirm", units=["harbour-branch"], seal=looked.context["found"].seal)
    assert refused.status_code == 409
    assert "Came in between" in text_of(refused)
    assert not Assignment.objects.exists()


def test_a_form_that_is_wrong_keeps_what_was_typed(desk, branch, course):
    sofia = person_in(branch, name="Sofia Reyes")
    why = "<script>alert(1)</script> " * 20
    refused = send(desk, course, "preview", people=[sofia.reference], why=why, due_on="2020-01-01")
    assert refused.status_code == 422
    page = text_of(refused)
    assert "The course cannot be due before today." in page
    assert "Ensure this value has at most 300 characters" in page
    assert "&lt;script&gt;alert(1)" in page
    assert f'value="{sofia.reference}" checked' in page
    assert "<script>alert" not in page


def test_a_day_in_another_century_is_asked_about(desk, course, manager):
    refused = send(desk, course, "preview", people=[manager.reference], due_on="2126-01-01")
    assert "Is the year right?" in text_of(refused)


def test_nobody_at_all_is_refused(desk, course):
    refused = send(desk, course, "preview")
    assert refused.status_code == 422
    assert "Choose somebody" in text_of(refused)


def test_people_whom_one_does_not_look_after_cannot_be_named(desk, root, course):
    stranger = person_in(UnitFactory(parent=root))
    assert send(desk, course, "preview", people=[stranger.reference]).status_code == 422
    assert send(desk, course, "preview", units=[root.slug]).status_code == 422


@pytest.mark.parametrize("state", [Course.State.ARCHIVED, Course.State.DRAFT])
def test_a_course_that_is_not_taught_says_so_and_gives_nothing(desk, root, manager, state):
    course = a_course("old", unit=UnitFactory() if state == "archived" else manager.home_unit, state=state)
    page = desk.get(reverse("training:course_assign", args=["old"]))
    assert ("in the archive" in text_of(page)) == (state == "archived")
    assert send(desk, course, "confirm", people=[manager.reference]).status_code == 422
    assert not Assignment.objects.exists()


def test_everybody_who_was_given_it_stands_on_the_result_with_how_they_stand(desk, branch, course, manager):
    sofia = person_in(branch, name="Sofia Reyes")
    given = confirm(desk, course, people=[sofia.reference])
    rows = b"".join(desk.get(given["Location"] + "?export=csv")).decode().splitlines()
    assert rows[1].startswith("Sofia Reyes,Harbour branch,Assigned,")


def test_somebody_in_particular_is_ticked_already(desk, branch, course):
    sofia = person_in(branch, name="Sofia Reyes")
    start = desk.get(reverse("training:assign_start") + f"?person={sofia.reference}")
    assert f"/training/courses/telephone/assign/?person={sofia.reference}" in text_of(start)
    form = desk.get(reverse("training:course_assign", args=[course.key]) + f"?person={sofia.reference}")
    assert f'value="{sofia.reference}" checked' in text_of(form)
