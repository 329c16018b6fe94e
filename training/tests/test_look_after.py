"""What a manager sees and decides of somebody's courses."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisation.models import Membership
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.assign import extend_due, waive
from training.actions.learn import start_lesson
from training.models import Assignment, Course, TrainingEvent
from training.tests.factories import a_certificate, a_course, an_assignment, an_attempt, lessons_of

pytestmark = pytest.mark.django_db

State = Assignment.State


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
def sofia(branch):
    return person_in(branch, name="Sofia Reyes")


@pytest.fixture
def held(root, sofia):
    return an_assignment(a_course(unit=root), sofia, due_on=timezone.localdate() + timedelta(days=10))


def text_of(response):
    return " ".join(response.content.decode().split())


def press(desk, assignment, name, **data):
    data.setdefault("seen", assignment.stand)
    return desk.post(reverse(f"training:{name}", args=[assignment.reference]), data)


def later(assignment, days=14):
    return (assignment.due_on + timedelta(days=days)).isoformat()


def test_more_time_is_given_with_a_reason_and_the_first_day_stays_known(desk, held):
    first = held.due_on
    assert press(desk, held, "extend", due_on=later(held), reason="Ill").status_code == 302
    held.refresh_from_db()
    assert (held.due_on, held.first_due_on) == (first + timedelta(days=14), first)
    page = text_of(desk.get(reverse("training:manage", args=[held.reference])))
    assert "More time given" in page
    assert "Ill" in page


@pytest.mark.parametrize(
    ("due", "reason", "words"),
    [
        (-1, "Ill", "An extension gives more time"),
        (-300, "Ill", "This day is past"),
        (9000, "Ill", "Is the year right?"),
        (14, "", "This field is required."),
        (14, "x" * 301, "at most 300 characters"),
    ],
)
def test_an_extension_that_makes_no_sense_is_refused_and_what_was_typed_stays(desk, held, due, reason, words):
    refused = press(desk, held, "extend", due_on=later(held, due), reason=reason)
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert later(held, due) in text_of(refused)
    held.refresh_from_db()
    assert held.extension_reason == ""


def test_the_second_of_two_tabs_is_told_what_stands_now_and_keeps_what_was_typed(desk, held, manager):
    seen = held.stand
    extend_due(held, due_on=held.due_on + timedelta(days=40), reason="On holiday", by=manager)
    second = press(desk, held, "extend", due_on=later(held, 60), reason="Ill since", seen=seen)
    assert second.status_code == 409
    assert "A colleague has decided something meanwhile" in text_of(second)
    assert "Ill since" in text_of(second)
    held.refresh_from_db()
    assert held.extension_reason == "On holiday"
    again = press(desk, held, "extend", due_on=later(held, 60), reason="Ill since")
    assert again.status_code == 302


def test_what_the_learner_does_meanwhile_is_no_reason_to_refuse(desk, held):
    seen = held.stand
    start_lesson(held, lesson=lessons_of(held.course)[0])
    assert press(desk, held, "extend", due_on=later(held), reason="Ill", seen=seen).status_code == 302


def test_a_waiver_needs_a_reason_may_end_and_is_taken_back(desk, held):
    assert press(desk, held, "waive", reason="").status_code == 422
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    assert press(desk, held, "waive", reason="Trained <b>elsewhere</b>", until=until).status_code == 302
    held.refresh_from_db()
    assert (held.state, held.waived_until.isoformat()) == (State.WAIVED, until)
    page = text_of(desk.get(reverse("training:manage", args=[held.reference])))
    assert "Trained &lt;b&gt;elsewhere" in page
    assert press(desk, held, "waiver_end").status_code == 302
    held.refresh_from_db()
    assert held.state == State.ASSIGNED
    assert press(desk, held, "waiver_end", follow=True).status_code == 302


def test_two_who_waive_at_once_are_told_apart(desk, held, manager):
    seen = held.stand
    waive(held, reason="Trained before", by=manager)
    second = press(desk, held, "waive", reason="On leave", seen=seen)
    assert second.status_code == 409
    assert "Trained before" in text_of(second)
    held.refresh_from_db()
    assert held.waiver_reason == "Trained before"


def test_a_course_that_is_completed_is_neither_extended_nor_waived(desk, held):
    a_certificate(held)
    press(desk, held, "extend", due_on=later(held), reason="Ill")
    press(desk, held, "waive", reason="Ill")
    held.refresh_from_db()
    assert held.state == State.COMPLETED


def test_nobody_decides_on_the_own_course(desk, manager, held):
    own = an_assignment(held.course, manager)
    page = desk.get(reverse("training:manage", args=[own.reference]))
    assert "somebody else decides about it" in text_of(page)
    assert reverse("training:waive", args=[own.reference]) not in text_of(page)
    for name in ("extend", "waive", "waiver_end", "renew_now"):
        assert press(desk, own, name).status_code == 403


def test_a_certificate_is_renewed_from_the_opening_of_its_window_on(desk, root, sofia):
    course = a_course("yearly", unit=root, refresh_months=12, renewal_days=60)
    held = an_assignment(course, sofia)
    certificate = a_certificate(held, at=timezone.now())
    early = desk.post(reverse("training:renew_now", args=[held.reference]), follow=True)
    assert "It can be renewed from" in text_of(early)
    certificate.expires_on = timezone.localdate() + timedelta(days=30)
    certificate.save()
    opened = desk.post(reverse("training:renew_now", args=[held.reference]), follow=True)
    assert "The next cycle is open." in text_of(opened)
    assert sofia.training_assignments.count() == 2
    desk.post(reverse("training:renew_now", args=[held.reference]))
    assert sofia.training_assignments.count() == 2


def test_a_course_in_the_archive_may_be_finished_and_the_page_says_so(desk, held):
    Course.objects.update(state=Course.State.ARCHIVED)
    page = desk.get(reverse("training:manage", args=[held.reference]))
    assert "Whoever has it may finish it" in text_of(page)
    assert press(desk, held, "extend", due_on=later(held), reason="Ill").status_code == 302


def test_who_moves_in_mid_course_is_looked_after_where_they_work_now(desk, client, root, held, sofia):
    hill = UnitFactory(parent=root)
    Membership.objects.filter(user=sofia).update(unit=hill)
    assert desk.get(reverse("training:manage", args=[held.reference])).status_code == 404
    assert press(desk, held, "waive", reason="Ill").status_code == 404
    client.force_login(person_in(hill, "manager", "middle"))
    assert client.get(reverse("training:manage", args=[held.reference])).status_code == 200


def test_who_has_left_keeps_the_history_and_gets_nothing_new(desk, held, sofia):
    sofia.is_active = False
    sofia.save()
    page = text_of(desk.get(reverse("training:person", args=[sofia.reference])))
    assert "may not sign in any more" in page
    assert "Assign a course" not in page


def test_the_page_of_a_person_holds_every_cycle_and_what_happened(desk, held, sofia, manager):
    waive(held, reason="Trained before", by=manager)
    page = text_of(desk.get(reverse("training:person", args=[sofia.reference])))
    assert "– waived" in page
    assert "Trained before" in page
    rows = b"".join(desk.get(f"/training/people/{sofia.reference}/?export=csv")).decode().splitlines()
    assert len(rows) == 2


def test_the_answers_of_an_attempt_are_shown_once_it_is_handed_in(desk, held):
    attempt = an_attempt(held)
    address = reverse("training:attempt_answers", args=[attempt.reference])
    assert "under way" in text_of(desk.get(address))
    assert "What comes first?" not in text_of(desk.get(address))
    other = an_attempt(an_assignment(a_course("b"), held.person), handed_in=True)
    page = text_of(desk.get(reverse("training:attempt_answers", args=[other.reference])))
    assert "What comes first?" in page
    assert "It would have been:" in page


def test_the_own_answers_are_read_as_a_learner_and_not_as_a_manager(desk, root, manager):
    own = an_assignment(a_course("own", unit=root, quiz={"attempts": 2}), manager)
    attempt = an_attempt(own, handed_in=True)
    answer = desk.get(reverse("training:attempt_answers", args=[attempt.reference]))
    assert (answer.status_code, answer.url) == (302, attempt.get_absolute_url())
    assert reverse("training:attempt_answers", args=[attempt.reference]) not in text_of(
        desk.get(reverse("training:manage", args=[own.reference]))
    )


def test_an_older_cycle_is_waived_by_nobody_while_a_newer_one_stands(desk, held, sofia):
    Assignment.objects.filter(pk=held.pk).update(state=State.FAILED)
    held.refresh_from_db()
    newer = an_assignment(held.course, sofia, cycle=2)
    answer = press(desk, held, "waive", reason="On leave")
    assert answer.status_code == 422
    assert "A newer cycle of this course has begun" in text_of(answer)
    newer.refresh_from_db()
    assert newer.state == State.ASSIGNED


def test_the_page_of_a_person_asks_as_often_for_twenty_courses_as_for_two(desk, root, sofia, now):
    def queries(count):
        for number in range(count):
            held = an_assignment(a_course(f"course-{count}-{number}", unit=root), sofia)
            TrainingEvent.objects.create(course=held.course, assignment=held, what="assigned", by=sofia)
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse("training:person", args=[sofia.reference]))
        return len(asked)

    assert queries(2) == queries(18)


def test_the_two_decisions_of_a_page_name_their_own_fields(desk, held):
    page = text_of(desk.get(reverse("training:manage", args=[held.reference])))
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_what_happened_is_told_with_days_as_they_are_written_here_and_with_its_attempt(
    desk, held, manager, now
):
    Assignment.objects.filter(pk=held.pk).update(due_on=date(2099, 3, 1))
    held.refresh_from_db()
    extend_due(held, due_on=date(2099, 4, 2), reason="On holiday", by=manager, at=now)
    an_attempt(held, handed_in=True)
    page = text_of(desk.get(reverse("training:manage", args=[held.reference])))
    assert "1 March 2099 → 2 April 2099: On holiday" in page
    assert '<p class="lines" dir="auto">Attempt 1</p>' in page
