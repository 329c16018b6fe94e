"""Demo data for those who look after others: answers to mark, practice to watch, meetings with seats."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from organisation.models import Unit, User
from training.actions.assign import assign_course
from training.actions.attempts import mark_open_answer, save_answers, start_attempt, submit_attempt
from training.actions.corrections import correct_mark
from training.actions.courses import release_version
from training.actions.import_course import import_course
from training.actions.learn import finish_lesson, start_lesson
from training.actions.meetings import book_seat, record_practice
from training.actions.sessions import plan_session
from training.course_file import read_course
from training.models import Assignment, AttemptQuestion, Course, InPersonSession, Lesson

FILE = Path(__file__).parent / "house" / "first-month-at-the-counter.toml"
ANSWERS = {
    "amira": "A man came for his permit and I sent him to room 12, and room 12 sent him back. Today I would "
    "ring first and say: “Mr Osei from the permits comes down to you in ten minutes. I stay with you.”",
    "lena": "I said “you will hear from us”. I would say the day now.",
    "joao": "A lady asked when her card comes. I said “soon”. Today: “On Thursday; I ring "
    "you if it is not there.”",
}


def seed(at: datetime) -> None:
    """The course that the harbour wrote itself, in the hands of four of its people."""
    by = User.objects.get(email="admin@harbour.example")
    unit = Unit.objects.get(slug="harbour-city")
    begun = at - timedelta(days=60)
    draft = import_course(read_course(FILE.read_bytes()), unit=unit, by=by, at=begun).draft
    release_version(draft, by=by, at=begun)
    course = draft.course
    given = at - timedelta(days=20)
    amira, tom, lena, grace = (_person(name) for name in ("amira", "tom", "lena", "grace"))
    held = {person: _give(course, person, by, given) for person in (amira, tom, lena, grace)}
    past, coming = _meetings(course, by, at)
    book_seat(past, assignment=held[lena], at=given)
    for person in (amira, tom):
        book_seat(coming, assignment=held[person], at=at - timedelta(days=3))
    _begin(held[amira], at - timedelta(days=5))
    _hand_in(held[amira], ANSWERS["amira"], at - timedelta(days=4))
    _begin(held[lena], at - timedelta(days=3))
    _hand_in(held[lena], ANSWERS["lena"], at - timedelta(days=2))
    _begin(held[tom], at - timedelta(days=6))
    watched = Lesson.objects.get(module__version=draft, key="watched-at-the-counter")
    manager = User.objects.get(email="manager@harbour.example")
    note = "Calm, although there was a queue"
    seen = at - timedelta(days=1)
    record_practice(held[tom], lesson=watched, items=[0, 1], by=manager, note=note, at=seen)
    _corrected(_give(course, _person("joao"), by, given), manager, by, at)


def _corrected(assignment: Assignment, marker: User, by: User, at: datetime) -> None:
    """An answer that was marked too low, and put right by somebody else."""
    _begin(assignment, at - timedelta(days=6))
    _hand_in(assignment, ANSWERS["joao"], at - timedelta(days=5))
    answer = AttemptQuestion.objects.get(attempt__assignment=assignment, position=2)
    mark_open_answer(answer, mark=Decimal(1), by=marker, remark="Which day?", at=at - timedelta(days=4))
    correct_mark(
        answer,
        mark=answer.points,
        remark="The day, and what you do if it slips: that is it.",
        reason="The day stands in the second sentence; it was overlooked",
        by=by,
        seen=0,
        at=at - timedelta(days=3),
    )


def _person(name: str) -> User:
    return User.objects.get(email=f"{name}@people.harbour.example")


def _give(course: Course, person: User, by: User, at: datetime) -> Assignment:
    due_on = (at + timedelta(days=45)).date()
    return assign_course(course=course, person=person, due_on=due_on, by=by, why="New at the counter", at=at)[
        0
    ]


def _meetings(course: Course, by: User, at: datetime) -> list[InPersonSession]:
    """One that took place and whose list nobody has kept yet, one with seats left."""
    morning = at.replace(hour=9, minute=0, second=0, microsecond=0)
    starts = (morning - timedelta(days=6), morning + timedelta(days=9))
    return [
        plan_session(
            InPersonSession(
                course=course,
                lesson_key="a-morning-together",
                unit=Unit.objects.get(slug="harbour-branch"),
                place="Meeting room, second floor",
                starts_at=start,
                ends_at=start + timedelta(hours=3),
                seats=8,
                led_by="Marek Novak",
                note="Please bring one visit that you remember.",
            ),
            by=by,
            at=at - timedelta(days=30),
        )
        for start in starts
    ]


def _begin(assignment: Assignment, at: datetime) -> None:
    lesson = Lesson.objects.get(module__version=assignment.course.current_version(), key="before-you-open")
    start_lesson(assignment, lesson=lesson, at=at)
    finish_lesson(assignment, lesson=lesson, at=at + timedelta(minutes=5))


def _hand_in(assignment: Assignment, words: str, at: datetime) -> None:
    attempt = start_attempt(assignment, language="en", at=at)
    save_answers(attempt, answers={1: [0], 2: words}, at=at + timedelta(minutes=9))
    submit_attempt(attempt, at=at + timedelta(minutes=9))
