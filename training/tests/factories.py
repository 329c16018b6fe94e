"""Working rows of the training room for tests."""

import random
from datetime import UTC, date, datetime
from typing import Any

from organisation.models import Unit, User
from organisation.tests.factories import UnitFactory, UserFactory
from training.actions.attempts import start_attempt, submit_attempt
from training.actions.complete import issue_certificate
from training.models import (
    Assignment,
    Attempt,
    Certificate,
    Course,
    CourseVersion,
    Lesson,
    LessonText,
    Module,
    Question,
    QuestionBank,
    QuestionVersion,
    Quiz,
)

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

OPTIONS = {
    "options": [
        {"text": "Greet the caller", "correct": True, "feedback": "The caller knows where they are."},
        {"text": "Ask for the number", "correct": False, "feedback": "Not before the greeting."},
        {"text": "Put them on hold", "correct": False, "feedback": ""},
    ]
}
STEPS = {
    "steps": [
        {
            "key": "start",
            "says": "I have told this three times now.",
            "ending": "",
            "replies": [
                {
                    "words": "You will not have to again.",
                    "leads_to": "calmer",
                    "feedback": "Yes.",
                    "quality": 2,
                },
                {"words": "Please calm down.", "leads_to": "", "feedback": "That heats it up.", "quality": 0},
            ],
        },
        {"key": "calmer", "says": "All right.", "ending": "They thank you.", "replies": []},
    ]
}
ITEMS = {"items": ["Headset works", "The list of colleagues is open"]}
CONTENT = {
    "scenario": STEPS,
    "checklist": ITEMS,
    "practice": ITEMS,
    "video": {"url": "https://video.example/1", "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nGood morning."},
}


def a_lesson(module: Module, key: str, kind: str = "text", **fields: Any) -> Lesson:
    lesson = Lesson.objects.create(module=module, key=key, kind=kind, **fields)
    LessonText.objects.create(
        lesson=lesson,
        title=f"Lesson {key}",
        body="Say your **name**, then listen.",
        content=CONTENT.get(kind, {}),
    )
    return lesson


def a_question(bank: QuestionBank, key: str, kind: str = "single", **fields: Any) -> Question:
    """A question that is asked already; `content`, `points` and `marking` of its version."""
    content = fields.pop("content", OPTIONS)
    question = Question.objects.create(bank=bank, key=key, standard=fields.pop("standard", None))
    version = QuestionVersion.objects.create(question=question, kind=kind, released_at=LONG_AGO, **fields)
    version.texts.create(text=f"What comes first? ({key})", feedback="A greeting.", content=content)
    question.current = version
    question.save()
    return question


def a_course(
    key: str = "telephone",
    *,
    lessons: tuple[str, ...] = ("text",),
    questions: int = 2,
    unit: Unit | None = None,
    quiz: dict[str, Any] | None = None,
    **fields: Any,
) -> Course:
    """A released course: a lesson of each kind named, and a quiz with single-choice questions (0: none)."""
    course = Course.objects.create(
        key=key, unit=unit or UnitFactory(), state=fields.pop("state", Course.State.RELEASED), **fields
    )
    course.texts.create(title=f"Course {key}", summary="You pick up within three rings.")
    version = CourseVersion.objects.create(course=course, released_at=LONG_AGO)
    fill_version(version, lessons=lessons, questions=questions, quiz=quiz)
    course.set_search()
    return course


def fill_version(
    version: CourseVersion,
    *,
    lessons: tuple[str, ...] = ("text",),
    questions: int = 2,
    quiz: dict[str, Any] | None = None,
) -> None:
    module = Module.objects.create(version=version, key="first", position=1)
    module.texts.create(title="The first module")
    for number, kind in enumerate(lessons, start=1):
        a_lesson(module, f"{kind}-{number}", kind, position=number)
    if questions or quiz is not None:
        bank, is_new = QuestionBank.objects.get_or_create(
            key=version.course.key, defaults={"unit": version.course.unit}
        )
        made = Quiz.objects.create(version=version, bank=bank, **(quiz or {}))
        made.texts.create(title="What stays")
        for number in range(questions if is_new else 0):
            a_question(bank, f"q{number + 1}")


def an_assignment(course: Course | None = None, person: User | None = None, **fields: Any) -> Assignment:
    """Due at the end of 2026, assigned at its beginning."""
    due_on = fields.pop("due_on", date(2026, 12, 31))
    return Assignment.objects.create(
        course=course or a_course(),
        person=person or UserFactory(),
        due_on=due_on,
        first_due_on=due_on,
        assigned_at=LONG_AGO,
        **fields,
    )


def lessons_of(course: Course) -> list[Lesson]:
    version = course.current_version()
    assert version is not None
    return list(Lesson.objects.filter(module__version=version).select_related("module__version"))


def an_attempt(assignment: Assignment, *, handed_in: bool = False, at: datetime = LONG_AGO) -> Attempt:
    """An attempt that is open, or handed in with nothing answered."""
    attempt = start_attempt(assignment, language="en", at=at, chance=random.Random(3))
    if handed_in:
        submit_attempt(attempt, at=at)
    return attempt


def a_certificate(assignment: Assignment, at: datetime = LONG_AGO) -> Certificate:
    """The assignment completed, whatever its course asks for."""
    Assignment.objects.filter(pk=assignment.pk).update(state=Assignment.State.COMPLETED, finished_at=at)
    assignment.refresh_from_db()
    return issue_certificate(assignment, at=at)
