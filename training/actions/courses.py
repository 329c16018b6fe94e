"""Courses: a draft beside what is taught, its release, the archive."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from organisation.actions.jobs import enqueue_job
from organisation.models import User
from training.actions.turns import What, record
from training.fitness import draft_imprint, release_problems
from training.models import Course, CourseVersion, Lesson, Question, QuestionBank, QuestionVersion, Quiz
from training.table import Problem

RENEW_JOB = "training_renewals"


class ReleaseRefused(ValidationError):
    """The version is not fit to be taught; `problems` says why, each with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__([str(problem) for problem in problems])
        self.problems = problems


class ReleasedMeanwhile(Exception):
    """Somebody released the version already: it never changes again."""


class EditedMeanwhile(Exception):
    """Somebody changed the draft after it was looked at. Nothing was released."""


class QuestionNeeded(Exception):
    """A quiz that is taught draws as many questions as there are."""


@transaction.atomic
def open_draft(course: Course) -> CourseVersion:
    """The draft, made as a copy of what is taught where there is none. Asked for twice: one draft."""
    standing = course.draft()
    if standing is not None:
        return standing
    current = course.versions.released().with_parts().order_by("-number").first()
    number = (course.versions.aggregate(last=models.Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            draft = CourseVersion.objects.create(course=course, number=number)
            if current is not None:
                copy_parts(current, draft)
    except IntegrityError:
        return course.versions.get(released_at__isnull=True)
    return draft


def copy_parts(version: CourseVersion, draft: CourseVersion) -> None:
    """Modules, lessons and quiz of one version below another (`with_parts`), without what is archived."""
    for module, lessons in version.parts():
        texts = list(module.texts.all())
        _insert_again([module], version=draft)
        _insert_again(texts, module=module)
        for lesson in lessons:
            words = list(lesson.texts.all())
            _insert_again([lesson], module=module)
            _insert_again(words, lesson=lesson)
    if version.has_quiz():
        quiz = version.quiz
        titles = list(quiz.texts.all())
        _insert_again([quiz], version=draft)
        _insert_again(titles, quiz=quiz)


def _insert_again(rows: Iterable[Any], **owner: Any) -> None:
    """Insert the rows once more below another owner; the objects become the new rows."""
    for row in rows:
        row.pk = None
        row._state.adding = True
        for name, value in owner.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def hold_draft(course: Course) -> CourseVersion:
    """The course's draft, begun where there is none. Until the transaction ends nobody else changes it.

    The update takes the row's lock on PostgreSQL; on SQLite the transaction is the only writer. Where the
    draft was released just now the next one is begun. Raises ReleasedMeanwhile where that happens twice.
    """
    for _turn in range(2):
        draft = open_draft(course)
        waiting = CourseVersion.objects.filter(pk=draft.pk, released_at__isnull=True)
        if waiting.update(number=models.F("number")):
            return draft
    raise ReleasedMeanwhile(course.key)


def write_words(owner: Any, *, language: str, first: str, words: dict[str, Any]) -> None:
    """Write one language's row. A translation, changed or only saved again, is from then on up to the
    words of the first language as they stand."""
    rows = {row.language: row for row in owner.texts.order_by("pk")}
    row = rows.get(language) or owner.texts.model(language=language, **{owner.texts.field.name: owner})
    for name, value in words.items():
        setattr(row, name, value)
    source = rows.get(first)
    row.based_on = source.imprint if source and language != first else ""
    row.save()


@transaction.atomic
def save_lesson(
    *,
    lesson: Lesson,
    language: str,
    words: dict[str, Any],
    fields: dict[str, Any] | None = None,
    by: User | None,
    at: datetime | None = None,
) -> None:
    """A lesson of a draft in one language: title, body, and content that `training.content` read.

    A lesson that the organisation has to write counts as written. Raises ReleasedMeanwhile.
    """
    version = CourseVersion.objects.filter(pk=lesson.module.version_id, released_at__isnull=True).first()
    if version is None:
        raise ReleasedMeanwhile(lesson.key)
    write_words(lesson, language=language, first=version.course.language, words=words)
    for name, value in (fields or {}).items():
        setattr(lesson, name, value)
    lesson.is_filled = True
    lesson.save()
    record(version.course, What.EDITED, by=by, at=at or timezone.now(), note=words["title"])


@transaction.atomic
def release_version(
    version: CourseVersion,
    *,
    by: User | None,
    note: str | None = None,
    asks_for_renewal: bool | None = None,
    renewal_due_days: int | None = None,
    seen: str = "",
    at: datetime | None = None,
) -> CourseVersion:
    """Teach the version from now on, with the questions of its bank that waited for it.

    Whoever has begun an earlier version finishes that one. With `asks_for_renewal` everybody who
    completed an earlier one gets a new cycle, due in `renewal_due_days`; a job opens them.
    `seen` is the imprint of the draft that was looked at (`draft_imprint`, empty: of none). Raises
    ReleaseRefused with every reason, ReleasedMeanwhile where somebody was quicker, EditedMeanwhile where
    the draft says something else by now.
    """
    at = at or timezone.now()
    problems = release_problems(version)
    if problems:
        raise ReleaseRefused(problems)
    asked = {"note": note, "asks_for_renewal": asks_for_renewal, "renewal_due_days": renewal_due_days}
    changes = {name: value for name, value in asked.items() if value is not None}
    waiting = CourseVersion.objects.filter(pk=version.pk, released_at__isnull=True)
    if not waiting.update(released_at=at, released_by=by, **changes):
        raise ReleasedMeanwhile(version.pk)
    if seen and seen != draft_imprint(version):
        raise EditedMeanwhile(version.pk)
    version.refresh_from_db()
    Course.objects.filter(pk=version.course_id).update(state=Course.State.RELEASED, archived_at=None)
    version.course.refresh_from_db()
    version.modules.filter(archived_at__isnull=False).delete()
    Lesson.objects.filter(module__version=version, archived_at__isnull=False).delete()
    if version.has_quiz():
        release_questions(version.quiz.bank, at=at)
        version.quiz.wordings.set(version.quiz.bank.questions.drawable().values_list("current", flat=True))
    record(version.course, What.RELEASED, by=by, at=at, note=str(version.number))
    if version.asks_for_renewal:
        enqueue_job(kind=RENEW_JOB, subject=f"version {version.pk}", by=by, at=at)
    return version


def release_questions(bank: QuestionBank, *, at: datetime) -> None:
    """Ask the newest wording of every question from now on. Attempts under way keep theirs."""
    waiting = QuestionVersion.objects.filter(question__bank=bank, released_at__isnull=True)
    newest = {row.question_id: row for row in waiting.select_related("question").order_by("number")}
    questions = []
    for row in newest.values():
        row.question.current = row
        questions.append(row.question)
    waiting.update(released_at=at)
    Question.objects.bulk_update(questions, ["current"], batch_size=200)


@transaction.atomic
def archive_question(question: Question, *, at: datetime | None = None) -> bool:
    """Ask the question no more, also in what is taught. False where it is archived already.

    Raises QuestionNeeded where a quiz that is taught would draw more questions than are left.
    """
    taught = Quiz.objects.filter(
        bank=question.bank, version__released_at__isnull=False, version__course__state=Course.State.RELEASED
    )
    newest = {
        quiz.version.course_id: quiz for quiz in taught.select_related("version").order_by("version__number")
    }
    if question.current_id and any(_needs(quiz, question) for quiz in newest.values()):
        raise QuestionNeeded(question.key)
    standing = Question.objects.filter(pk=question.pk, archived_at__isnull=True)
    return bool(standing.update(archived_at=at or timezone.now()))


def _needs(quiz: Quiz, question: Question) -> bool:
    """Without the question fewer would be left than the quiz draws."""
    return quiz.questions().exclude(question=question).count() < max(quiz.draw, 1)


@transaction.atomic
def archive_course(course: Course, *, by: User | None, at: datetime | None = None) -> bool:
    """Give the course to nobody new. People who have it keep it, and certificates stay. False if done."""
    at = at or timezone.now()
    standing = Course.objects.filter(pk=course.pk).exclude(state=Course.State.ARCHIVED)
    won = standing.update(state=Course.State.ARCHIVED, archived_at=at)
    if won:
        record(course, What.ARCHIVED, by=by, at=at)
    return bool(won)


@transaction.atomic
def restore_course(course: Course, *, by: User | None, at: datetime | None = None) -> bool:
    """Take the course out of the archive, as what it was before. False where it is not in there."""
    at = at or timezone.now()
    state = Course.State.RELEASED if course.current_version() else Course.State.DRAFT
    archived = Course.objects.filter(pk=course.pk, state=Course.State.ARCHIVED)
    won = archived.update(state=state, archived_at=None)
    if won:
        record(course, What.RESTORED, by=by, at=at)
    return bool(won)
