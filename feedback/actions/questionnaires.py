"""A questionnaire and its versions: always written in a draft; what is published never changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from common.reference import new_reference
from feedback.fitness import problems_of, questions_of, series_of
from feedback.models import Question, Questionnaire, QuestionnaireVersion, VersionText


class EditedMeanwhile(Exception):
    """Somebody else changed the draft since the form was opened."""


@transaction.atomic
def create_questionnaire(
    *, key: str, name: str, language: str, title: str, kind: str = Questionnaire.Kind.CARD
) -> Questionnaire:
    """A questionnaire with an empty draft."""
    questionnaire = Questionnaire.objects.create(key=key, name=name, kind=kind)
    draft = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    VersionText.objects.create(version=draft, language=language, title=title)
    return questionnaire


def open_draft(questionnaire: Questionnaire) -> QuestionnaireVersion:
    """The draft, made as a copy of the published version where there is none. Pressed twice: one draft."""
    return questionnaire.draft() or _copied_draft(questionnaire)


def _copied_draft(questionnaire: Questionnaire) -> QuestionnaireVersion:
    current = questionnaire.current_version()
    number = (questionnaire.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            draft = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=number)
            if current is not None:
                copy_content(current, draft)
    except IntegrityError:
        return questionnaire.versions.get(number=number)
    return draft


def copy_content(source: QuestionnaireVersion, target: QuestionnaireVersion) -> None:
    """Everything that one version asks, once more in another one that is still empty."""
    target.is_shuffled = source.is_shuffled
    target.save(update_fields=["is_shuffled"])
    _copy(source.texts.all(), version=target)
    matrices: dict[int, Question] = {}
    for question in questions_of(source):
        old, texts = question.pk, list(question.texts.all())
        options = [(option, list(option.texts.all())) for option in question.options.all()]
        _copy([question], version=target, matrix=matrices.get(question.matrix_id or 0))
        matrices[old] = question
        _copy(texts, question=question)
        for option, labels in options:
            _copy([option], question=question)
            _copy(labels, option=option)


def _copy(rows: Iterable[Any], **owner: Any) -> None:
    """Insert the rows once more below another owner; the objects become the new rows."""
    for row in rows:
        row.pk = None
        row._state.adding = True
        for name, value in owner.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def take_turn(version: QuestionnaireVersion, edit_mark: str) -> None:
    """Move the draft on from the state that the editor saw. Raises EditedMeanwhile."""
    if edit_mark != version.edit_mark:  # in Python: it comes from a form, and may hold a NUL
        raise EditedMeanwhile(version.pk)
    fresh = new_reference()
    draft = QuestionnaireVersion.objects.filter(pk=version.pk, edit_mark=edit_mark, published_at__isnull=True)
    if not draft.update(edit_mark=fresh):
        raise EditedMeanwhile(version.pk)
    version.edit_mark = fresh


@transaction.atomic
def save_words(
    version: QuestionnaireVersion, *, edit_mark: str, language: str, words: dict[str, str]
) -> None:
    """Title, introduction and thanks of the draft in one language. Raises EditedMeanwhile."""
    take_turn(version, edit_mark)
    VersionText.objects.update_or_create(version=version, language=language, defaults=words)


@transaction.atomic
def publish_version(
    version: QuestionnaireVersion, *, edit_mark: str, at: datetime | None = None
) -> QuestionnaireVersion:
    """Ask the draft from now on, everywhere the questionnaire is asked. It is never changed again.

    Questions keep the series of what is asked with the same words on the same scale; other words, another
    scale or other options start a new one. Raises EditedMeanwhile; ValidationError where something is
    missing.
    """
    at = at or timezone.now()
    take_turn(version, edit_mark)
    questions = questions_of(version)
    problems = problems_of(version, questions)
    if problems:
        raise ValidationError(problems)
    series = series_of(questions)
    for question in questions:
        question.series = series[question.key]
    Question.objects.bulk_update(questions, ["series"])
    version.published_at = at
    version.save(update_fields=["published_at"])
    return version
