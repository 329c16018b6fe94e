"""A questionnaire on paper: everything that one version asks, without rows.

Starters, exports, imports, copies and previews of what is being typed are all plans. `asked_from` draws
one as if it were stored, `feedback.actions.begin` stores it.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from feedback.asked import Asked
from feedback.fitness import questions_of
from feedback.models import (
    Option,
    OptionText,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionText,
    VersionText,
)
from feedback.models.questionnaire import CONSENT_LENGTH, PURPOSE_LENGTH

FORMAT = "charterwell-questionnaire"
FORMAT_VERSION = 1
VERSION_WORDS = {
    "title": 150,
    "introduction": 1000,
    "thanks": 1000,
    "purpose": PURPOSE_LENGTH,
    "consent": CONSENT_LENGTH,
}
QUESTION_WORDS = {"wording": 500, "hint": 300, "na_label": 60, "low_label": 60, "high_label": 60}
LABEL = 200

# Words by language, then by name.
Words = dict[str, dict[str, str]]


@dataclass(frozen=True)
class PlannedPart:
    """An option (`words` under “label”) or a row of a matrix (under “wording”)."""

    key: str
    words: Words
    measure: Any = None


@dataclass(frozen=True)
class PlannedQuestion:
    key: str
    kind: str
    words: Words
    scale: tuple[int, int] | None = None
    is_required: bool = False
    allows_na: bool = False
    starts_page: bool = False
    is_shuffled: bool = False
    show_if: dict[str, Any] = field(default_factory=dict)
    measure: Any = None
    parts: tuple[PlannedPart, ...] = ()


@dataclass(frozen=True)
class Plan:
    """`words` are those around the questions; the first language is the one it was written in. `key` is
    the short name that it has, or had where a file comes from."""

    name: str
    kind: str
    words: Words
    questions: tuple[PlannedQuestion, ...]
    is_shuffled: bool = False
    key: str = ""

    @property
    def languages(self) -> list[str]:
        return list(self.words)


def plan_of(version: QuestionnaireVersion) -> Plan:
    """What a version asks, as it stands now."""
    questions = questions_of(version)
    return Plan(
        name=version.questionnaire.name,
        kind=version.questionnaire.kind,
        words=_words(version, VERSION_WORDS),
        questions=tuple(_planned(each, questions) for each in questions if each.matrix_id is None),
        is_shuffled=version.is_shuffled,
        key=version.questionnaire.key,
    )


def _planned(question: Question, questions: list[Question]) -> PlannedQuestion:
    low, high = question.scale_low, question.scale_high
    options = [PlannedPart(each.key, _words(each, ("label",))) for each in question.options.all()]
    rows = [
        PlannedPart(each.key, _words(each, ("wording",)), each.measure)
        for each in questions
        if each.matrix_id == question.pk
    ]
    return PlannedQuestion(
        key=question.key,
        kind=question.kind,
        words=_words(question, QUESTION_WORDS),
        scale=None if low is None or high is None else (low, high),
        is_required=question.is_required,
        allows_na=question.allows_na,
        starts_page=question.starts_page,
        is_shuffled=question.is_shuffled,
        show_if=question.show_if,
        measure=question.measure,
        parts=(*options, *rows),
    )


def _words(owner: Any, names: Any) -> Words:
    rows = sorted(owner.texts.all(), key=lambda row: row.pk)
    return {row.language: {name: getattr(row, name) for name in names if getattr(row, name)} for row in rows}


def asked_from(plan: Plan) -> Asked:
    """The plan as if it were stored: unsaved rows with numbers of their own, and no query."""
    numbers = count(1)
    version = QuestionnaireVersion(pk=next(numbers), number=0, is_shuffled=plan.is_shuffled)
    version.questionnaire = Questionnaire(pk=next(numbers), name=plan.name, kind=plan.kind)
    _hold(version, texts=_rows(VersionText, plan.words, numbers))
    questions: list[Question] = []
    for planned in plan.questions:
        questions += questions_from(planned, version, numbers)
    for position, question in enumerate(questions):
        question.position = position
    return Asked(version=version, questions=tuple(questions))


def questions_from(planned: PlannedQuestion, version: QuestionnaireVersion, numbers: Any) -> list[Question]:
    """The question and, for a matrix, its rows, unsaved, their words and options held by each."""
    low, high = planned.scale or (None, None)
    shared: dict[str, Any] = {
        "version": version,
        "scale_low": low,
        "scale_high": high,
        "is_required": planned.is_required,
        "allows_na": planned.allows_na,
        "show_if": planned.show_if,
    }
    question = Question(
        pk=next(numbers),
        key=planned.key,
        kind=planned.kind,
        measure=planned.measure,
        starts_page=planned.starts_page,
        is_shuffled=planned.is_shuffled,
        **shared,
    )
    choosing = planned.kind in Question.CHOOSING
    options = [_option(part, position, numbers) for position, part in enumerate(planned.parts) if choosing]
    _hold(question, texts=_rows(QuestionText, planned.words, numbers), options=options)
    found = [question]
    for part in planned.parts if planned.kind == Question.Kind.MATRIX else ():
        row = Question(
            pk=next(numbers), key=part.key, kind="row", matrix=question, measure=part.measure, **shared
        )
        _hold(row, texts=_rows(QuestionText, _row_words(part, planned), numbers), options=[])
        found.append(row)
    return found


def _row_words(part: PlannedPart, planned: PlannedQuestion) -> Words:
    """The words of a row, with those for “does not apply” of its matrix."""
    return {
        language: {**said, "na_label": planned.words.get(language, {}).get("na_label", "")}
        for language, said in part.words.items()
    }


def _option(part: PlannedPart, position: int, numbers: Any) -> Option:
    option = Option(pk=next(numbers), key=part.key, position=position)
    _hold(option, texts=_rows(OptionText, part.words, numbers))
    return option


def _rows(model: Any, words: Words, numbers: Any) -> list[Any]:
    return [model(pk=next(numbers), language=language, **said) for language, said in words.items()]


def _hold(owner: Any, **related: list[Any]) -> None:
    """Give an unsaved row its related rows, as if they had been prefetched."""
    owner._prefetched_objects_cache = related


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as it is written into a file; measures by their key."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "key": plan.key,
        "name": plan.name,
        "kind": plan.kind,
        "shuffled": plan.is_shuffled,
        "words": plan.words,
        "questions": [_question_data(question) for question in plan.questions],
    }


def _question_data(question: PlannedQuestion) -> dict[str, Any]:
    data: dict[str, Any] = {"key": question.key, "kind": question.kind, "words": question.words}
    if question.kind not in Question.SCALES and question.scale:
        data["scale"] = list(question.scale)
    for name, value in (
        ("required", question.is_required),
        ("na", question.allows_na),
        ("page", question.starts_page),
        ("shuffled", question.is_shuffled),
        ("show_if", question.show_if),
        ("measure", question.measure.key if question.measure else ""),
    ):
        if value:
            data[name] = value
    if question.parts:
        is_matrix = question.kind == Question.Kind.MATRIX
        data["rows" if is_matrix else "options"] = [_part_data(part) for part in question.parts]
    return data


def _part_data(part: PlannedPart) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": part.key,
        "words": {language: next(iter(said.values()), "") for language, said in part.words.items()},
    }
    return {**data, "measure": part.measure.key} if part.measure else data
