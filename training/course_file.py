"""The course file (TOML; docs/course-format.md): read with reasons, written so that it reads back."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import tomli_w
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organisation.models import Membership
from training.content import Content, lesson_content, question_content
from training.models import Lesson, QuestionVersion, Quiz
from training.table import Problem, Table, refuse_doubles

FORMAT = "charterwell-course"
VERSION = 1
MOST_BYTES = 2_000_000
MOST_MINUTES = 6_000


class FileRefused(ValidationError):
    """The file is no course, or one with faults; `problems` names them all."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__([str(problem) for problem in problems])
        self.problems = problems


@dataclass(frozen=True)
class LessonPart:
    key: str
    title: str
    kind: str
    minutes: int
    must_fill: bool
    is_filled: bool
    body: str
    content: Content


@dataclass(frozen=True)
class ModulePart:
    key: str
    title: str
    lessons: list[LessonPart]


@dataclass(frozen=True)
class QuizPart:
    title: str
    draw: int = 0
    pass_mark: Decimal = Decimal(80)
    attempts: int = 0
    wait_hours: int = 0
    minutes: int = 0
    counting: str = "highest"
    shuffle: bool = True


@dataclass(frozen=True)
class QuestionPart:
    key: str
    kind: str
    standard: str
    text: str
    points: Decimal
    feedback: str
    marking: str
    content: Content


@dataclass(frozen=True)
class CourseFile:
    """One course in one language, as the file says it."""

    key: str
    language: str
    title: str
    summary: str
    audience: str = ""
    levels: list[str] = field(default_factory=list)
    minutes: int = 30
    refresh_months: int = 0
    renewal_days: int = 60
    standards: list[str] = field(default_factory=list)
    modules: list[ModulePart] = field(default_factory=list)
    quiz: QuizPart | None = None
    questions: list[QuestionPart] = field(default_factory=list)

    def lessons(self) -> list[LessonPart]:
        return [lesson for module in self.modules for lesson in module.lessons]


def read_course(raw: bytes) -> CourseFile:
    """The course in the file. Raises FileRefused with every fault, each with its place."""
    problems: list[Problem] = []
    course = _course(Table(_toml(raw), "", problems))
    if problems:
        raise FileRefused(problems)
    return course


def _toml(raw: bytes) -> dict[str, Any]:
    if len(raw) > MOST_BYTES:
        reason = _("The file is larger than %(most)s bytes.") % {"most": MOST_BYTES}
        raise FileRefused([Problem("", reason)])
    try:
        data = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError:
        raise FileRefused([Problem("", _("The file is not written in UTF-8."))]) from None
    except (ValueError, ArithmeticError, RecursionError) as error:  # of TOML, or of a number in it
        reason = _("The file is no TOML: %(error)s") % {"error": str(error)[:200]}
        raise FileRefused([Problem("", reason)]) from None
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        reason = _("The file is no course file: it has to say format = “%(format)s”, version = %(version)s.")
        raise FileRefused([Problem("", reason % {"format": FORMAT, "version": VERSION})])
    return data


def _course(table: Table) -> CourseFile:
    table.asked |= {"format", "version"}
    modules = table.tables("modules", _("module"), least=1)
    parts = [_module(module) for module in modules]
    refuse_doubles(modules, [part.key for part in parts])
    questions = list(_questions(table))
    quiz = _quiz(table)
    course = CourseFile(
        key=table.slug("key"),
        language=table.choice("language", [code for code, _name in settings.TEXT_LANGUAGES]),
        title=table.text("title", 150, lines=False),
        summary=table.text("summary", 1000),
        audience=table.text("audience", 300, required=False, lines=False),
        levels=_levels(table),
        minutes=table.whole("minutes", 1, MOST_MINUTES, 30),
        refresh_months=table.whole("refresh_months", 0, 120, 0),
        renewal_days=table.whole("renewal_days", 0, 730, 60),
        standards=table.slugs("standards"),
        modules=parts,
        quiz=quiz,
        questions=questions,
    )
    _check_the_whole(table, course)
    table.close()
    return course


def _levels(table: Table) -> list[str]:
    levels = table.slugs("levels")
    for level in levels:
        if level not in Membership.Level.values:
            known = ", ".join(Membership.Level.values)
            table.wrong(_("“levels”: “%(level)s” is none of: %(known)s.") % {"level": level, "known": known})
    return [level for level in levels if level in Membership.Level.values]


def _check_the_whole(table: Table, course: CourseFile) -> None:
    keys: set[str] = set()
    for lesson in course.lessons():
        if lesson.key and lesson.key in keys:
            table.wrong(_("The lesson key “%(key)s” stands twice in the file.") % {"key": lesson.key})
        keys.add(lesson.key)
    if course.quiz is None and course.questions:
        table.wrong(_("There are questions, but no [quiz] that asks them."))
    if course.quiz and course.quiz.draw > len(course.questions):
        table.wrong(
            _("The quiz draws %(draw)s questions, but there are only %(count)s.")
            % {"draw": course.quiz.draw, "count": len(course.questions)}
        )


def _module(table: Table) -> ModulePart:
    lessons = table.tables("lessons", _("lesson"), least=1)
    part = ModulePart(
        key=table.slug("key"),
        title=table.text("title", 150, lines=False),
        lessons=[_lesson(lesson) for lesson in lessons],
    )
    table.close()
    return part


def _lesson(table: Table) -> LessonPart:
    kind = table.choice("kind", Lesson.Kind.values, "text")
    must_fill = table.flag("must_fill", False)
    body = table.text("body", 40_000, required=kind == "text" and not must_fill)
    if "\n# " in f"\n{body}":
        table.wrong(_("Headings begin with “##”: the title is the only one above them."))
    part = LessonPart(
        key=table.slug("key"),
        title=table.text("title", 150, lines=False),
        kind=kind,
        minutes=table.whole("minutes", 0, MOST_MINUTES, 5),
        must_fill=must_fill,
        is_filled=table.flag("is_filled", False),
        body=body,
        content=lesson_content(kind, table),
    )
    table.close()
    return part


def _quiz(table: Table) -> QuizPart | None:
    row = table.table("quiz", _("quiz"))
    if row is None:
        return None
    part = QuizPart(
        title=row.text("title", 150, lines=False),
        draw=row.whole("draw", 0, 500, 0),
        pass_mark=row.decimal("pass_mark", 0, 100, 80),
        attempts=row.whole("attempts", 0, 100, 0),
        wait_hours=row.whole("wait_hours", 0, 10_000, 0),
        minutes=row.whole("minutes", 0, MOST_MINUTES, 0),
        counting=row.choice("counting", Quiz.Counting.values, "highest"),
        shuffle=row.flag("shuffle", True),
    )
    row.close()
    return part


def _questions(table: Table) -> Iterator[QuestionPart]:
    rows = table.tables("questions", _("question"))
    parts = [_question(row) for row in rows]
    refuse_doubles(rows, [part.key for part in parts])
    yield from parts


def _question(table: Table) -> QuestionPart:
    kind = table.choice("kind", QuestionVersion.Kind.values, "single")
    part = QuestionPart(
        key=table.slug("key"),
        kind=kind,
        standard=table.text("standard", 60, required=False),
        text=table.text("text", 2000),
        points=table.decimal("points", "0.01", 1000, 1),
        feedback=table.text("feedback", 2000, required=False),
        marking=table.choice("marking", QuestionVersion.Marking.values, "right_minus_wrong"),
        content=question_content(kind, table),
    )
    table.close()
    return part


# ------------------------------------------------------------------ writing


def write_course(course: CourseFile) -> bytes:
    """The file of the course. `read_course` gives the same course back."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "key": course.key,
        "language": course.language,
        "title": course.title,
        "summary": course.summary,
        "audience": course.audience,
        "levels": course.levels,
        "minutes": course.minutes,
        "refresh_months": course.refresh_months,
        "renewal_days": course.renewal_days,
        "standards": course.standards,
        "modules": [
            {
                "key": module.key,
                "title": module.title,
                "lessons": [_lesson_row(each) for each in module.lessons],
            }
            for module in course.modules
        ],
    }
    if course.quiz:
        data["quiz"] = vars(course.quiz) | {"pass_mark": _plain(course.quiz.pass_mark)}
    if course.questions:
        data["questions"] = [_question_row(each) for each in course.questions]
    return tomli_w.dumps(data, multiline_strings=True).encode()


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number.normalize()


def _lesson_row(lesson: LessonPart) -> dict[str, Any]:
    return {
        "key": lesson.key,
        "title": lesson.title,
        "kind": lesson.kind,
        "minutes": lesson.minutes,
        "must_fill": lesson.must_fill,
        "is_filled": lesson.is_filled,
        "body": lesson.body,
        **lesson.content,
    }


def _question_row(question: QuestionPart) -> dict[str, Any]:
    content = dict(question.content)
    for name in ("answer", "tolerance"):
        if isinstance(content.get(name), str):
            content[name] = _plain(Decimal(content[name]))
    row: dict[str, Any] = {
        "key": question.key,
        "kind": question.kind,
        "standard": question.standard,
        "text": question.text,
        "points": _plain(question.points),
        "feedback": question.feedback,
        **content,
    }
    if question.kind == QuestionVersion.Kind.MULTIPLE:
        row["marking"] = question.marking
    return row
