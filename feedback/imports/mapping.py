"""The mapping of a file of responses: columns → unit, day and answers. See docs/imports.md."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from feedback.asked import NA, Asked, choices_of
from feedback.models import Question
from organisation.imports import Cell, ImportRefused, RowProblem, time_formats

ENTRIES = {
    "kind", "name", "source", "note", "separator", "skip_bad", "language",
    "unit", "date", "questions", "reference", "questionnaire",
}  # fmt: skip


@dataclass(frozen=True)
class DateRule:
    """How the day of service is told: as a date in one of the formats, or as a day of a given month.

    The first format that gives a day between `first` and `last` wins.
    """

    column: str
    formats: tuple[str, ...] = ()
    first: date = date(1900, 1, 1)
    last: date = date(2200, 1, 1)
    year: int = 0
    month: int = 0

    @classmethod
    def parse(cls, data: Any) -> "DateRule":
        """Raises ImportRefused. A column of day numbers needs its year and month from the mapping."""
        unclear = ImportRefused(_("The mapping does not say clearly where the date comes from."))
        if not isinstance(data, dict):
            raise unclear
        try:
            if "day_column" in data:
                return cls(
                    str(data["day_column"]), year=int(data.get("year", 0)), month=int(data.get("month", 0))
                )
            first = date.fromisoformat(data.get("first", "1900-01-01"))
            last = date.fromisoformat(data.get("last", "2200-01-01"))
            return cls(str(data["column"]), time_formats(data.get("formats", ["%Y-%m-%d"])), first, last)
        except (KeyError, TypeError, ValueError) as error:
            raise unclear from error

    def read(self, cells: dict[str, str], notes: list[str]) -> date:
        """The day of the row, with notes on how a date was read that has two readings.

        Raises RowProblem.
        """
        text = cells[self.column]
        if not self.formats:
            return self._day_of_month(text)
        found = [(number, day) for number, day in self._readings(text) if self.first <= day <= self.last]
        if not found:
            raise RowProblem(
                "date", _("“%(text)s” is no date that the mapping allows.") % {"text": text[:40]}
            )
        number, day = found[0]
        if number:
            notes.append("date_other_format")
        elif len({each for _number, each in found}) > 1:
            notes.append("date_two_readings")
        return day

    def _readings(self, text: str) -> Iterator[tuple[int, date]]:
        for number, wanted in enumerate(self.formats):
            try:
                yield number, datetime.strptime(text, wanted).date()
            except ValueError:
                continue

    def _day_of_month(self, text: str) -> date:
        if not (self.year and self.month):
            raise RowProblem(
                "date",
                _("The file holds only the day “%(day)s”; the mapping gives no month.") % {"day": text[:10]},
            )
        try:
            return date(self.year, self.month, int(text))
        except ValueError:
            words = _("Day “%(day)s” is not in %(month)d/%(year)d.")
            values = {"day": text[:10], "month": self.month, "year": self.year}
            raise RowProblem("date", words % values) from None


@dataclass(frozen=True)
class QuestionRule:
    """One column's answers to one question.

    `blank` are the texts that stand for no answer, `values` the file's codes → our numbers, options or “na”;
    without `values` the file's answers are ours. `separator` stands between several options in one cell,
    `other` is the column that says what “other” was, and `formats` are those of a date.
    """

    question: Question
    column: str
    blank: frozenset[str]
    values: dict[str, Any]
    separator: str = ";"
    other: str = ""
    formats: tuple[str, ...] = ("%Y-%m-%d",)

    @classmethod
    def parse(cls, key: str, data: Any, asked: Asked) -> "QuestionRule":
        question = asked.question(key)
        if question is None:
            raise ImportRefused(
                _("The questionnaire has no question with the key “%(key)s”."), params={"key": key[:60]}
            )
        if isinstance(data, str):
            data = {"column": data}
        values = data.get("values", {}) if isinstance(data, dict) else None
        if not isinstance(values, dict) or not isinstance(data.get("column"), str):
            raise ImportRefused(
                _("The mapping does not say clearly where “%(what)s” comes from."), params={"what": key[:60]}
            )
        blank = frozenset(str(text).strip().casefold() for text in data.get("blank", []))
        formats = time_formats(data["formats"]) if "formats" in data else ()
        return cls(
            question,
            data["column"],
            blank | {""},
            {str(code): _answer_meant(question, value) for code, value in values.items()},
            separator=str(data.get("separator") or ";"),
            other=str(data.get("other") or ""),
            formats=(*formats, "%Y-%m-%d"),
        )

    def columns(self) -> Iterator[str]:
        yield from (self.column, *([self.other] if self.other else []))


def _answer_meant(question: Question, value: Any) -> Any:
    """What a code of the file stands for; None for no answer. Raises ImportRefused."""
    if value is None or (value == NA and question.allows_na):
        return value
    if question.kind in Question.CHOOSING:
        value = str(value)
    if value not in _answers_to(question):
        raise ImportRefused(
            _("“%(value)s” is no answer to the question “%(key)s”."),
            params={"value": str(value)[:40], "key": question.key},
        )
    return value


def _answers_to(question: Question) -> Container[Any]:
    """What a code of the file may stand for, beside “na”: nothing where words or a day are asked for."""
    if question.kind in Question.CHOOSING:
        return {option.key for option in question.options.all()}
    return choices_of(question)


@dataclass(frozen=True)
class ResponsesMapping:
    unit: Cell
    date: DateRule
    questions: tuple[QuestionRule, ...]
    reference: str = ""
    language: str = "en"

    @classmethod
    def parse(cls, data: dict[str, Any], asked: Asked) -> "ResponsesMapping":
        """Read the JSON of a mapping for one questionnaire. Raises ImportRefused."""
        unknown = sorted(set(data) - ENTRIES)
        if unknown:
            text = _("The mapping has an unknown entry: %(name)s.")
            raise ImportRefused(text, params={"name": unknown[0][:60]})
        questions = data.get("questions")
        if not isinstance(questions, dict) or not questions:
            raise ImportRefused(_("The mapping names no question."))
        return cls(
            unit=Cell.parse("unit", data.get("unit")),
            date=DateRule.parse(data.get("date")),
            questions=tuple(QuestionRule.parse(key, rule, asked) for key, rule in questions.items()),
            reference=str(data.get("reference", "")),
            language=str(data.get("language", "en"))[:12],
        )

    def columns(self) -> Iterator[str]:
        """Every column that the mapping reads."""
        yield from (self.unit.column, self.date.column, self.reference)
        for rule in self.questions:
            yield from rule.columns()
