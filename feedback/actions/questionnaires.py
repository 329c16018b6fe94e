"""Writing a questionnaire: always in a draft; what is published never changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from common.reference import new_reference
from feedback.models import Question, Questionnaire, QuestionnaireVersion, QuestionText, VersionText


class EditedMeanwhile(Exception):
    """Somebody else changed the draft since the form was opened."""


@transaction.atomic
def create_questionnaire(*, key: str, name: str, language: str, title: str) -> Questionnaire:
    """A questionnaire with an empty draft."""
    questionnaire = Questionnaire.objects.create(key=key, name=name)
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
                _copy(current.texts.all(), version=draft)
                for question in current.questions.prefetch_related("texts"):
                    texts = list(question.texts.all())
                    _copy([question], version=draft)
                    _copy(texts, question=question)
    except IntegrityError:
        return questionnaire.versions.get(number=number)
    return draft


def _copy(rows: Iterable[Any], **owner: Any) -> None:
    """Insert the rows once more below another owner; the objects become the new rows."""
    for row in rows:
        row.pk = None
        row._state.adding = True
        for name, value in owner.items():
            setattr(row, name, value)
        row.save(force_insert=True)


def _take_turn(version: QuestionnaireVersion, edit_mark: str) -> None:
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
    _take_turn(version, edit_mark)
    VersionText.objects.update_or_create(version=version, language=language, defaults=words)


@transaction.atomic
def save_question(
    version: QuestionnaireVersion,
    *,
    edit_mark: str,
    key: str,
    language: str,
    fields: dict[str, Any],
    words: dict[str, str],
) -> Question:
    """Add the question with the key to the draft, or change it; its words in one language.

    `fields` are those of the question (kind, scale, measure, …). Raises EditedMeanwhile.
    """
    _take_turn(version, edit_mark)
    last = version.questions.aggregate(last=Max("position"))["last"]
    question, _added = Question.objects.update_or_create(
        version=version,
        key=key,
        defaults=fields,
        create_defaults={**fields, "position": 0 if last is None else last + 1},
    )
    QuestionText.objects.update_or_create(question=question, language=language, defaults=words)
    return question


@transaction.atomic
def remove_question(version: QuestionnaireVersion, *, edit_mark: str, key: str) -> None:
    """Take a question out of the draft; published versions keep it. Raises EditedMeanwhile."""
    _take_turn(version, edit_mark)
    version.questions.filter(key=key).delete()


@transaction.atomic
def move_question(version: QuestionnaireVersion, *, edit_mark: str, key: str, up: bool) -> None:
    """One place up or down; at the end it stays. Raises EditedMeanwhile."""
    _take_turn(version, edit_mark)
    keys = list(version.questions.values_list("key", flat=True))
    index = keys.index(key)
    other = index - 1 if up else index + 1
    if 0 <= other < len(keys):
        keys[index], keys[other] = keys[other], keys[index]
    for position, each in enumerate(keys):
        version.questions.filter(key=each).update(position=position)


@transaction.atomic
def publish_version(
    version: QuestionnaireVersion, *, edit_mark: str, at: datetime | None = None
) -> QuestionnaireVersion:
    """Ask the draft from now on, everywhere the questionnaire is asked. It is never changed again.

    Questions keep the series of what is asked with the same words on the same scale; other words or
    another scale start a new one. Raises EditedMeanwhile; ValidationError where something is missing.
    """
    at = at or timezone.now()
    _take_turn(version, edit_mark)
    questions = list(version.questions.prefetch_related("texts").select_related("measure"))
    problems = problems_of(version, questions)
    if problems:
        raise ValidationError(problems)
    for question in questions:
        question.series = series_for(question)
    Question.objects.bulk_update(questions, ["series"])
    version.published_at = at
    version.save(update_fields=["published_at"])
    return version


def problems_of(version: QuestionnaireVersion, questions: list[Question]) -> list[str]:
    """What keeps the draft from being published, in the editor's words."""
    problems = []
    if not questions:
        problems.append(_("There is no question yet."))
    languages = set(version.texts.values_list("language", flat=True))
    if not languages:
        problems.append(_("The title is missing."))
    fed: set[int] = set()
    for question in questions:
        if question.measure_id in fed:
            problems.append(
                _("“%(question)s” feeds the same measure as a question above it: a card counts once.")
                % {"question": question}
            )
        if question.measure_id:
            fed.add(question.measure_id)
        written = {row.language for row in question.texts.all()}
        for language in sorted(languages - written):
            problems.append(
                _("“%(question)s” is not written in the language “%(language)s” yet.")
                % {"question": question, "language": language}
            )
        if question.measure and not fits(question):
            problems.append(
                _("“%(question)s” and its measure have different scales.") % {"question": question}
            )
    return problems


def fits(question: Question) -> bool:
    """Whether the answers lie on the scale of the measure that they feed."""
    measure = question.measure
    return measure is None or (measure.scale_low, measure.scale_high) == (
        question.scale_low,
        question.scale_high,
    )


def series_for(question: Question) -> int:
    """The series that answers to the question belong to, among everything that feeds its measure."""
    if question.measure_id is None:
        return question.series
    published = (
        Question.objects.filter(measure_id=question.measure_id, version__published_at__isnull=False)
        .exclude(version_id=question.version_id)
        .prefetch_related("texts")
        .order_by("-series", "-pk")
    )
    for earlier in published:
        if means_the_same(earlier, question):
            return earlier.series
    return max((earlier.series for earlier in published), default=0) + 1


def means_the_same(one: Question, other: Question) -> bool:
    """The same kind of answer on the same scale to the same words, in every language they share."""
    if (one.kind, one.scale_low, one.scale_high) != (other.kind, other.scale_low, other.scale_high):
        return False
    words = {row.language: row.wording for row in one.texts.all()}
    shared = [row for row in other.texts.all() if row.language in words]
    return bool(shared) and all(row.wording == words[row.language] for row in shared)
