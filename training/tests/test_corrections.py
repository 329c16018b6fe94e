"""A mark that was wrong: corrected with a reason, and what it means for attempt and certificate."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.assign import end_waiver
from training.actions.attempts import mark_open_answer, save_answers, submit_attempt
from training.actions.corrections import MarkingRefused, TakesCertificate, correct_mark
from training.actions.learn import finish_lesson
from training.actions.turns import ChangedMeanwhile
from training.compliance import compliance_on
from training.models import Assignment, Certificate, MarkCorrection
from training.tests.factories import LONG_AGO, a_course, a_question, an_assignment, an_attempt, lessons_of

pytestmark = pytest.mark.django_db

LATER = LONG_AGO + timedelta(days=10)
State = Assignment.State


@pytest.fixture
def branch():
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=InstallationFactory().root)


@pytest.fixture
def manager(branch):
    return person_in(branch, "manager", "middle", name="Marek Novak")


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def a_quiz_course(branch, key="letters", **quiz):
    course = a_course(key, unit=branch, questions=0, quiz={"pass_mark": 50, "attempts": 1} | quiz)
    a_question(course.current_version().quiz.bank, "open", "open", content={"guide": "A visit."}, points=4)
    return course


def handed_in(assignment, at=LONG_AGO):
    attempt = an_attempt(assignment, at=at)
    save_answers(attempt, answers={1: "I call back by four."}, at=at)
    submit_attempt(attempt, at=at)
    return attempt.questions.select_related("attempt__assignment", "version").get()


def marked(branch, manager, points, *, learned=True, **quiz):
    """An answer of a course whose only lesson was read, with its mark."""
    course = a_quiz_course(branch, **quiz)
    assignment = an_assignment(course, person_in(branch, name="Tom Whitfield"))
    if learned:
        finish_lesson(assignment, lesson=lessons_of(course)[0], at=LONG_AGO)
    answer = handed_in(assignment)
    mark_open_answer(answer, mark=Decimal(points), by=manager, remark="Short", at=LONG_AGO)
    answer.refresh_from_db()
    return answer


def correct(answer, points, manager, **more):
    told = {"reason": "Read the wrong line", "seen": answer.corrections.count(), "at": LATER} | more
    correct_mark(answer, mark=Decimal(points), by=manager, **told)


def state(answer):
    return Assignment.objects.get(pk=answer.attempt.assignment_id).state


# ----------------------------------------------------------------- the action


def test_the_mark_before_stays_readable_with_who_gave_it_and_why_it_changed(branch, manager):
    answer = marked(branch, manager, 3)
    above = person_in(branch, "manager", name="Hana")
    correct(answer, 4, above, remark="Good after all")
    kept = answer.corrections.get()
    assert (kept.mark, kept.remark, kept.marked_by, kept.new_mark) == (3, "Short", manager, 4)
    assert (kept.reason, kept.by) == ("Read the wrong line", above)
    answer.refresh_from_db()
    assert (answer.mark, answer.remark, answer.marked_by) == (4, "Good after all", above)
    answer.attempt.refresh_from_db()
    assert answer.attempt.percentage == 100


def test_a_failure_that_passes_now_is_completed_with_one_certificate(branch, manager):
    answer = marked(branch, manager, 1)
    assert state(answer) == State.FAILED
    correct(answer, 3, manager)
    assert state(answer) == State.COMPLETED
    certificate = Certificate.objects.get()
    assert (certificate.issued_on, certificate.issued_at) == (LONG_AGO.date(), LATER)


def test_a_failure_that_passes_with_a_lesson_to_be_done_is_owed_again(branch, manager):
    answer = marked(branch, manager, 1, learned=False)
    assert state(answer) == State.FAILED
    correct(answer, 3, manager)
    assert state(answer) == State.IN_PROGRESS
    assert not Certificate.objects.exists()


def test_a_lower_mark_that_still_passes_leaves_the_certificate_alone(branch, manager):
    answer = marked(branch, manager, 4)
    before = Certificate.objects.values().get()
    correct(answer, 2, manager)
    assert state(answer) == State.COMPLETED
    assert Certificate.objects.values().get() == before


def test_a_certificate_is_never_withdrawn_without_saying_so(branch, manager):
    answer = marked(branch, manager, 4)
    with pytest.raises(TakesCertificate):
        correct(answer, 1, manager)
    answer.refresh_from_db()
    assert (answer.mark, state(answer)) == (4, State.COMPLETED)
    assert not MarkCorrection.objects.exists()


def test_withdrawn_with_a_reason_it_counts_until_the_day_before(branch, manager):
    answer = marked(branch, manager, 4)
    correct(answer, 1, manager, withdraw=True)
    certificate = Certificate.objects.get()
    assert (certificate.withdrawn_on, certificate.withdrawal_reason) == (LATER.date(), "Read the wrong line")
    assert state(answer) == State.FAILED
    day = LATER.date()
    assert not Certificate.objects.current(day).exists()
    assert Certificate.objects.current(day - timedelta(days=1)).exists()


def test_compliance_of_the_days_before_the_withdrawal_stays_as_it_was(branch, manager):
    answer = marked(branch, manager, 4)
    correct(answer, 1, manager, withdraw=True)
    held = answer.attempt.assignment
    people = type(held.person).objects.filter(pk=held.person_id)
    days = (LATER.date() - timedelta(days=1), LATER.date())
    current = [compliance_on(day, people, [held.course]).pooled(0, [held.course]).current for day in days]
    assert current == [1, 0]


def test_the_learner_gets_one_letter_with_the_reason(branch, manager):
    answer = marked(branch, manager, 4)
    correct(answer, 1, manager, withdraw=True)
    letter = OutgoingMail.objects.get()
    assert letter.to == answer.attempt.assignment.person.email
    assert "Read the wrong line" in letter.body
    assert mail.outbox == []


def test_a_correction_that_was_wrong_itself_brings_the_same_certificate_back(branch, manager):
    answer = marked(branch, manager, 4)
    number = Certificate.objects.get().reference
    correct(answer, 1, manager, withdraw=True)
    correct(answer, 4, manager, reason="It was right at first")
    certificate = Certificate.objects.get()
    assert (certificate.reference, certificate.is_withdrawn) == (number, False)
    assert state(answer) == State.COMPLETED
    assert [each.new_mark for each in answer.corrections.all()] == [1, 4]


def test_another_attempt_that_counts_keeps_the_certificate(branch, manager):
    answer = marked(branch, manager, 1, attempts=2)
    second = handed_in(answer.attempt.assignment, at=LATER)
    mark_open_answer(second, mark=Decimal(4), by=manager, at=LATER)
    correct(answer, 0, manager)
    assert state(answer) == State.COMPLETED
    assert not Certificate.objects.get().is_withdrawn


def test_while_another_attempt_waits_to_be_marked_no_certificate_is_withdrawn(branch, manager):
    course = a_quiz_course(branch, attempts=2)
    assignment = an_assignment(course, person_in(branch))
    waiting, answer = handed_in(assignment), handed_in(assignment)
    finish_lesson(assignment, lesson=lessons_of(course)[0], at=LONG_AGO)
    mark_open_answer(answer, mark=Decimal(4), by=manager, at=LONG_AGO)
    answer.refresh_from_db()
    with pytest.raises(ValidationError, match="Attempt 1 still waits to be marked"):
        correct(answer, 1, manager, withdraw=True)
    answer.refresh_from_db()
    assert (answer.mark, state(answer)) == (4, State.COMPLETED)
    assert Certificate.objects.kept().exists()
    mark_open_answer(waiting, mark=Decimal(3), by=manager, at=LONG_AGO)
    correct(answer, 1, manager)
    assert state(answer) == State.COMPLETED


def test_an_older_failure_that_passes_is_not_owed_again_beside_a_newer_cycle(branch, manager):
    answer = marked(branch, manager, 1, learned=False)
    old = answer.attempt.assignment
    newer = an_assignment(old.course, old.person, cycle=2, state=State.WAIVED, waiver_reason="On leave")
    correct(answer, 3, manager)
    assert state(answer) == State.FAILED
    end_waiver(newer, by=manager, at=LATER)
    assert list(Assignment.objects.open()) == [newer]


def test_where_the_first_attempt_counts_its_correction_decides(branch, manager):
    answer = marked(branch, manager, 4, attempts=2, counting="first")
    correct(answer, 0, manager, withdraw=True)
    assert state(answer) == State.FAILED


def test_a_waived_course_stays_waived_whatever_the_mark(branch, manager):
    answer = marked(branch, manager, 1)
    Assignment.objects.update(state="waived", waiver_reason="Trained before")
    correct(answer, 4, manager)
    assert state(answer) == State.WAIVED
    assert not Certificate.objects.exists()


def test_an_older_failure_gets_its_certificate_and_the_newer_cycle_stays_owed(branch, manager):
    answer = marked(branch, manager, 1)
    old = answer.attempt.assignment
    newer = an_assignment(old.course, old.person, cycle=2)
    correct(answer, 4, manager)
    assert state(answer) == State.COMPLETED
    assert Certificate.objects.get().cycle == 1
    newer.refresh_from_db()
    assert newer.state == State.ASSIGNED


def test_the_second_of_two_corrections_at_once_is_refused(branch, manager):
    answer = marked(branch, manager, 3)
    correct(answer, 4, manager, seen=0)
    with pytest.raises(ChangedMeanwhile):
        correct(answer, 2, manager, seen=0)
    answer.refresh_from_db()
    assert answer.mark == 4


@pytest.mark.parametrize(("points", "more"), [("4.01", {}), ("-1", {}), ("3", {"remark": "Short"})])
def test_points_that_do_not_exist_or_change_nothing_are_refused(branch, manager, points, more):
    answer = marked(branch, manager, 3)
    with pytest.raises((MarkingRefused, ValidationError)):
        correct(answer, points, manager, **more)
    assert not MarkCorrection.objects.exists()


def test_nobody_corrects_the_own_mark_and_no_answer_that_has_none(branch, manager):
    answer = marked(branch, manager, 3)
    with pytest.raises(MarkingRefused):
        correct(answer, 4, answer.attempt.assignment.person)
    waiting = handed_in(an_assignment(a_quiz_course(branch, "mail"), person_in(branch)))
    with pytest.raises(MarkingRefused):
        correct(waiting, 4, manager)


def test_a_withdrawal_or_a_correction_without_a_reason_is_refused_by_the_database(branch, manager):
    answer = marked(branch, manager, 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.update(withdrawn_on=LATER.date())
    with pytest.raises(IntegrityError), transaction.atomic():
        MarkCorrection.objects.create(question=answer, mark=1, new_mark=2, reason="", by=manager)


# -------------------------------------------------------------------- the page


def address(answer):
    return reverse("training:mark_correct", args=[answer.attempt.reference, answer.position])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_page_shows_what_stands_and_leads_from_the_marked_answer(desk, branch, manager):
    answer = marked(branch, manager, 3)
    assert address(answer) in text_of(desk.get(answer.get_absolute_url()))
    page = text_of(desk.get(address(answer)))
    assert "I call back by four." in page
    assert "3 of 4" in page
    assert 'name="mark" value="3"' in page


def test_a_certificate_at_stake_is_named_and_what_was_typed_stays(desk, branch, manager):
    answer = marked(branch, manager, 4)
    data = {"mark": "1", "remark": "Say when", "reason": "Took it for another", "seen": "0"}
    refused = desk.post(address(answer), data)
    assert refused.status_code == 422
    page = text_of(refused)
    assert "With these points the quiz is not passed." in page
    assert "Took it for another" in page
    saved = desk.post(address(answer), data | {"withdraw": "on"})
    assert saved.status_code == 302
    shown = text_of(desk.get(saved["Location"]))
    assert "from 4 to 1: Took it for another" in shown
    number = Certificate.objects.get().reference
    assert f"Certificate {number} was withdrawn" in text_of(
        desk.get(reverse("training:manage", args=[answer.attempt.assignment.reference]))
    )


def test_who_checks_a_withdrawn_certificate_reads_so_and_no_reason(client, branch, manager):
    answer = marked(branch, manager, 4)
    correct(answer, 1, manager, withdraw=True)
    page = text_of(client.get(Certificate.objects.get().get_absolute_url()))
    assert "Withdrawn." in page
    assert "Genuine" not in page
    assert "Read the wrong line" not in page


def test_a_withdrawn_certificate_is_printed_no_more(client, branch, manager):
    answer = marked(branch, manager, 4)
    correct(answer, 1, manager, withdraw=True)
    certificate = Certificate.objects.get()
    client.force_login(answer.attempt.assignment.person)
    printed = client.get(reverse("training:certificate_pdf", args=[certificate.reference]))
    assert printed["Location"] == certificate.get_absolute_url()
    course = text_of(client.get(answer.attempt.assignment.get_absolute_url()))
    assert "Read the wrong line" in course


def test_two_who_correct_at_once_are_told_on_the_page_and_keep_their_words(desk, branch, manager):
    answer = marked(branch, manager, 3)
    correct(answer, 4, person_in(branch, "manager", name="Hana"))
    second = desk.post(address(answer), {"mark": "2", "remark": "", "reason": "Too short", "seen": "0"})
    assert second.status_code == 409
    page = text_of(second)
    assert "A colleague has corrected this mark meanwhile" in page
    assert "Too short" in page
    assert 'name="seen" value="1"' in page


def test_an_answer_without_a_mark_leads_to_its_marking(desk, branch):
    waiting = handed_in(an_assignment(a_quiz_course(branch), person_in(branch)))
    assert desk.get(address(waiting))["Location"] == waiting.get_absolute_url()


def test_a_correction_that_is_refused_shows_the_points_that_still_stand(desk, branch, manager):
    answer = marked(branch, manager, "3")
    page = reverse("training:mark_correct", args=[answer.attempt.reference, answer.position])
    refused = desk.post(page, {"mark": "1", "remark": "Short", "reason": "Copied", "seen": "0"})
    assert refused.status_code == 422
    assert "3 of 4" in " ".join(refused.content.decode().split())
