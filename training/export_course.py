"""A version of a course as a course file, in one of its languages."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from training.course_file import CourseFile, LessonPart, ModulePart, QuestionPart, QuizPart
from training.models import CourseVersion, Lesson, Question, QuestionVersion, Quiz
from training.tongues import is_behind


def whole_course(version: CourseVersion) -> CourseFile:
    """The course in its first language with the words of every other one, as far as there are any."""
    version = CourseVersion.objects.with_parts().get(pk=version.pk)
    latest = _wordings(version)
    owners: list[Any] = [
        version.course,
        *(module for module, _lessons in version.parts()),
        *version.lessons(),
    ]
    owners += [version.quiz] if version.has_quiz() else []
    spoken = {row.language for owner in [*owners, *latest.values()] for row in owner.texts.all()}
    first = version.course.language
    translations = [_translation(version, code, latest) for code in sorted(spoken - {first})]
    return replace(course_file_of(version, first), translations=translations)


def course_file_of(version: CourseVersion, language: str) -> CourseFile:
    """The course in one language alone. Parts without words in the language carry those they have."""
    version = CourseVersion.objects.with_parts().get(pk=version.pk)
    course = version.course
    words = course.text(language)
    return CourseFile(
        key=course.key,
        language=language,
        title=words.title,
        summary=words.summary,
        audience=words.audience,
        levels=list(course.levels),
        minutes=course.minutes,
        refresh_months=course.refresh_months,
        renewal_days=course.renewal_days,
        standards=sorted(course.standards.values_list("key", flat=True)),
        values=sorted(course.values.values_list("key", flat=True)),
        modules=[
            ModulePart(
                key=module.key,
                title=module.text(language).title,
                lessons=[_lesson(lesson, language) for lesson in lessons],
            )
            for module, lessons in version.parts()
        ],
        quiz=_quiz(version.quiz, language) if version.has_quiz() else None,
        questions=_questions(version.quiz, language) if version.has_quiz() else [],
    )


def _lesson(lesson: Lesson, language: str) -> LessonPart:
    words = lesson.text(language)
    return LessonPart(
        key=lesson.key,
        title=words.title,
        kind=lesson.kind,
        minutes=lesson.minutes,
        must_fill=lesson.must_fill,
        is_filled=lesson.must_fill and lesson.is_filled,
        body=words.body,
        content=words.content,
    )


def _quiz(quiz: Quiz, language: str) -> QuizPart:
    return QuizPart(
        title=quiz.text(language).title,
        draw=quiz.draw,
        pass_mark=quiz.pass_mark,
        attempts=quiz.attempts,
        wait_hours=quiz.wait_hours,
        minutes=quiz.minutes,
        counting=quiz.counting,
        shuffle=quiz.shuffle,
    )


def _questions(quiz: Quiz, language: str) -> list[QuestionPart]:
    """The newest wording of every question of the bank that is asked or waits to be."""
    questions = quiz.bank.questions.active().select_related("standard").prefetch_related("versions__texts")
    return [part for question in questions if (part := _question(question, language))]


def _question(question: Question, language: str) -> QuestionPart | None:
    version: Any = max(question.versions.all(), key=lambda row: row.number, default=None)
    if version is None:
        return None
    words = version.text(language)
    return QuestionPart(
        key=question.key,
        kind=version.kind,
        standard=question.standard.key if question.standard else "",
        text=words.text,
        points=version.points,
        feedback=words.feedback,
        marking=version.marking,
        content=words.content,
    )


# ------------------------------------------------------------- translations


def _wordings(version: CourseVersion) -> dict[Question, QuestionVersion]:
    """The newest wording of every question of the bank."""
    if not version.has_quiz():
        return {}
    rows = version.quiz.bank.questions.active().prefetch_related("versions__texts")
    newest = {row: max(row.versions.all(), key=lambda each: each.number, default=None) for row in rows}
    return {row: latest for row, latest in newest.items() if latest}


def _row(owner: Any, language: str, first: str) -> tuple[Any, bool]:
    """The owner's words in that language and no other, and whether they are behind."""
    rows = {row.language: row for row in owner.texts.all()}
    row = rows.get(language)
    return row, bool(row and is_behind(row, rows.get(first)))


def _translation(
    version: CourseVersion, language: str, latest: dict[Question, QuestionVersion]
) -> CourseFile:
    """What is written in the language, and nothing else."""
    course = version.course
    first = course.language
    words, behind = _row(course, language, first)
    modules = []
    for module, lessons in version.parts():
        title, title_behind = _row(module, language, first)
        found = [part for lesson in lessons if (part := _translated_lesson(lesson, language, first))]
        if title or found:
            modules.append(ModulePart(module.key, title.title if title else "", found, title_behind))
    questions = [
        asked
        for question, wording in latest.items()
        if (asked := _translated_question(question, wording, language, first))
    ]
    return CourseFile(
        key=course.key,
        language=language,
        title=words.title if words else "",
        summary=words.summary if words else "",
        audience=words.audience if words else "",
        modules=modules,
        quiz=_translated_quiz(version, language, bool(questions)),
        questions=questions,
        behind=behind,
    )


def _translated_quiz(version: CourseVersion, language: str, has_questions: bool) -> QuizPart | None:
    if not version.has_quiz():
        return None
    title, behind = _row(version.quiz, language, version.course.language)
    return QuizPart(title.title if title else "", behind=behind) if title or has_questions else None


def _translated_lesson(lesson: Lesson, language: str, first: str) -> LessonPart | None:
    words, behind = _row(lesson, language, first)
    if words is None:
        return None
    return LessonPart(
        lesson.key, words.title, lesson.kind, 5, False, False, words.body, words.content, behind
    )


def _translated_question(
    question: Question, version: QuestionVersion, language: str, first: str
) -> QuestionPart | None:
    words, behind = _row(version, language, first)
    if words is None:
        return None
    marking = QuestionVersion.Marking.RIGHT_MINUS_WRONG.value
    head = (question.key, version.kind, "", words.text, Decimal(1), words.feedback, marking)
    return QuestionPart(*head, words.content, behind)
