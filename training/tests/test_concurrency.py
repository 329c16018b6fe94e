"""Many at once: needs a database with many writers."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from organisation.tests.factories import UnitFactory, UserFactory
from training.actions.assign import assign_course, assign_people, extend_due, give_batch
from training.actions.attempts import mark_open_answer, save_answers, start_attempt, submit_attempt
from training.actions.corrections import correct_mark
from training.actions.import_course import import_course
from training.actions.import_questions import take_in_questions
from training.actions.learn import finish_lesson, start_lesson
from training.actions.turns import ChangedMeanwhile
from training.course_file import read_course
from training.formats.reading import read_questions
from training.models import (
    Assignment,
    AssignmentBatch,
    Attempt,
    AttemptQuestion,
    Certificate,
    Lesson,
    MarkCorrection,
    Question,
    TrainingEvent,
)
from training.tests.factories import a_course, a_question, an_assignment, lessons_of
from training.tests.test_courses import TELEPHONE

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]


def at_once(*calls):
    """Run the calls in threads of their own, started together; what each gave back or raised."""
    assert connection.vendor == "postgresql"
    start, found = threading.Barrier(len(calls)), []

    def run(call):
        try:
            start.wait()
            found.append(call())
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_the_last_two_lessons_finished_at_once_complete_the_course(now):
    """The second waits for the first: else neither would see the other's lesson, and nothing would be
    completed."""
    course = a_course(lessons=("text", "text"), questions=0)
    assignment = an_assignment(course)
    first, second = lessons_of(course)
    start_lesson(assignment, lesson=first, at=now)

    def finish_the_second():
        finish_lesson(assignment, lesson=second, at=now)
        connections.close_all()

    other = threading.Thread(target=finish_the_second)
    with transaction.atomic():
        finish_lesson(assignment, lesson=first, at=now)
        other.start()
        other.join(timeout=0.3)
        assert other.is_alive()
    other.join()
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.COMPLETED
    assert Certificate.objects.count() == 1


def test_the_same_last_lesson_finished_in_two_tabs_makes_one_certificate(now):
    course = a_course(questions=0)
    assignment = an_assignment(course)
    lesson = lessons_of(course)[0]
    found = at_once(*[lambda: finish_lesson(assignment, lesson=lesson, at=now)] * 4)
    assert not [each for each in found if isinstance(each, Exception)]
    assert Certificate.objects.count() == 1
    assert TrainingEvent.objects.filter(what=TrainingEvent.What.COMPLETED).count() == 1


def test_a_person_who_is_given_a_course_twice_at_once_has_it_once(now):
    course, person = a_course(), UserFactory()
    found = at_once(
        *[lambda: assign_course(course=course, person=person, due_on=date(2026, 12, 1), by=None, at=now)] * 4
    )
    assert len({assignment.pk for assignment, _is_new in found}) == 1
    assert sum(is_new for _assignment, is_new in found) == 1


def test_four_tabs_that_begin_the_quiz_begin_one_attempt(now):
    assignment = an_assignment(a_course(quiz={"attempts": 1}))
    found = at_once(*[lambda: start_attempt(assignment, at=now)] * 4)
    assert len({attempt.pk for attempt in found}) == 1
    assert Attempt.objects.count() == 1


def test_two_hundred_people_given_a_course_twice_at_once_have_it_once(now):
    course, by = a_course(), UserFactory()
    people = UserFactory.create_batch(200)
    due_on = date(2099, 1, 1)
    batches = [assign_people(course=course, people=people, due_on=due_on, by=by, at=now) for _each in "ab"]
    assert at_once(*[lambda batch=batch: give_batch(batch) for batch in batches]) == [None, None]
    assert Assignment.objects.count() == 200
    assert sum(AssignmentBatch.objects.values_list("made", flat=True)) == 200


def test_of_two_extensions_at_once_the_second_is_told(now):
    assignment, by = an_assignment(a_course()), UserFactory()
    days = (date(2027, 3, 1), date(2027, 4, 1))
    found = at_once(
        *[
            lambda day=day: extend_due(
                assignment, due_on=day, reason="Ill", by=by, seen=assignment.stand, at=now
            )
            for day in days
        ]
    )
    assert [type(each) for each in found if each] == [ChangedMeanwhile]
    assert TrainingEvent.objects.filter(what=TrainingEvent.What.EXTENDED).count() == 1


def test_of_two_corrections_at_once_the_second_is_told_and_one_certificate_stands(now):
    """One lifts the mark and completes the course; the other has not seen that."""
    course = a_course(questions=0, quiz={"pass_mark": 50, "attempts": 1})
    a_question(course.current_version().quiz.bank, "open", "open", content={"guide": ""}, points=4)
    assignment, by = an_assignment(course), UserFactory()
    finish_lesson(assignment, lesson=lessons_of(course)[0], at=now)
    attempt = start_attempt(assignment, at=now)
    save_answers(attempt, answers={1: "I call back."}, at=now)
    submit_attempt(attempt, at=now)
    answer = AttemptQuestion.objects.get()
    mark_open_answer(answer, mark=Decimal(1), by=by, at=now)

    def lift(points):
        row = AttemptQuestion.objects.select_related("attempt__assignment", "version").get()
        correct_mark(row, mark=Decimal(points), reason="Too low", by=by, seen=0, at=now)

    found = at_once(lambda: lift(3), lambda: lift(4))
    assert [type(each) for each in found if each] == [ChangedMeanwhile]
    assert MarkCorrection.objects.count() == 1
    assert Certificate.objects.count() == 1


QUESTIONS = "::ring::After which ring? {#3}\n\n::name::Do you say your name? {T}\n"


def test_a_file_of_questions_that_is_taken_in_twice_at_once_is_there_once(now):
    course = a_course(questions=1)
    read = read_questions(QUESTIONS.encode())
    found = at_once(*[lambda: take_in_questions(course, read, by=None, at=now)] * 4)
    assert not [each for each in found if isinstance(each, Exception)]
    assert sorted(plan.counts["new"] for plan in found) == [0, 0, 0, 2]
    assert Question.objects.count() == 3


def test_a_course_file_that_is_taken_in_twice_at_once_is_there_once(now):
    file, unit = read_course(TELEPHONE.read_bytes()), UnitFactory()
    found = at_once(*[lambda: import_course(file, unit=unit, by=None, at=now)] * 4)
    assert not [each for each in found if isinstance(each, Exception)]
    assert (Question.objects.count(), Lesson.objects.count()) == (7, 3)
