"""What a customer said, in words: for the receipt, the inbox and the export."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.fields import LABELS
from feedback.masking import masked
from feedback.models import Answer, Person, Question, Response, ResponseEvent


@dataclass(frozen=True)
class Line:
    """One question and the answer given to it. `face` is 1 to 5 where it was a face."""

    wording: str
    words: str
    lang: str
    is_text: bool
    face: int | None = None


def lines_of(
    answers: Iterable[Answer],
    language: str | None = None,
    *,
    mask: bool = False,
    person: Person | None = None,
) -> list[Line]:
    """The answers in the order of the card (prefetch the questions with their texts).

    `mask` takes personal data out of the texts: what staff read.
    """
    ordered = sorted(answers, key=lambda answer: (answer.question.position, answer.question_id))
    return [_line(answer, language, mask, person) for answer in ordered]


def consent_line(response: Response) -> list[Line]:
    """What the customer was asked to agree to, as it was shown, with yes or no; none where nothing was."""
    if not response.consent:
        return []
    words = LABELS[Question.Kind.YES_NO][response.has_agreed]
    return [Line(wording=response.consent, words=str(words), lang=response.language, is_text=False)]


def _line(answer: Answer, language: str | None, mask: bool, person: Person | None) -> Line:
    question = answer.question
    row: Any = question.text(language)
    is_text = question.kind in Question.WORDS
    if question.kind in Question.CHOOSING and not answer.is_na:
        words = chosen_in_words(answer, mask=mask, person=person)
    else:
        words = masked(answer.text, person) if mask and is_text else words_of(answer)
    return Line(
        wording=row.wording if row else question.key,
        words=words,
        lang=row.language if row and language and row.language != language else "",
        is_text=is_text,
        face=answer.value if question.kind == Question.Kind.FACES else None,
    )


def words_of(answer: Answer) -> str:
    """The answer as people say it: “Good”, “Yes”, “8”, or the text itself."""
    if answer.is_na:
        row: Any = answer.question.text()
        return (row.na_label if row else "") or _("Does not apply")
    if answer.date:
        return date_format(answer.date)
    if answer.question.kind in Question.CHOOSING:
        return chosen_in_words(answer)
    if answer.value is None:
        return answer.text
    return label_of(answer.question, answer.value)


def label_of(question: Question, value: int) -> str:
    """An answer on the question's scale in words: “Good”, “Yes”, “8”."""
    labels = LABELS.get(question.kind)
    return str(labels[value - (question.scale_low or 0)]) if labels else str(value)


def chosen_in_words(answer: Answer, *, mask: bool = False, person: Person | None = None) -> str:
    """The options chosen, in the order of the card, and what “other” was (prefetch `chosen` with the
    texts of its options)."""
    labels = [str(chosen.option) for chosen in answer.chosen.all()]
    other = masked(answer.text, person) if mask else answer.text
    return ", ".join(labels) + (f": {other}" if other else "")


def reply_of(response: Response) -> ResponseEvent | None:
    """Our answer to the customer, if there is one (uses the prefetched events)."""
    replies = [event for event in response.events.all() if event.what == ResponseEvent.What.REPLIED]
    return replies[-1] if replies else None


def said_in(reply: ResponseEvent, *, mask: bool, person: Person | None = None) -> str:
    """The words of our answer; for staff without personal data."""
    return masked(reply.note, person) if mask else reply.note


def comment_of(response: Response, *, mask: bool, person: Person | None = None) -> str:
    """What the customer wrote in answer to questions for words, as one text.

    Neither whom a customer named as helper nor what “other” was in a choice: they say nothing by themselves.
    Uses the prefetched answers with their questions (`written()`).
    """
    return _texts(response, Question.SPOKEN, mask=mask, person=person)


def helper_of(response: Response, *, mask: bool, person: Person | None = None) -> str:
    """Whom the customer named under “which of us helped you?” (uses the prefetched answers)."""
    return _texts(response, (Question.Kind.HELPER,), mask=mask, person=person)


def _texts(response: Response, kinds: Sequence[str], *, mask: bool, person: Person | None) -> str:
    given = (answer for answer in response.answers.all() if answer.question.kind in kinds)
    said = "\n".join(answer.text for answer in given if answer.text)
    return masked(said, person) if mask else said


def written(lookup: str = "answers") -> "Prefetch[Any]":
    """The answers that `comment_of` reads, to prefetch on responses, or by the path that leads to them."""
    spoken = Answer.objects.filter(question__kind__in=Question.SPOKEN).exclude(text="")
    return Prefetch(lookup, spoken.select_related("question"))
