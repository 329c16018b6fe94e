"""What every format is read into: questions with their values, and what could not be read, with reasons."""

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from training.marking import ALL_OR_NOTHING, RIGHT_MINUS_WRONG
from training.table import SLUG

MOST_BYTES = 5_000_000
MOST_QUESTIONS = 1_000
MOST_CHARACTERS = 60_000
"""Of one question with all its answers."""
WHOLE = Decimal(100)
NEAR = Decimal("0.01")
"""Per cent: shares such as a third are written with a few digits only."""


class FormatRefused(ValidationError):
    """The file as a whole cannot be read; the message says why, in the user's words."""


class NotCarried(Exception):
    """One question cannot be carried; the message is the reason."""


@dataclass(frozen=True)
class Choice:
    """One answer of a file: its words, its share of the marks in per cent, what is said about it."""

    text: str
    share: Decimal
    feedback: str = ""


@dataclass
class FoundQuestion:
    """One question as a file has it. `values` are named as in a course file; `notes` say what is lost."""

    name: str
    where: str
    kind: str
    values: dict[str, Any]
    category: str = ""
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LeftOut:
    """What is not taken: its name, the place in the file, the reason."""

    name: str
    where: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}, {self.name}: {self.reason}" if self.name else f"{self.where}: {self.reason}"


@dataclass
class Found:
    questions: list[FoundQuestion] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def refuse_size(size: int) -> None:
    if size > MOST_BYTES:
        words = _("The file is larger than %(most)s MB. Divide it, or leave out its pictures.")
        raise FormatRefused(words % {"most": MOST_BYTES // 1_000_000})


def refuse_count(count: int) -> None:
    if count > MOST_QUESTIONS:
        words = _("The file holds %(count)s questions; at most %(most)s go in at once. Divide the file.")
        raise FormatRefused(words % {"count": count, "most": MOST_QUESTIONS})


def refuse_length(length: int) -> None:
    """Raises NotCarried for a question that is longer than any that could be kept."""
    if length > MOST_CHARACTERS:
        words = _("It is longer than %(most)s characters.")
        raise NotCarried(words % {"most": f"{MOST_CHARACTERS:,}"})


def number(text: str) -> Decimal:
    """A number of a file. Raises NotCarried."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value.copy_abs() > Decimal("1e12"):
        raise NotCarried(_("“%(text)s” is no number that can be marked.") % {"text": text.strip()[:60]})
    return value


def key_for(name: str, text: str, taken: set[str]) -> str:
    """A short name that is the same at the next import: of the name, else of the words; never twice."""
    key = name if SLUG.fullmatch(name) else slugify(name)[:50].strip("-_")
    if not key:
        key = "q-" + hashlib.sha256((name or text).encode("utf-8", "replace")).hexdigest()[:10]
    chosen, count = key, 1
    while chosen in taken:
        count += 1
        chosen = f"{key[:50]}-{count}"
    taken.add(chosen)
    return chosen


# ------------------------------------------------- choices with their shares


def choices_as_options(choices: list[Choice], *, one: bool) -> tuple[str, dict[str, Any], list[str]]:
    """The kind, the values and the notes of a question with options. Raises NotCarried.

    Here the right options of a question count alike, and a wrong one takes back one right one. Other
    shares of the marks would be marked differently, so they are refused.
    """
    options = [{"text": each.text, "correct": each.share > 0, "feedback": each.feedback} for each in choices]
    right = [each.share for each in choices if each.share > 0]
    wrong = {each.share for each in choices if each.share <= 0}
    if one:
        if any(each < 0 for each in wrong):
            raise NotCarried(_("A wrong answer takes marks away, which is not done here."))
        if len(right) != 1 or abs(right[0] - WHOLE) > NEAR:
            raise NotCarried(_("More than one answer earns marks though only one may be chosen."))
        return "single", {"options": options}, []
    if not right:
        raise NotCarried(_("None of its answers is right."))
    share = WHOLE / len(right)
    if any(abs(each - share) > NEAR for each in right):
        raise NotCarried(_("Its right answers earn different shares of the marks."))
    values = {"options": options, "marking": RIGHT_MINUS_WRONG}
    if all(abs(each + share) <= NEAR for each in wrong):
        return "multiple", values, []
    if wrong == {Decimal(0)}:
        return "multiple", values, [_("A wrong choice cost nothing there; here it takes back a right one.")]
    raise NotCarried(_("Its wrong answers take away other shares of the marks than a right one earns."))


def all_or_nothing(choices: list[Choice]) -> dict[str, Any]:
    """The values of a question where only the exact choice counts."""
    options = [{"text": each.text, "correct": each.share > 0, "feedback": each.feedback} for each in choices]
    return {"options": options, "marking": ALL_OR_NOTHING}


def short_answers(choices: list[Choice]) -> tuple[dict[str, Any], list[str]]:
    """The right answers in words. Raises NotCarried where one earns only a part."""
    notes = []
    if any(Decimal(0) < each.share < WHOLE - NEAR for each in choices):
        raise NotCarried(_("An answer earns only a part of the marks, which is not done here."))
    right = [each.text for each in choices if each.share > 0]
    if not right:
        raise NotCarried(_("None of its answers is right."))
    if len(right) < len(choices):
        notes.append(_("What is said about wrong answers is not carried."))
    if any(each.feedback for each in choices if each.share > 0):
        notes.append(_("What is said about single answers is not carried."))
    return {"answers": right}, notes


def numeric_answer(answers: list[tuple[Choice, Decimal, Decimal]]) -> tuple[dict[str, Any], list[str]]:
    """The one right number with its tolerance. Raises NotCarried where there are several."""
    right = [each for each in answers if each[0].share > 0]
    if len(right) != 1 or right[0][0].share < WHOLE - NEAR:
        raise NotCarried(_("It has several right numbers, or one that earns only a part of the marks."))
    choice, target, tolerance = right[0]
    notes = []
    if choice.feedback or len(answers) > 1:
        notes.append(_("What is said about single answers is not carried."))
    return {"answer": target, "tolerance": abs(tolerance)}, notes


def matching_pairs(pairs: list[tuple[str, str]]) -> tuple[dict[str, Any], list[str]]:
    """The pairs; answers without a partner only made it harder, and stay behind."""
    whole = [[left, right] for left, right in pairs if left]
    notes = []
    if len(whole) < len(pairs):
        notes.append(_("Answers that belong to nothing are not carried."))
    return {"pairs": whole}, notes
