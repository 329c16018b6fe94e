"""Writing the questions of a draft: their words, options and rows, their rules and their order.

Each change that would leave a rule hanging on an answer that nobody can give, or that is asked later, is
refused as a whole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from charter.models import Measure
from feedback.actions.questionnaires import EditedMeanwhile, take_turn
from feedback.fitness import questions_of
from feedback.models import Option, OptionText, Question, QuestionnaireVersion, QuestionText
from feedback.showing import problems_of_rules

SHARED_BY_ROWS = ("scale_low", "scale_high", "is_required", "allows_na", "show_if")


@dataclass(frozen=True)
class Part:
    """An option, or a row of a matrix, in one language; without a key it is a new one, without a label
    it keeps the words it has elsewhere. What is not among the parts any more is taken out."""

    label: str
    key: str = ""
    measure: Measure | None = None


@transaction.atomic
def save_question(
    version: QuestionnaireVersion,
    *,
    edit_mark: str,
    key: str,
    language: str,
    fields: dict[str, Any],
    words: dict[str, str],
    parts: Sequence[Part] = (),
) -> Question:
    """Add the question with the key to the draft, or change it; its words in one language.

    `fields` are those of the question (kind, scale, measure, …); `parts` its options or rows. Raises
    EditedMeanwhile; ValidationError where a rule would not hold together any more.
    """
    take_turn(version, edit_mark)
    last = version.questions.order_by("position").last()
    question, _added = Question.objects.update_or_create(
        version=version,
        key=key,
        defaults=fields,
        create_defaults={**fields, "position": last.position + 1 if last else 0},
    )
    QuestionText.objects.update_or_create(question=question, language=language, defaults=words)
    _save_options(question, language, parts if question.kind in Question.CHOOSING else ())
    rows = parts if question.kind == Question.Kind.MATRIX else ()
    _save_rows(question, language, rows, na_label=words.get("na_label", ""))
    _renumber(version)
    _keep_rules(version)
    return question


def _save_options(question: Question, language: str, parts: Sequence[Part]) -> None:
    question.options.exclude(key__in=[part.key for part in parts]).delete()
    asked = Option.objects.filter(
        question__key=question.key,
        question__version__questionnaire=question.version.questionnaire_id,
    )
    taken = set(asked.values_list("key", flat=True)) | {"na"}
    for position, part in enumerate(parts):
        key = part.key or free_key(part.label, taken, "option")
        taken.add(key)
        option, _added = Option.objects.update_or_create(
            question=question, key=key, defaults={"position": position}
        )
        if part.label:
            words = {"label": part.label}
            OptionText.objects.update_or_create(option=option, language=language, defaults=words)
        else:
            option.texts.filter(language=language).delete()


def _save_rows(matrix: Question, language: str, parts: Sequence[Part], *, na_label: str) -> None:
    matrix.rows.exclude(key__in=[part.key for part in parts]).delete()
    taken = keys_taken(matrix.version)
    shared = {name: getattr(matrix, name) for name in SHARED_BY_ROWS}
    for position, part in enumerate(parts):
        key = part.key or free_key(part.label, taken, "row")
        taken.add(key)
        row, _added = Question.objects.update_or_create(
            version=matrix.version,
            key=key,
            defaults={
                **shared,
                "matrix": matrix,
                "kind": Question.Kind.ROW,
                "measure": part.measure,
                "position": position,
            },
        )
        if part.label:
            words = {"wording": part.label, "na_label": na_label}
            QuestionText.objects.update_or_create(question=row, language=language, defaults=words)
        else:
            row.texts.filter(language=language).delete()


def keys_taken(version: QuestionnaireVersion) -> set[str]:
    """The keys of every question that the questionnaire has ever asked: a meaning is never taken over."""
    asked = Question.objects.filter(version__questionnaire=version.questionnaire_id)
    return set(asked.values_list("key", flat=True))


def free_key(wording: str, taken: set[str], otherwise: str) -> str:
    """A key made of the words that is not taken yet."""
    stem = slugify(wording)[:40].strip("-_") or otherwise
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in candidates if each not in taken)


@transaction.atomic
def save_rule(version: QuestionnaireVersion, *, edit_mark: str, key: str, rule: dict[str, Any]) -> None:
    """When the question is shown (`feedback.showing`); an empty rule: always.

    Raises EditedMeanwhile; ValidationError where the rule could never hold, or waits for what is asked
    later.
    """
    take_turn(version, edit_mark)
    question = version.questions.get(key=key)
    version.questions.filter(pk=question.pk).update(show_if=rule)
    question.rows.update(show_if=rule)
    _keep_rules(version)


@transaction.atomic
def remove_question(version: QuestionnaireVersion, *, edit_mark: str, key: str) -> None:
    """Take a question out of the draft, rows and options with it; published versions keep it.

    Raises EditedMeanwhile; ValidationError where another question waits for its answer.
    """
    take_turn(version, edit_mark)
    version.questions.filter(key=key).delete()
    _keep_rules(version)


@transaction.atomic
def move_question(version: QuestionnaireVersion, *, edit_mark: str, key: str, up: bool) -> None:
    """One place up or down, rows with it; at the end it stays.

    Raises EditedMeanwhile; ValidationError where it would pass an answer that it waits for.
    """

    def moved(keys: list[str]) -> list[str]:
        index = keys.index(key)
        other = index - 1 if up else index + 1
        if 0 <= other < len(keys):
            keys[index], keys[other] = keys[other], keys[index]
        return keys

    take_turn(version, edit_mark)
    _arrange(version, moved)


@transaction.atomic
def put_questions_in_order(version: QuestionnaireVersion, *, keys: Sequence[str]) -> None:
    """Give the questions the order of the keys; those that are not named keep their places.

    Moves no words, so the draft's mark stays: what a colleague is writing meanwhile is not lost. Raises
    EditedMeanwhile where the draft is published; ValidationError as `move_question`.
    """
    if not QuestionnaireVersion.objects.filter(pk=version.pk, published_at__isnull=True).update(
        number=version.number
    ):
        raise EditedMeanwhile(version.pk)

    def ordered(standing: list[str]) -> list[str]:
        wanted = iter([key for key in dict.fromkeys(keys) if key in standing])
        return [next(wanted) if key in keys else key for key in standing]

    _arrange(version, ordered)


def _arrange(version: QuestionnaireVersion, order: Callable[[list[str]], list[str]]) -> None:
    outer = version.questions.filter(matrix__isnull=True)
    for position, key in enumerate(order(list(outer.values_list("key", flat=True)))):
        version.questions.filter(key=key).update(position=position)
    _renumber(version)
    _keep_rules(version)


def _renumber(version: QuestionnaireVersion) -> None:
    """Positions without gaps, the rows of a matrix right after it."""
    outer = list(version.questions.filter(matrix__isnull=True))
    rows = list(version.questions.filter(matrix__isnull=False))
    ordered = [each for question in outer for each in (question, *_rows_of(question, rows))]
    for position, question in enumerate(ordered):
        question.position = position
    Question.objects.bulk_update(ordered, ["position"])


def _rows_of(question: Question, rows: Sequence[Question]) -> list[Question]:
    return [row for row in rows if row.matrix_id == question.pk]


def _keep_rules(version: QuestionnaireVersion) -> None:
    problems = problems_of_rules(questions_of(version))
    if problems:
        raise ValidationError(problems)
