"""Marks of a quiz (rules, section 7). Nothing here touches the database.

Marks are Decimals. A share such as a third is kept to 28 digits while it is added up, and the quotient
is settled to ten places before it is compared: that takes back what the division left over (three
thirds are a whole again) and is far finer than any difference that marks can make. Nothing is rounded
to what the page shows.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

RIGHT_MINUS_WRONG: Final = "right_minus_wrong"
ALL_OR_NOTHING: Final = "all_or_nothing"

PASSED: Final = "passed"
FAILED: Final = "failed"
AWAITING: Final = "awaiting"
NONE: Final = "none"

NOTHING = Decimal(0)
WHOLE = Decimal(1)
_SETTLED = Decimal("1e-10")
_LONGEST_NUMBER = 30


def share_right(kind: str, content: dict[str, Any], answer: Any, marking: str = "") -> Decimal | None:
    """How much of the question is right, from 0 to 1; None where a person has to read it.

    `content` is the frozen wording (see `training.content`), `answer` what `training.answers` made of
    the form. No answer is worth 0, of an open question too.
    """
    if answer in (None, "", []):
        return NOTHING
    if kind == "open":
        return None
    return _RULES[kind](content, answer, marking)


def mark(kind: str, content: dict[str, Any], answer: Any, *, points: Decimal, marking: str) -> Decimal | None:
    """The points that the answer earns; None where a person has to read it."""
    share = share_right(kind, content, answer, marking)
    return None if share is None else share * points


def _single(content: dict[str, Any], answer: Any, marking: str) -> Decimal:
    return WHOLE if content["options"][answer[0]]["correct"] else NOTHING


def _multiple(content: dict[str, Any], answer: Any, marking: str) -> Decimal:
    """All or nothing, or the right ones minus the wrong ones among the chosen, over all right ones."""
    correct = {number for number, option in enumerate(content["options"]) if option["correct"]}
    chosen = set(answer)
    if marking == ALL_OR_NOTHING:
        return WHOLE if chosen == correct else NOTHING
    balance = len(chosen & correct) - len(chosen - correct)
    return max(NOTHING, Decimal(balance) / len(correct))


def _true_false(content: dict[str, Any], answer: Any, marking: str) -> Decimal:
    return WHOLE if (answer == "true") == content["answer"] else NOTHING


def _ordering(content: dict[str, Any], answer: Any, marking: str) -> Decimal:
    """Every item in its place, or nothing. Places count from 0."""
    return WHOLE if answer == list(range(len(content["items"]))) else NOTHING


def _matching(content: dict[str, Any], answer: Any, marking: str) -> Decimal:
    """Each pair is its share. Two equal words on the right are as good as each other."""
    pairs = content["pairs"]
    right = sum(
        1 for left, chosen in enumerate(answer) if chosen is not None and pairs[chosen][1] == pairs[left][1]
    )
    return Decimal(right) / len(pairs)


def _numeric(content: dict[str, Any], answer: Any, marking: str) -> Decimal:
    target, tolerance = Decimal(str(content["answer"])), Decimal(str(content["tolerance"]))
    near = any(abs(number - target) <= tolerance for number in readings(answer))
    return WHOLE if near else NOTHING


def _short(content: dict[str, Any], answer: Any, marking: str) -> Decimal:
    given = folded(answer)
    return WHOLE if any(fits(folded(each), given) for each in content["answers"]) else NOTHING


_RULES: dict[str, Any] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "ordering": _ordering,
    "matching": _matching,
    "numeric": _numeric,
    "short": _short,
}


def folded(text: str) -> str:
    """Short text as it is compared: compatibility-normalised, case-folded, blanks folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fits(right: str, given: str) -> bool:
    """Is the answer the right one? A “*” in the right one stands for any words or none, “\\*” for a star."""
    first, *others = right.replace("\\*", "\0").split("*")
    pieces = [piece.replace("\0", "*") for piece in (first, *others)]
    if not others:
        return given == pieces[0]
    if not given.startswith(pieces[0]):
        return False
    place = len(pieces[0])
    for piece in pieces[1:-1]:
        found = given.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(given) - place >= len(pieces[-1]) and given.endswith(pieces[-1])


def readings(text: str) -> list[Decimal]:
    """The numbers that the text may mean: “1.5” and “1,5” are the same, “1,500” and “1.500” may be two.

    A mark that parts thousands stands before every three digits, so “1,5” is never fifteen. Empty where it
    is no number.
    """
    bare = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if len(bare) > _LONGEST_NUMBER:
        return []
    written = set()
    for point, thousands in (".,", ",."):
        if thousands not in bare:
            written.add(bare.replace(point, "."))
        elif re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{thousands}\d{{3}})+(\{point}\d+)?", bare):
            written.add(bare.replace(thousands, "").replace(point, "."))
    found = {number for number in map(_number, written) if number is not None}
    return sorted(found)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.copy_abs() < Decimal("1e15") else None


def percentage(marks: Sequence[Decimal], points: Sequence[Decimal]) -> Decimal:
    """100 × what was earned / what could be earned, unrounded. No points at all make 0."""
    possible = sum(points, NOTHING)
    return settled(100 * sum(marks, NOTHING) / possible) if possible else NOTHING


def settled(value: Decimal) -> Decimal:
    return value.quantize(_SETTLED)


def counts(percentages: Sequence[Decimal | None], counting: str) -> Decimal | None:
    """The percentage that counts, of the attempts in order; None where it is not known yet.

    None among `percentages` is an attempt that waits for its marks.
    """
    if not percentages:
        return None
    if counting == "first":
        return percentages[0]
    if counting == "last":
        return percentages[-1]
    known = [each for each in percentages if each is not None]
    if counting == "highest":
        return max(known, default=None)
    return settled(sum(known, NOTHING) / len(known)) if len(known) == len(percentages) else None


def result(percentages: Sequence[Decimal | None], counting: str, pass_mark: Decimal) -> str:
    """PASSED, FAILED, AWAITING (neither) or NONE (no attempt) by the attempt that counts."""
    if not percentages:
        return NONE
    counted = counts(percentages, counting)
    if counted is not None and counted >= pass_mark:
        return PASSED
    if counted is None or (counting == "highest" and None in percentages):
        return AWAITING
    return FAILED
