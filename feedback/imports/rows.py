"""One row of a file of responses: what the customer said, or why it cannot be taken."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from common.text import search_form
from feedback.asked import NA, choices_of
from feedback.envelope import Given
from feedback.imports.mapping import QuestionRule, ResponsesMapping
from feedback.models import Question
from organisation.imports import Row, RowProblem, text_of


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """`answers` is empty where the customer answered nothing that the mapping knows."""

    number: int
    unit: str
    day: date
    answers: tuple[Given, ...]
    reference: str
    notes: tuple[str, ...]


def read_line(row: Row, mapping: ResponsesMapping) -> ResponseLine:
    """Raises RowProblem with the first reason why the row cannot be taken."""
    if row.problem:
        raise row.problem
    notes: list[str] = []
    unit = mapping.unit.read(row.cells)
    if not unit:
        raise RowProblem("unit", _("The row names no unit."))
    given = (_answer(rule, row.cells[rule.column]) for rule in mapping.questions)
    answers = tuple(answer for answer in given if answer)
    return ResponseLine(
        number=row.number,
        unit=unit,
        day=mapping.date.read(row.cells, notes),
        answers=answers,
        reference=row.cells[mapping.reference][:200] if mapping.reference else "",
        notes=tuple(notes),
    )


def _answer(rule: QuestionRule, text: str) -> Given | None:
    """One answer; None for a blank. Raises RowProblem for what is no answer to the question."""
    question = rule.question
    if text.casefold() in rule.blank:
        return None
    if question.kind in Question.WORDS:
        words = text_of("text", text, max_length=Question.LENGTHS[question.kind])
        return Given(question, text=words) if words else None
    if question.kind == Question.Kind.CHOICE:
        return _option(rule, text)
    if rule.values:
        if text not in rule.values:
            raise _no_answer(rule, text)
        value = rule.values[text]
        if value == NA:
            return Given(question, is_na=True)
        return None if value is None else Given(question, value=value)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
    if number is None or number not in choices_of(question):
        raise _no_answer(rule, text)
    return Given(question, value=number)


def _option(rule: QuestionRule, text: str) -> Given | None:
    """The option of that key or label, through the file's codes where there are any."""
    wanted = search_form(str(rule.values.get(text, text)))
    for option in rule.question.options.all():
        if wanted in (option.key, search_form(str(option))):
            return Given(rule.question, options=(option,))
    raise _no_answer(rule, text)


def _no_answer(rule: QuestionRule, text: str) -> RowProblem:
    words = _("“%(text)s” in the column “%(column)s” is no answer that the mapping knows.")
    return RowProblem("answer", words % {"text": text[:40], "column": rule.column[:60]})
