"""A version of a course as a course file, in one of its languages."""

from typing import Any

from training.course_file import CourseFile, LessonPart, ModulePart, QuestionPart, QuizPart
from training.models import CourseVersion, Lesson, Question, Quiz


def course_file_of(version: CourseVersion, language: str) -> CourseFile:
    """What `import_course` takes. Parts without words in the language carry those they have."""
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
