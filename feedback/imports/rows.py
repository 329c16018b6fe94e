"""One row of a file of responses: what the customer said, or why it cannot be taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from common.text import search_form
from feedback.asked import NA, choices_of
from feedback.envelope import Given
from feedback.imports.mapping import QuestionRule, ResponsesMapping
from feedback.models import Option, Question
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
    given = (_answer(rule, row.cells) for rule in mapping.questions)
    answers = tuple(answer for answer in given if answer)
    return ResponseLine(
        number=row.number,
        unit=unit,
        day=mapping.date.read(row.cells, notes),
        answers=answers,
        reference=row.cells[mapping.reference][:200] if mapping.reference else "",
        notes=tuple(notes),
    )


def _answer(rule: QuestionRule, cells: dict[str, str]) -> Given | None:
    """One answer; None for a blank. Raises RowProblem for what is no answer to the question."""
    question, text = rule.question, cells[rule.column]
    if text.casefold() in rule.blank:
        return None
    if text in rule.values and rule.values[text] in (NA, None):
        return Given(question, is_na=True) if rule.values[text] == NA else None
    if question.kind in Question.WORDS:
        words = text_of("text", text, max_length=Question.LENGTHS[question.kind])
        return Given(question, text=words) if words else None
    if question.kind in Question.CHOOSING:
        return _chosen(rule, text, cells[rule.other] if rule.other else "")
    if question.kind == Question.Kind.DATE:
        return _day(rule, text)
    return _on_the_scale(rule, text)


def _on_the_scale(rule: QuestionRule, text: str) -> Given:
    """The number that the file's code stands for, or the file's own."""
    if rule.values:
        if text not in rule.values:
            raise _no_answer(rule, text)
        return Given(rule.question, value=rule.values[text])
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None
    if number is None or number not in choices_of(rule.question):
        raise _no_answer(rule, text)
    return Given(rule.question, value=number)


def _day(rule: QuestionRule, text: str) -> Given:
    for wanted in rule.formats:
        try:
            return Given(rule.question, day=datetime.strptime(text, wanted).date())
        except ValueError:
            continue
    raise _no_answer(rule, text)


def _chosen(rule: QuestionRule, text: str, other: str) -> Given:
    """One option, or several with the separator between them, in the order of the card; each once.

    What “other” was stands in a column of its own, or behind its label and a colon.
    """
    names = _names_of(rule.question)
    found, words = {}, other
    for part in _parts(rule, text, names):
        name, said = _named(rule, part, names)
        option = names.get(name)
        if option is None:
            raise _no_answer(rule, part)
        found[option.key] = option
        words = said or words
    if Option.OTHER not in found:
        words = ""
    ordered = (option for option in rule.question.options.all() if option.key in found)
    longest = Question.LENGTHS[Question.Kind.SHORT]
    return Given(rule.question, options=tuple(ordered), text=text_of("text", words, max_length=longest))


def _parts(rule: QuestionRule, text: str, names: Mapping[str, Option]) -> list[str]:
    """The options of the cell; a cell that is one option as a whole is never taken apart."""
    is_one = rule.question.kind == Question.Kind.CHOICE or _named(rule, text, names)[0] in names
    parts = [text] if is_one else text.split(rule.separator)
    return [part.strip() for part in parts if part.strip()]


def _named(rule: QuestionRule, part: str, names: Mapping[str, Option]) -> tuple[str, str]:
    """The name of an option, through the file's codes where there are any, and the words behind “other:”."""
    name = search_form(str(rule.values.get(part, part)))
    before, colon, after = part.partition(":")
    other = names.get(search_form(before))
    if name not in names and colon and other is not None and other.key == Option.OTHER:
        return search_form(before), after.strip()
    return name, ""


def _names_of(question: Question) -> dict[str, Option]:
    """Key and labels of every language → option; a key wins over a label."""
    options = question.options.all()
    labels = {search_form(row.label): option for option in options for row in option.texts.all()}
    return labels | {search_form(option.key): option for option in options}


def _no_answer(rule: QuestionRule, text: str) -> RowProblem:
    words = _("“%(text)s” in the column “%(column)s” is no answer that the mapping knows.")
    return RowProblem("answer", words % {"text": text[:40], "column": rule.column[:60]})
