"""A question of an attempt as the pages show it: to be answered, and afterwards with what was right."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from training.answers import is_answered
from training.models import AttemptQuestion, QuestionVersion

Kind = QuestionVersion.Kind

HOW = {
    Kind.SINGLE: _("Choose one."),
    Kind.MULTIPLE: _("Choose all that fit."),
    Kind.TRUE_FALSE: _("Choose one."),
    Kind.ORDERING: _("Give each its place, 1 for the first; each place once."),
    Kind.MATCHING: _("Choose what belongs to each."),
    Kind.NUMERIC: _("Write a number in figures."),
    Kind.SHORT: _("Write a few words."),
    Kind.OPEN: _("Write in your own words. A person reads and marks it."),
}
MARKED_HOW = {
    QuestionVersion.Marking.RIGHT_MINUS_WRONG: _("Each wrong choice takes away a right one."),
    QuestionVersion.Marking.ALL_OR_NOTHING: _("It counts only with all the right ones and no wrong one."),
}


@dataclass(frozen=True)
class Part:
    """An option, an item to put in order, or a left side; `choice` is what was given to it."""

    number: int
    words: str
    chosen: bool = False
    choice: int | None = None
    correct: bool = False
    feedback: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Asked:
    """One question on a page. `choices` are the (value, words) of the lists to choose from."""

    row: AttemptQuestion
    kind: str
    wording: Any
    how: Any
    marked_how: Any
    parts: list[Part] = field(default_factory=list)
    choices: list[tuple[int, str]] = field(default_factory=list)
    typed: str = ""

    @property
    def is_answered(self) -> bool:
        return is_answered(self.kind, self.row.answer)

    @property
    def is_right(self) -> bool:
        return self.row.mark is not None and self.row.mark == self.row.points

    @property
    def is_partly_right(self) -> bool:
        return self.row.mark is not None and Decimal(0) < self.row.mark < self.row.points

    @property
    def solution(self) -> str:
        """What would have been right, for kinds whose parts do not say it themselves."""
        content = self.wording.content
        if self.kind == Kind.NUMERIC:
            return content["answer"]
        return content["answers"][0] if self.kind == Kind.SHORT else ""


def asked(row: AttemptQuestion, typed: str | None = None) -> Asked:
    """The question as it was shown (prefetch `version__texts`). `typed` is text that was refused."""
    kind, wording = row.version.kind, row.wording
    build = {
        Kind.SINGLE: _options,
        Kind.MULTIPLE: _options,
        Kind.TRUE_FALSE: _true_false,
        Kind.ORDERING: _ordering,
        Kind.MATCHING: _matching,
    }.get(Kind(kind))
    parts, choices = build(row, wording.content) if build else ([], [])
    is_text = build is None
    return Asked(
        row=row,
        kind=kind,
        wording=wording,
        how=HOW[Kind(kind)],
        marked_how=MARKED_HOW[QuestionVersion.Marking(row.version.marking)] if kind == Kind.MULTIPLE else "",
        parts=parts,
        choices=choices,
        typed=typed if typed is not None else (row.answer or "" if is_text else ""),
    )


Shown = tuple[list[Part], list[tuple[int, str]]]


def _options(row: AttemptQuestion, content: dict[str, Any]) -> Shown:
    chosen = set(row.answer or [])
    options = content["options"]
    return [
        Part(
            number,
            options[number]["text"],
            chosen=number in chosen,
            correct=options[number]["correct"],
            feedback=options[number]["feedback"],
        )
        for number in row.order
    ], []


def _true_false(row: AttemptQuestion, content: dict[str, Any]) -> Shown:
    words = [("true", _("True")), ("false", _("False"))]
    return [
        Part(
            number,
            str(label),
            chosen=row.answer == value,
            correct=(value == "true") == content["answer"],
            answer=value,
        )
        for number, (value, label) in enumerate(words)
    ], []


def _ordering(row: AttemptQuestion, content: dict[str, Any]) -> Shown:
    items, given = content["items"], row.answer or []
    parts = [
        Part(
            number,
            items[number],
            choice=given[number] if given else None,
            correct=bool(given) and given[number] == number,
            answer=str(number + 1),
        )
        for number in row.order
    ]
    return parts, [(place, str(place + 1)) for place in range(len(items))]


def _matching(row: AttemptQuestion, content: dict[str, Any]) -> Shown:
    pairs, given = content["pairs"], row.answer or []
    parts = []
    for number, (left, right) in enumerate(pairs):
        choice = given[number] if given else None
        correct = choice is not None and pairs[choice][1] == right
        parts.append(Part(number, left, choice=choice, correct=correct, answer=right))
    return parts, [(number, pairs[number][1]) for number in row.order]
