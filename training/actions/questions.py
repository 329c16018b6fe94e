"""Questions as the editor writes them: a new wording waits for the next release."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from charter.models import Standard
from common.imprint import imprint
from organisation.models import User
from training.actions.course_words import ChangedMeanwhile, free_key, questions_of, save_quiz
from training.actions.courses import archive_question, hold_draft
from training.actions.turns import What, record
from training.actions.wordings import write_wording
from training.course_file import QuestionPart
from training.models import Course, Question, QuestionVersion


def question_imprint(question: Question | None, language: str) -> str:
    """What a question's form is opened on."""
    latest = question.latest() if question else None
    if question is None or latest is None:
        return ""
    row = latest.texts.filter(language=language).first()
    settings = [latest.kind, latest.marking, latest.points, question.standard_id]
    return imprint([row.words if row else None, settings])


@transaction.atomic
def save_question(
    course: Course,
    *,
    question: Question | None,
    language: str,
    part: QuestionPart,
    standard: Standard | None,
    quiz_title: str,
    expected: str | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Question:
    """A question's words in one language; the key of `part` is made of the text where it is new.

    A course that asks nothing yet gets a quiz called `quiz_title`. In the course's own language the parts
    may change; in another one they have to agree (FileRefused). Raises ChangedMeanwhile.
    """
    draft = hold_draft(course)
    if not draft.has_quiz():
        save_quiz(course, language=course.language, title=quiz_title, by=by, at=at)
        draft.refresh_from_db()
    if question is None:
        bank = draft.quiz.bank
        key = free_key(part.text[:40], bank.questions.values_list("key", flat=True), otherwise="question")
        question = Question.objects.create(bank=bank, key=key, position=bank.questions.count() + 1)
    else:
        question = Question.objects.get(pk=question.pk)
        if expected is not None and expected != question_imprint(question, language):
            raise ChangedMeanwhile
    is_translation = language != course.language
    if not is_translation and question.standard != standard:
        question.standard = standard
        question.save(update_fields=["standard"])
    write_wording(question, part, language, first=course.language if is_translation else "")
    record(course, What.EDITED, by=by, at=at or timezone.now(), note=part.text[:150])
    return question


@transaction.atomic
def take_out_question(
    course: Course, *, question: Question, by: User | None, at: datetime | None = None
) -> bool:
    """Ask it no more. Raises QuestionNeeded where a quiz that is taught draws as many as there are."""
    at = at or timezone.now()
    won = archive_question(question, at=at)
    if won:
        record(course, What.EDITED, by=by, at=at, note=str(question.latest() or question))
    return won


@transaction.atomic
def put_back_question(
    course: Course, *, question: Question, by: User | None, at: datetime | None = None
) -> bool:
    """Ask it again. False where it is not archived.

    What is taught asks it at once where it did before; else it waits for the next release, so there is a
    draft afterwards.
    """
    archived = questions_of(course).filter(pk=question.pk, archived_at__isnull=False)
    won = bool(archived.update(archived_at=None))
    if won:
        if not is_taught(course, question):
            hold_draft(course)
        note = str(question.latest() or question)
        record(course, What.EDITED, by=by, at=at or timezone.now(), note=note)
    return won


def is_taught(course: Course, question: Question) -> bool:
    """The version that is taught asks it, in whichever wording."""
    version = course.current_version()
    return (
        version is not None
        and version.has_quiz()
        and version.quiz.questions().filter(question=question).exists()
    )


def newest_of(question: Question) -> QuestionVersion | None:
    return question.versions.prefetch_related("texts").order_by("-number").first()


def part_of(
    question_key: str, *, kind: str, words: dict[str, Any], points: Any, marking: str, standard: str = ""
) -> QuestionPart:
    return QuestionPart(
        key=question_key,
        kind=kind,
        standard=standard,
        text=words["text"],
        points=points,
        feedback=words["feedback"],
        marking=marking,
        content=words["content"],
    )
