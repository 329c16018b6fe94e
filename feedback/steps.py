"""From page to page of a questionnaire: what to show next, decided from what travels in the form.

No session and no cookie: every answer given so far comes with each form, and `shown` names the
questions that its page showed, so that a question that only these answers bring up is asked before the
card is taken in.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.asked import Asked
from feedback.envelope import OTHER, PREFIX, Reading, answers_in, number_of, read_answers
from feedback.fields import Field, Typed, fields_of
from feedback.showing import sources_of

ORDERS = 24


@dataclass(frozen=True)
class Turn:
    """The page to show next, 1 the first; `errors` where the one before cannot be left, `is_more` where
    the answers have brought up further questions on the same page."""

    page: int
    errors: dict[str, str]
    is_more: bool = False


def order_of(asked: Asked, uid: str) -> int:
    """Which of the random orders the card with this id has: always the same one. 0: as written."""
    if not asked.is_shuffled:
        return 0
    try:
        return 1 + uuid.UUID(uid).int % ORDERS
    except ValueError:
        return 0


def page_of(asked: Asked, posted: Mapping[str, Any]) -> int:
    """The page that the form showed; nonsense is the last one, which leads through all of them."""
    number = number_of(posted.get("page"))
    return number if number and number <= len(asked.pages) else len(asked.pages)


def page_with(asked: Asked, posted: Mapping[str, Any], errors: Mapping[str, str]) -> int:
    """The first page with an error, else the page that the form showed."""
    for number, questions in enumerate(asked.pages, start=1):
        if any(question.key in errors for question in questions):
            return number
    return page_of(asked, posted)


def next_turn(asked: Asked, posted: Mapping[str, Any]) -> Turn | None:
    """The page that follows the one posted; None where the card is to be taken in now."""
    reading = read_answers(asked, answers_in(posted, asked))
    here = page_of(asked, posted)
    if posted.get("go") == "back":
        return Turn(_shown_before(asked, reading, here), {})
    for number in range(1, here + 1):
        errors = {
            each.key: reading.errors[each.key]
            for each in asked.pages[number - 1]
            if each.key in reading.errors
        }
        if errors:
            return Turn(number, errors)
    if _conditional(asked, reading, here) - set(str(posted.get("shown", "")).split(",")):
        return Turn(here, {}, is_more=True)
    following = _shown_after(asked, reading, here)
    return Turn(following, {}) if following else None


def _conditional(asked: Asked, reading: Reading, page: int) -> set[str]:
    """The questions of a page that are shown because of an answer on the same page."""
    questions = asked.pages[page - 1]
    keys = {question.key for question in questions}
    return {
        question.key
        for question in questions
        if question.matrix_id is None and question.key in reading.shown and sources_of(question) & keys
    }


def _shown_after(asked: Asked, reading: Reading, page: int) -> int | None:
    for number in range(page + 1, len(asked.pages) + 1):
        if any(question.key in reading.shown for question in asked.pages[number - 1]):
            return number
    return None


def _shown_before(asked: Asked, reading: Reading, page: int) -> int:
    for number in range(page - 1, 0, -1):
        if any(question.key in reading.shown for question in asked.pages[number - 1]):
            return number
    return 1


@dataclass(frozen=True)
class Page:
    """One page of a card, ready to be drawn. `carried` are the fields of the other pages, as hidden
    names and values."""

    number: int
    of: int
    fields: list[Field]
    carried: list[tuple[str, str]]
    is_last: bool
    is_stepped: bool

    @property
    def shown(self) -> str:
        return ",".join(each.key for each in self.fields if each.is_conditional and each.is_shown)

    @property
    def adapts(self) -> bool:
        """Whether an answer on this page shows or hides questions of it."""
        return any(each.is_conditional for each in self.fields)


def page_for(asked: Asked, language: str, typed: Typed, *, number: int = 1, order: int = 0) -> Page:
    """The page as the answers typed so far make it."""
    reading = read_answers(asked, answers_in(typed.data, asked))
    questions = asked.pages[number - 1]
    fields = fields_of(asked, language, typed, page=questions, shown=reading.shown, order=order)
    names = {PREFIX + question.key for question in questions}
    return Page(
        number=number,
        of=len(asked.pages),
        fields=fields,
        carried=[
            (name, value)
            for name in typed.data
            if name.startswith(PREFIX) and name.removesuffix(OTHER) not in names
            for value in typed.given(name)
        ],
        is_last=_shown_after(asked, reading, number) is None,
        is_stepped=asked.is_stepped,
    )


def preview_pages(asked: Asked, language: str, typed: Typed) -> list[Page]:
    """Every page with every question on it, as written: for those who write the questionnaire."""
    return [
        Page(
            number=number,
            of=len(asked.pages),
            fields=fields_of(asked, language, typed, page=questions),
            carried=[],
            is_last=number == len(asked.pages),
            is_stepped=False,
        )
        for number, questions in enumerate(asked.pages, start=1)
    ]
