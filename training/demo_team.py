"""Demo data of the training room: how the colleagues stand, so that managers have something to read."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from charter.actions import save_measure, set_goal
from charter.models import Measure, Standard
from organisation.models import User
from training.actions.assign import assign_course, waive
from training.actions.attempts import save_answers, start_attempt, submit_attempt
from training.actions.learn import start_lesson
from training.actions.measured import choose_courses
from training.demo import LANGUAGE, go_through, right_answer
from training.models import Assignment, Course, CourseVersion
from training.source import KIND

LISTENING, WELCOME, CHARTER = "listening-and-empathy", "welcome", "know-the-charter"
DAYS_AGO = {"amira": 171, "tom": 168, "lena": 160, "joao": 157, "manager": 166, "hill": 163}


def seed(at: datetime) -> None:
    """Both branches learned to listen five months ago; the charter's course is where it usually is."""
    if Course.objects.filter(key__in=[LISTENING, WELCOME, CHARTER]).count() != 3:
        return
    by = User.objects.get(email="admin@harbour.example")
    people = {name: _person(name) for name in (*DAYS_AGO, "grace", "piotr", "nora")}
    for number, (name, days) in enumerate(DAYS_AGO.items()):
        _complete(_given(LISTENING, people[name], by, at, ago=190), by, at - timedelta(days=days), number)
    for name in ("amira", "lena"):
        _complete(_given(WELCOME, people[name], by, at, ago=80), by, at - timedelta(days=62), 0)
    waive(
        _given(WELCOME, people["piotr"], by, at, ago=80),
        reason="Teaches the course himself",
        by=by,
        at=at - timedelta(days=75),
    )
    _complete(_given(CHARTER, people["tom"], by, at, ago=40), by, at - timedelta(days=20), 1)
    _given(CHARTER, people["lena"], by, at, ago=40)
    _given(CHARTER, people["grace"], by, at, ago=8)
    _given(CHARTER, people["nora"], by, at, ago=8)
    begun = _given(CHARTER, people["joao"], by, at, ago=8)
    start_lesson(begun, lesson=_lessons(begun.course)[0], at=at - timedelta(days=2))
    _measure(by, at - timedelta(days=200))


def _measure(by: User, at: datetime) -> None:
    """What training feeds: the courses behind a promise, completed in time."""
    standard = Standard.objects.filter(courses__key=LISTENING).order_by("position").first()
    if standard is None:
        return
    fields = {
        "key": "training-in-time",
        "name": "Courses on listening and welcome, completed in time",
        "method": Measure.Method.SHARE_MET,
        "source": KIND,
        "scale_low": 0,
        "scale_high": 1,
        "is_sample": False,
    }
    measure = save_measure(standard=standard, measure=None, fields=fields, by=by, at=at)
    set_goal(measure=measure, target=Decimal(90), starts_on=at.date(), by=by, at=at)
    choose_courses(measure, courses=Course.objects.filter(key__in=[LISTENING, WELCOME]), by=by)


def _person(name: str) -> User:
    domain = "harbour.example" if name in ("manager", "hill") else "people.harbour.example"
    return User.objects.get(email=f"{name}@{domain}")


def _given(key: str, person: User, by: User, at: datetime, *, ago: int, days: int = 30) -> Assignment:
    """Assigned so many days ago, due after so many days."""
    then = at - timedelta(days=ago)
    course = Course.objects.get(key=key)
    due_on = (then + timedelta(days=days)).date()
    return assign_course(course=course, person=person, due_on=due_on, by=by, at=then)[0]


def _lessons(course: Course) -> list[Any]:
    version: Any = course.current_version()
    return CourseVersion.objects.with_parts().get(pk=version.pk).lessons()


def _complete(assignment: Assignment, by: User, at: datetime, mistakes: int) -> None:
    """Through with everything on a day; so many of the questions, at the most a fifth, answered wrongly."""
    if not assignment.is_open:
        return
    for number, lesson in enumerate(_lessons(assignment.course)):
        go_through(assignment, lesson, by, at + timedelta(minutes=7 * number))
    attempt = start_attempt(assignment, language=LANGUAGE, at=at + timedelta(hours=2))
    questions = list(attempt.questions.select_related("version").prefetch_related("version__texts"))
    single = [each.position for each in questions if each.version.kind == "single"]
    wrong = set(sorted(single)[: min(mistakes, len(questions) // 5)])
    given = {each.position: _answer(each, is_wrong=each.position in wrong) for each in questions}
    save_answers(attempt, answers=given, at=at + timedelta(hours=2, minutes=9))
    submit_attempt(attempt, at=at + timedelta(hours=2, minutes=9))


def _answer(question: Any, *, is_wrong: bool) -> Any:
    content = question.wording.content
    if not is_wrong:
        return right_answer(question.version.kind, content)
    return [next(number for number, option in enumerate(content["options"]) if not option["correct"])]
