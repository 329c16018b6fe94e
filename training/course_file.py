"""The course file (TOML; docs/course-format.md), read with reasons. `course_writing` writes it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organisation.models import Membership
from training.content import Content, lesson_content, question_content, same_shape
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
    behind: bool = False


@dataclass(frozen=True)
class ModulePart:
    key: str
    title: str
    lessons: list[LessonPart]
    behind: bool = False


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
    behind: bool = False


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
    behind: bool = False


@dataclass(frozen=True)
class CourseFile:
    """One course in the language in which it was written first, as the file says it, with its translations.

    A translation is a course file of another language that says words only and may leave parts out;
    `behind` marks words that were made from older ones. `values` is None where the file does not speak of
    them.
    """

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
    values: list[str] | None = None
    modules: list[ModulePart] = field(default_factory=list)
    quiz: QuizPart | None = None
    questions: list[QuestionPart] = field(default_factory=list)
    translations: "list[CourseFile]" = field(default_factory=list)
    behind: bool = False

    @property
    def languages(self) -> list[str]:
        return [self.language, *(each.language for each in self.translations)]

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
        values=table.texts("values", 20, least_rows=0) if "values" in table.data else None,
        modules=parts,
        quiz=quiz,
        questions=questions,
    )
    course.translations.extend(read_translations(table, course))
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


# ------------------------------------------------------------- translations


def read_translations(table: Table, course: CourseFile) -> list[CourseFile]:
    """The words in other languages, each of them once. They name parts of the course and may leave some
    out; what does not depend on the language they do not say."""
    rows = table.tables("translations", _("translation"))
    found = [_translation(row, course) for row in rows]
    languages = [course.language, *(each.language for each in found)]
    for place, row in enumerate(rows, start=1):
        if languages[place] in languages[:place]:
            row.wrong(_("The language “%(language)s” stands twice.") % {"language": languages[place]})
    return found


def _translation(table: Table, course: CourseFile) -> CourseFile:
    title = table.text("title", 150, required=False, lines=False)
    quiz = table.table("quiz", _("quiz"))
    modules = [_translated_module(row) for row in table.tables("modules", _("module"))]
    translation = CourseFile(
        key=course.key,
        language=table.choice("language", [code for code, _name in settings.TEXT_LANGUAGES]),
        title=title,
        summary=table.text("summary", 1000, required=bool(title)),
        audience=table.text("audience", 300, required=False, lines=False),
        behind=table.flag("behind", False),
        modules=modules,
        quiz=_translated_quiz(quiz) if quiz else None,
        questions=[_translated_question(row) for row in table.tables("questions", _("question"))],
    )
    _refuse_other_parts(table, translation, course)
    if translation.questions and quiz is None:
        table.wrong(_("There are questions, but no [quiz] that asks them."))
    table.close()
    return translation


def _refuse_other_parts(table: Table, translation: CourseFile, course: CourseFile) -> None:
    """Every part that is translated is one of the course, of the same kind and shape."""
    here = {(module.key, each.key): each for module in course.modules for each in module.lessons}
    lessons = {(module.key, each.key): each for module in translation.modules for each in module.lessons}
    questions = {each.key: each for each in course.questions}
    missing = {module.key for module in translation.modules} - {module.key for module in course.modules}
    pairs: list[tuple[str, Any, Any]] = [(place[1], each, here.get(place)) for place, each in lessons.items()]
    pairs += [(each.key, each, questions.get(each.key)) for each in translation.questions]
    for key, each, first in pairs:
        if first is None:
            missing.add(key)
        elif first.kind != each.kind or not same_shape(each.kind, first.content, each.content):
            table.wrong(_("“%(key)s”: its parts differ from those in the first language.") % {"key": key})
    for key in sorted(missing):
        table.wrong(_("“%(key)s” stands in only one of the two languages.") % {"key": key})


def _translated_module(table: Table) -> ModulePart:
    part = ModulePart(
        key=table.slug("key"),
        title=table.text("title", 150, required=False, lines=False),
        behind=table.flag("behind", False),
        lessons=[_translated_lesson(row) for row in table.tables("lessons", _("lesson"))],
    )
    table.close()
    return part


def _translated_lesson(table: Table) -> LessonPart:
    kind = table.choice("kind", Lesson.Kind.values, "text")
    part = LessonPart(
        key=table.slug("key"),
        title=table.text("title", 150, lines=False),
        kind=kind,
        minutes=5,
        must_fill=False,
        is_filled=False,
        body=table.text("body", 40_000, required=False),
        content=lesson_content(kind, table),
        behind=table.flag("behind", False),
    )
    table.close()
    return part


def _translated_quiz(table: Table) -> QuizPart:
    part = QuizPart(
        title=table.text("title", 150, required=False, lines=False), behind=table.flag("behind", False)
    )
    table.close()
    return part


def _translated_question(table: Table) -> QuestionPart:
    kind = table.choice("kind", QuestionVersion.Kind.values, "single")
    part = QuestionPart(
        key=table.slug("key"),
        kind=kind,
        standard="",
        text=table.text("text", 2000),
        points=Decimal(1),
        feedback=table.text("feedback", 2000, required=False),
        marking=QuestionVersion.Marking.RIGHT_MINUS_WRONG.value,
        content=question_content(kind, table),
        behind=table.flag("behind", False),
    )
    table.close()
    return part
