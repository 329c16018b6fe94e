"""Demo data of the training room: the library, released, and where the people of the harbour stand."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from organisation.models import Unit, User
from training import answers, demo_managers
from training.actions.assign import assign_course
from training.actions.attempts import save_answers, start_attempt, submit_attempt
from training.actions.courses import release_version, save_lesson
from training.actions.import_course import import_course
from training.actions.learn import finish_lesson, give_reply, save_ticks, start_lesson
from training.actions.meetings import record_practice
from training.actions.rules import make_rule
from training.course_file import read_course
from training.models import Assignment, AssignmentRule, Course, CourseVersion, Lesson
from training.scenario import walk

LIBRARY = Path(__file__).parent / "library"
LANGUAGE = "en"
ONBOARDING, UNDER_WAY, OVERDUE = "welcome", "telephone", "know-the-charter"
OUR_STORY = """
In the winter of 1987 the harbour froze, and with it the pipes of four hundred homes. Whoever rang us heard
the engaged tone for two days. An old lady on Mill Lane sat without water because she believed that she had
to reach us first.

## What we did about it

Since then one of us does nothing else on such mornings but record a new message every half hour: which
streets, until when, and where the water cart stands.

## A day when we did well

Last spring a man came to the counter five minutes before closing with a shoebox of letters. Ida kept the
door open, sorted the letters with him, and wrote on a card who calls him and when. He still has the card.
""".strip()


def seed(at: datetime, folder: Path = LIBRARY) -> None:
    """Every course of the folder, released; three of them in the hands of the demo's people."""
    by = User.objects.get(email="admin@harbour.example")
    root = Unit.objects.get(slug="harbour-city")
    begun = at - timedelta(days=370)
    for path in sorted(folder.glob("*.toml")):
        _teach(path, root, by, begun)
    if Course.objects.exists():
        _people(by, at)
        demo_managers.seed(at)


def _teach(path: Path, unit: Unit, by: User, at: datetime) -> None:
    draft = import_course(read_course(path.read_bytes()), unit=unit, by=by, at=at).draft
    for lesson in Lesson.objects.filter(module__version=draft, must_fill=True).select_related("module"):
        words = {"title": str(lesson), "body": OUR_STORY, "content": {}}
        save_lesson(lesson=lesson, language=LANGUAGE, words=words, by=by, at=at)
    release_version(draft, by=by, at=at)


def _course(key: str, number: int) -> Course | None:
    """The course of the key; where the library does not have it, the one in its place."""
    courses = Course.objects.released().order_by("pk")
    return courses.filter(key=key).first() or next(iter(courses[number : number + 1]), None)


def _people(by: User, at: datetime) -> None:
    staff = User.objects.get(email="staff@harbour.example")
    manager = User.objects.get(email="manager@harbour.example")
    onboarding, under_way, overdue = (
        _course(key, number) for number, key in enumerate((ONBOARDING, UNDER_WAY, OVERDUE))
    )
    if onboarding:
        _complete(onboarding, staff, manager, at - timedelta(days=70))
        _for_newcomers(onboarding, by, at - timedelta(days=100))
    if under_way:
        _half_done(_give(under_way, staff, manager, at - timedelta(days=9), days=21), at - timedelta(days=2))
    if overdue:
        _give(overdue, staff, manager, at - timedelta(days=34), days=30)
        _complete(overdue, manager, by, at - timedelta(days=40))


def _for_newcomers(course: Course, by: User, at: datetime) -> None:
    """Whoever is hired from now on gets the course with the first pay slip."""
    rule = AssignmentRule(
        course=course,
        unit=Unit.objects.get(slug="harbour-city"),
        hired_within_days=90,
        counted_from=AssignmentRule.CountedFrom.HIRE,
        due_days=30,
        why="Welcome to Harbour City",
        starts_on=at.date(),
    )
    make_rule(rule, by=by, at=at)


def _give(course: Course, person: User, by: User, at: datetime, *, days: int) -> Assignment:
    due_on = (at + timedelta(days=days)).date()
    why = "Your manager asked everybody at the counter" if course.levels else "Everybody reads our charter"
    return assign_course(course=course, person=person, due_on=due_on, by=by, why=why, at=at)[0]


def _half_done(assignment: Assignment, at: datetime) -> None:
    lessons = _lessons(assignment.course)
    for number, lesson in enumerate(lessons[:2]):
        go_through(assignment, lesson, None, at + timedelta(minutes=7 * number))
    start_lesson(assignment, lesson=lessons[min(2, len(lessons) - 1)], at=at + timedelta(minutes=15))


def _complete(course: Course, person: User, manager: User, at: datetime) -> None:
    assignment = _give(course, person, manager, at - timedelta(days=8), days=30)
    for number, lesson in enumerate(_lessons(course)):
        go_through(assignment, lesson, manager, at + timedelta(minutes=7 * number))
    attempt = start_attempt(assignment, language=LANGUAGE, at=at + timedelta(hours=1))
    questions = attempt.questions.select_related("version").prefetch_related("version__texts")
    given = {each.position: right_answer(each.version.kind, each.wording.content) for each in questions}
    given.popitem()  # nobody is perfect
    save_answers(attempt, answers=given, at=at + timedelta(hours=1, minutes=9))
    submit_attempt(attempt, at=at + timedelta(hours=1, minutes=9))


def _lessons(course: Course) -> list[Lesson]:
    version: Any = course.current_version()
    return CourseVersion.objects.with_parts().get(pk=version.pk).lessons()


def go_through(assignment: Assignment, lesson: Lesson, manager: User | None, at: datetime) -> None:
    """Do what the lesson asks, well, and finish it; a manager sees the practice where there is one."""
    words: Any = lesson.text(LANGUAGE)
    content = words.content
    items = range(len(content.get("items", [])))
    if lesson.kind == Lesson.Kind.SCENARIO:
        path: list[list[Any]] = []
        while not (now := walk(content, path)).is_over and now.step:
            replies = now.step["replies"]
            best = max(range(len(replies)), key=[reply["quality"] for reply in replies].__getitem__)
            progress = give_reply(assignment, lesson=lesson, step=now.step["key"], reply=best, at=at)
            if progress.state["path"] == path:
                return
            path = progress.state["path"]
    if lesson.kind == Lesson.Kind.CHECKLIST:
        save_ticks(assignment, lesson=lesson, items=items, at=at)
    if lesson.kind == Lesson.Kind.PRACTICE and manager:
        record_practice(assignment, lesson=lesson, items=items, by=manager, at=at)
    if not lesson.is_seen_by_others:
        finish_lesson(assignment, lesson=lesson, at=at)


def right_answer(kind: str, content: dict[str, Any]) -> Any:
    """What earns every point; a sentence where a person has to read it."""
    if kind in ("single", "multiple"):
        return [number for number, option in enumerate(content["options"]) if option["correct"]]
    if kind == "true_false":
        return "true" if content["answer"] else "false"
    if kind in ("ordering", "matching"):
        return list(range(answers.size_of(kind, content)))
    if kind == "short":
        return content["answers"][0]
    return content["answer"] if kind == "numeric" else "I would call back on the day that I named."
