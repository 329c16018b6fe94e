"""A questionnaire and its versions: always written in a draft; what is published never changes."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from common.reference import new_reference
from feedback.actions.plans import store_plan
from feedback.fitness import problems_of, questions_of, series_of
from feedback.models import Question, Questionnaire, QuestionnaireVersion, VersionText
from feedback.plan import Plan, plan_of


class EditedMeanwhile(Exception):
    """Somebody else changed the draft since the form was opened."""


class StillAsked(Exception):
    """The questionnaire is asked at so many places: they have to be closed before it is put away."""


@transaction.atomic
def create_questionnaire(
    *, key: str, name: str, language: str, title: str, kind: str = Questionnaire.Kind.CARD
) -> Questionnaire:
    """A questionnaire with an empty draft."""
    questionnaire = Questionnaire.objects.create(key=key, name=name, kind=kind)
    draft = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    VersionText.objects.create(version=draft, language=language, title=title)
    return questionnaire


@transaction.atomic
def begin_with_plan(*, key: str, name: str, kind: str, plan: Plan) -> Questionnaire:
    """A questionnaire whose draft asks what the plan says: a starter, a file, or another questionnaire."""
    questionnaire = Questionnaire.objects.create(key=key, name=name, kind=kind)
    draft = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=1)
    store_plan(plan, draft)
    return questionnaire


@transaction.atomic
def rename_questionnaire(questionnaire: Questionnaire, *, name: str, kind: str) -> None:
    """Its name at the desk and its kind; customers read the title, which belongs to a version."""
    questionnaire.name, questionnaire.kind = name, kind
    questionnaire.save(update_fields=["name", "kind"])


@transaction.atomic
def archive_questionnaire(questionnaire: Questionnaire, *, at: datetime | None = None) -> None:
    """Put away what is asked nowhere any more; its answers stay. Raises StillAsked."""
    places = questionnaire.collectors.filter(archived_at__isnull=True).count()
    if places:
        raise StillAsked(places)
    questionnaire.archived_at = questionnaire.archived_at or at or timezone.now()
    questionnaire.save(update_fields=["archived_at"])


@transaction.atomic
def restore_questionnaire(questionnaire: Questionnaire) -> None:
    """Bring back what was put away."""
    questionnaire.archived_at = None
    questionnaire.save(update_fields=["archived_at"])


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
                store_plan(plan_of(current), draft)
    except IntegrityError:
        return questionnaire.versions.get(number=number)
    return draft


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
    version: QuestionnaireVersion,
    *,
    edit_mark: str,
    language: str,
    words: dict[str, str],
    is_shuffled: bool | None = None,
) -> None:
    """The words around the questions of the draft in one language, and whether the questions come in
    random order (None: as it is). Raises EditedMeanwhile."""
    take_turn(version, edit_mark)
    if is_shuffled is not None:
        version.is_shuffled = is_shuffled
        version.save(update_fields=["is_shuffled"])
    VersionText.objects.update_or_create(version=version, language=language, defaults=words)


@transaction.atomic
def discard_draft(version: QuestionnaireVersion, *, edit_mark: str) -> None:
    """Throw a draft away, which nobody was ever asked. Raises EditedMeanwhile; ValidationError where it
    is all that there is."""
    if version.questionnaire.current_version() is None:
        raise ValidationError(_("Nothing is published yet: the draft is all there is."))
    take_turn(version, edit_mark)
    version.delete()


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
