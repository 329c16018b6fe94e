"""Attempts: one at a time, frozen at the start, closed by the server's clock, marked by rule."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from organisation.tests.factories import UserFactory
from training.actions import attempts, courses
from training.actions.assign import end_waiver, waive
from training.actions.attempts import (
    AlreadyMarked,
    AttemptsUsedUp,
    MarkingRefused,
    NoQuestions,
    TooSoon,
    close_attempts_over_limit,
    mark_open_answer,
    save_answers,
    start_attempt,
    submit_attempt,
)
from training.actions.import_course import write_wording
from training.actions.learn import finish_lesson
from training.actions.turns import NotOpen
from training.course_file import QuestionPart
from training.models import Assignment, Certificate, QuestionBank
from training.tests.factories import OPTIONS, a_course, a_question, an_assignment, lessons_of

pytestmark = pytest.mark.django_db

RIGHT, WRONG = [0], [1]
State = Assignment.State


def ready(now, **fields):
    """A learner who has finished the lessons."""
    course = a_course(**fields)
    assignment = an_assignment(course)
    for lesson in lessons_of(course):
        finish_lesson(assignment, lesson=lesson, at=now)
    return assignment


def hand_in(assignment, answers, at):
    attempt = start_attempt(assignment, at=at)
    save_answers(attempt, answers=dict(enumerate(answers, start=1)), at=at)
    submit_attempt(attempt, at=at)
    assignment.refresh_from_db()
    return attempt


def test_two_tabs_do_not_buy_an_attempt(now):
    assignment = ready(now, quiz={"attempts": 1})
    first = start_attempt(assignment, at=now)
    second = start_attempt(assignment, at=now + timedelta(seconds=1))
    assert first == second
    assert first.number == 1
    assert first.questions.count() == 2


def test_enough_right_answers_complete_the_course(now):
    assignment = ready(now)
    attempt = hand_in(assignment, [RIGHT, RIGHT], now)
    assert attempt.percentage == 100
    assert assignment.state == State.COMPLETED
    assert assignment.certificate.percentage == 100


def test_the_quiz_may_come_before_the_lessons_but_completes_nothing_alone(now):
    course = a_course()
    assignment = an_assignment(course)
    hand_in(assignment, [RIGHT, RIGHT], now)
    assert assignment.state == State.IN_PROGRESS
    assert finish_lesson(assignment, lesson=lessons_of(course)[0], at=now) is not None


def test_the_unrounded_percentage_decides(now):
    """Two of three are 66.67 % on the page, and under 66.67."""
    assignment = ready(now, questions=3, quiz={"pass_mark": Decimal("66.67")})
    hand_in(assignment, [RIGHT, RIGHT, WRONG], now)
    assert assignment.state == State.IN_PROGRESS


def test_attempts_are_used_up(now):
    assignment = ready(now, quiz={"attempts": 2})
    hand_in(assignment, [WRONG, WRONG], now)
    assert assignment.state == State.IN_PROGRESS
    hand_in(assignment, [WRONG, RIGHT], now)
    assert assignment.state == State.FAILED
    with pytest.raises(NotOpen):
        start_attempt(assignment, at=now)


def test_no_attempt_beyond_the_last_even_while_something_else_is_owed(now):
    course = a_course(quiz={"attempts": 1})
    assignment = an_assignment(course)
    hand_in(assignment, [RIGHT, RIGHT], now)
    with pytest.raises(AttemptsUsedUp):
        start_attempt(assignment, at=now)


def test_what_is_passed_is_not_put_at_stake_again(now):
    course = a_course(quiz={"counting": "last"})
    assignment = an_assignment(course)
    hand_in(assignment, [RIGHT, RIGHT], now)
    with pytest.raises(NotOpen):
        start_attempt(assignment, at=now)


def test_the_next_attempt_waits(now):
    assignment = ready(now, quiz={"wait_hours": 24})
    hand_in(assignment, [WRONG, WRONG], now)
    with pytest.raises(TooSoon) as refused:
        start_attempt(assignment, at=now + timedelta(hours=23, minutes=59))
    assert refused.value.from_ == now + timedelta(hours=24)
    assert start_attempt(assignment, at=now + timedelta(hours=24)).number == 2


def test_after_the_limit_nothing_is_kept_and_the_saved_answers_are_handed_in(now):
    assignment = ready(now, quiz={"minutes": 10, "pass_mark": 50})
    attempt = start_attempt(assignment, at=now)
    assert save_answers(attempt, answers={1: RIGHT}, at=now + timedelta(minutes=9, seconds=59))
    assert not save_answers(attempt, answers={2: RIGHT}, at=now + timedelta(minutes=10))
    attempt.refresh_from_db()
    assignment.refresh_from_db()
    assert attempt.submitted_at == now + timedelta(minutes=10)
    assert attempt.ended_by_limit
    assert attempt.percentage == 50
    assert assignment.state == State.COMPLETED


def test_an_attempt_that_cannot_be_handed_in_holds_no_other_up(now, monkeypatch):
    first = ready(now, quiz={"minutes": 10})
    second = an_assignment(first.course)
    for lesson in lessons_of(first.course):
        finish_lesson(second, lesson=lesson, at=now)
    broken = start_attempt(first, at=now)
    start_attempt(second, at=now)
    whole = attempts.submit_attempt

    def failing(attempt, *, at):
        if attempt == broken:
            raise ArithmeticError
        return whole(attempt, at=at)

    monkeypatch.setattr(attempts, "submit_attempt", failing)
    assert close_attempts_over_limit(at=now + timedelta(hours=3)) == 1
    assert second.attempts.get().submitted_at == now + timedelta(minutes=10)


def test_the_job_closes_what_nobody_came_back_to_once(now):
    assignment = ready(now, quiz={"minutes": 10})
    start_attempt(assignment, at=now)
    assert close_attempts_over_limit(at=now + timedelta(minutes=9)) == 0
    assert close_attempts_over_limit(at=now + timedelta(hours=3)) == 1
    assert close_attempts_over_limit(at=now + timedelta(hours=4)) == 0
    assert assignment.attempts.get().submitted_at == now + timedelta(minutes=10)


def test_what_the_job_closes_late_is_completed_at_the_end_of_its_time(now):
    assignment = ready(now, quiz={"minutes": 10, "pass_mark": 50}, refresh_months=1)
    attempt = start_attempt(assignment, at=now)
    save_answers(attempt, answers={1: RIGHT, 2: RIGHT}, at=now + timedelta(minutes=5))
    Assignment.objects.filter(pk=assignment.pk).update(due_on=now.date())
    close_attempts_over_limit(at=now + timedelta(days=2))
    assignment.refresh_from_db()
    attempt.refresh_from_db()
    ends = now + timedelta(minutes=10)
    assert (assignment.state, assignment.finished_at, attempt.marked_at) == (State.COMPLETED, ends, ends)
    certificate = Certificate.objects.get()
    assert certificate.issued_on == now.date()


def test_a_lesson_read_after_the_end_of_the_time_is_when_the_course_was_completed(now):
    assignment = an_assignment(a_course(quiz={"minutes": 10, "pass_mark": 50}))
    attempt = start_attempt(assignment, at=now)
    save_answers(attempt, answers={1: RIGHT, 2: RIGHT}, at=now)
    finish_lesson(assignment, lesson=lessons_of(assignment.course)[0], at=now + timedelta(hours=1))
    close_attempts_over_limit(at=now + timedelta(days=2))
    assignment.refresh_from_db()
    assert assignment.finished_at == now + timedelta(hours=1)


def test_an_attempt_over_its_limit_makes_room_for_the_next(now):
    assignment = ready(now, quiz={"minutes": 10})
    start_attempt(assignment, at=now)
    assert start_attempt(assignment, at=now + timedelta(minutes=11)).number == 2


def test_handed_in_twice_is_handed_in_once(now):
    assignment = ready(now)
    attempt = start_attempt(assignment, at=now)
    assert submit_attempt(attempt, at=now)
    assert not submit_attempt(attempt, at=now + timedelta(minutes=1))
    assert not save_answers(attempt, answers={1: RIGHT}, at=now)
    attempt.refresh_from_db()
    assert attempt.submitted_at == now


def test_questions_their_words_and_points_are_frozen(now):
    assignment = ready(now, questions=1)
    attempt = start_attempt(assignment, at=now)
    bank = QuestionBank.objects.get()
    question = bank.questions.get()
    turned = {"options": [each | {"correct": not each["correct"]} for each in OPTIONS["options"][:2]]}
    part = QuestionPart("q1", "single", "", "Turned round", Decimal(5), "", "right_minus_wrong", turned)
    write_wording(question, part, "en")
    courses.release_questions(bank, at=now)
    save_answers(attempt, answers={1: RIGHT}, at=now)
    submit_attempt(attempt, at=now)
    assert attempt.questions.get().points == 1
    assert attempt.questions.get().mark == 1
    assert attempt.questions.get().wording.text.startswith("What comes first?")


def test_as_many_questions_are_drawn_as_the_quiz_says_each_once(now):
    assignment = ready(now, questions=8, quiz={"draw": 3})
    attempt = start_attempt(assignment, at=now, chance=random.Random(7))
    drawn = list(attempt.questions.values_list("version", flat=True))
    assert len(set(drawn)) == 3
    assert [each.position for each in attempt.questions.all()] == [1, 2, 3]


def test_without_shuffling_questions_and_options_stand_as_written(now):
    assignment = ready(now, questions=5, quiz={"shuffle": False})
    attempt = start_attempt(assignment, at=now)
    questions = attempt.questions.select_related("version__question")
    assert [each.version.question.key for each in questions] == ["q1", "q2", "q3", "q4", "q5"]
    assert {tuple(each.order) for each in questions} == {(0, 1, 2)}


def test_a_quiz_without_questions_says_so(now):
    with pytest.raises(NoQuestions):
        start_attempt(ready(now, questions=0, quiz={}), at=now)


def open_question(now, **quiz):
    assignment = ready(now, questions=1, quiz=quiz)
    a_question(QuestionBank.objects.get(), "open", "open", content={"guide": ""}, points=3)
    return assignment


def answer_openly(assignment, at):
    attempt = start_attempt(assignment, at=at)
    for each in attempt.questions.select_related("version"):
        answer = "I would call back." if each.is_open_text else RIGHT
        save_answers(attempt, answers={each.position: answer}, at=at)
    submit_attempt(attempt, at=at)
    assignment.refresh_from_db()
    return attempt


def test_an_open_answer_is_neither_passed_nor_failed_until_it_is_marked_also_after_the_deadline(now):
    assignment = open_question(now)
    attempt = answer_openly(assignment, now)
    assert assignment.state == State.AWAITING
    assert attempt.percentage is None
    assert list(Assignment.objects.overdue((now + timedelta(days=90)).date())) == []
    question = attempt.questions.get(mark__isnull=True)
    later = now + timedelta(days=90)
    mark_open_answer(question, mark=Decimal("2.5"), by=UserFactory(), remark="Good", at=later)
    assignment.refresh_from_db()
    attempt.refresh_from_db()
    assert attempt.percentage == Decimal("87.5")
    assert assignment.state == State.COMPLETED
    assert (assignment.certificate.issued_on, assignment.certificate.issued_at) == (now.date(), later)


def test_a_failure_that_is_marked_late_failed_on_the_day_of_handing_in(now):
    assignment = open_question(now, attempts=1)
    attempt = answer_openly(assignment, now)
    later = now + timedelta(days=90)
    mark_open_answer(attempt.questions.get(mark__isnull=True), mark=Decimal(0), by=UserFactory(), at=later)
    assignment.refresh_from_db()
    assert (assignment.state, assignment.finished_at) == (State.FAILED, now)


def test_the_attempt_that_passed_says_on_which_day_not_one_that_failed_after_it(now):
    course = a_course(questions=1, quiz={"attempts": 3})
    a_question(QuestionBank.objects.get(), "open", "open", content={"guide": ""}, points=3)
    assignment = an_assignment(course)
    first = answer_openly(assignment, now)
    hand_in(assignment, [WRONG, None], now + timedelta(days=5))
    mark_open_answer(
        first.questions.get(mark__isnull=True), mark=Decimal(3), by=UserFactory(), at=now + timedelta(days=9)
    )
    finish_lesson(assignment, lesson=lessons_of(course)[0], at=now + timedelta(days=2))
    assert Certificate.objects.get().issued_on == (now + timedelta(days=2)).date()


def test_a_low_mark_leaves_the_next_attempt(now):
    assignment = open_question(now, attempts=1)
    attempt = answer_openly(assignment, now)
    mark_open_answer(attempt.questions.get(mark__isnull=True), mark=Decimal(0), by=UserFactory(), at=now)
    assignment.refresh_from_db()
    assert assignment.state == State.FAILED
    assert not Certificate.objects.exists()


def test_an_answer_is_marked_once_by_somebody_else_within_its_points(now):
    assignment = open_question(now)
    attempt = answer_openly(assignment, now)
    question = attempt.questions.get(mark__isnull=True)
    with pytest.raises(MarkingRefused):
        mark_open_answer(question, mark=Decimal(3), by=assignment.person, at=now)
    with pytest.raises(MarkingRefused):
        mark_open_answer(question, mark=Decimal("3.01"), by=UserFactory(), at=now)
    mark_open_answer(question, mark=Decimal(3), by=UserFactory(), at=now)
    with pytest.raises(AlreadyMarked):
        mark_open_answer(question, mark=Decimal(0), by=UserFactory(), at=now)


@pytest.mark.parametrize(
    ("counting", "answers", "state"),
    [
        ("highest", [WRONG, RIGHT], State.COMPLETED),
        ("average", [WRONG, RIGHT], State.FAILED),
        ("last", [WRONG, RIGHT], State.COMPLETED),
        ("first", [WRONG], State.FAILED),
    ],
)
def test_the_attempt_that_counts_decides(counting, answers, state, now):
    course = a_course(questions=1, quiz={"attempts": 2, "counting": counting, "pass_mark": 60})
    assignment = an_assignment(course)
    for number, answer in enumerate(answers):
        hand_in(assignment, [answer], now + timedelta(hours=number))
    if assignment.state != State.FAILED:
        finish_lesson(assignment, lesson=lessons_of(course)[0], at=now)
        assignment.refresh_from_db()
    assert assignment.state == state


def test_a_failure_that_was_waived_is_a_failure_again_when_the_waiver_ends(now):
    assignment = ready(now, quiz={"attempts": 1})
    hand_in(assignment, [WRONG, WRONG], now)
    waive(assignment, reason="Leaves soon", by=UserFactory(), at=now)
    end_waiver(assignment, by=UserFactory(), at=now)
    assignment.refresh_from_db()
    assert assignment.state == State.FAILED
