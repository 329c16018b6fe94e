"""A course as the text of its file (TOML; docs/course-format.md), so that it reads back."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import tomli_w

from training.course_file import FORMAT, VERSION, CourseFile, LessonPart, QuestionPart
from training.models import QuestionVersion

Row = dict[str, Any]


def write_course(course: CourseFile) -> bytes:
    """The file of the course. `read_course` gives the same course back."""
    data: Row = {
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
    if course.values is not None:
        data["values"] = course.values
    if course.quiz:
        settings = {name: value for name, value in vars(course.quiz).items() if name != "behind"}
        data["quiz"] = settings | {"pass_mark": _plain(course.quiz.pass_mark)}
    if course.questions:
        data["questions"] = [_question_row(each) for each in course.questions]
    if course.translations:
        data["translations"] = [_translation_row(each) for each in course.translations]
    return tomli_w.dumps(data, multiline_strings=True).encode()


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number.normalize()


def _lesson_row(lesson: LessonPart) -> Row:
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


def _question_row(question: QuestionPart) -> Row:
    row: Row = {
        "key": question.key,
        "kind": question.kind,
        "standard": question.standard,
        "text": question.text,
        "points": _plain(question.points),
        "feedback": question.feedback,
        **_numbers(question),
    }
    if question.kind == QuestionVersion.Kind.MULTIPLE:
        row["marking"] = question.marking
    return row


def _numbers(question: QuestionPart) -> Row:
    """The content, with its numbers as numbers."""
    content = dict(question.content)
    for name in ("answer", "tolerance"):
        if isinstance(content.get(name), str):
            content[name] = _plain(Decimal(content[name]))
    return content


# ------------------------------------------------------------- translations


def _said(row: Row, names: Iterable[str]) -> Row:
    """The row without those of the named values that say nothing."""
    return {name: value for name, value in row.items() if value or name not in names}


def _translation_row(course: CourseFile) -> Row:
    """The words of one more language, under the keys of the parts that they belong to."""
    row = {
        "language": course.language,
        "title": course.title,
        "summary": course.summary,
        "audience": course.audience,
        "behind": course.behind,
        "modules": [
            _said(
                {
                    "key": module.key,
                    "title": module.title,
                    "behind": module.behind,
                    "lessons": [_words_of_lesson(each) for each in module.lessons],
                },
                ("title", "behind", "lessons"),
            )
            for module in course.modules
        ],
        "questions": [_words_of_question(each) for each in course.questions],
    }
    if course.quiz:
        row["quiz"] = _said({"title": course.quiz.title, "behind": course.quiz.behind}, ("title", "behind"))
    return _said(row, ("title", "summary", "audience", "behind", "modules", "questions"))


def _words_of_lesson(lesson: LessonPart) -> Row:
    row = {"key": lesson.key, "kind": lesson.kind, "title": lesson.title, "body": lesson.body}
    return _said(row | {"behind": lesson.behind, **lesson.content}, ("body", "behind"))


def _words_of_question(question: QuestionPart) -> Row:
    row = {"key": question.key, "kind": question.kind, "text": question.text, "feedback": question.feedback}
    return _said(row | {"behind": question.behind, **_numbers(question)}, ("feedback", "behind"))
