"""The questions as the card shows them, with what was typed and what is wrong with it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from feedback.asked import NA, Asked, choices_of
from feedback.envelope import CONTACT_LENGTHS, OTHER, PREFIX
from feedback.models import Option, Question
from feedback.showing import sources_of

FACES = (_("Very poor"), _("Poor"), _("Fair"), _("Good"), _("Very good"))
YES_NO = (_("No"), _("Yes"))
THUMBS = (_("Thumb down"), _("Thumb up"))
LABELS: dict[str, tuple[Any, ...]] = {
    Question.Kind.FACES: FACES,
    Question.Kind.YES_NO: YES_NO,
    Question.Kind.THUMBS: THUMBS,
}
CSS_CLASSES = {
    "faces": "faces",
    "yes_no": "pair",
    "thumbs": "pair",
    "choice": "options",
    "choices": "options",
}


@dataclass(frozen=True)
class Typed:
    """What a customer has typed so far, kept when something is wrong with it."""

    data: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    message: Any = ""

    @property
    def has_contact(self) -> bool:
        return any(self.data.get(name) or name in self.errors for name in CONTACT_LENGTHS)

    def given(self, name: str) -> list[str]:
        """Everything that was typed or ticked under a name."""
        getlist = getattr(self.data, "getlist", None)
        if getlist:
            return list(getlist(name))
        return [str(self.data[name])] if name in self.data else []

    def other_errors(self, keys: set[str]) -> list[tuple[str, str]]:
        """Errors beside the questions, with the field they belong to (empty for the whole card)."""
        return [
            (name if name in CONTACT_LENGTHS else "", error)
            for name, error in self.errors.items()
            if name not in keys
        ]


@dataclass(frozen=True)
class Choice:
    value: str
    label: Any
    checked: bool
    face: int | None = None
    thumb: str = ""
    lang: str = ""
    is_other: bool = False


@dataclass(frozen=True)
class Field:
    """One question as the card shows it; the rows of a matrix are fields of their own.

    `is_shown` is false where its rule does not hold; `is_conditional`, where the answer to a question
    of the same page may change that; `is_watched`, where it is itself such a question. `purpose` says what
    a name is for, where one is asked. `shuffles`: its options or rows may stand in any order.
    """

    key: str
    name: str
    kind: str
    wording: str
    hint: str
    lang: str
    is_required: bool
    choices: list[Choice]
    na: Choice | None
    low_label: str = ""
    high_label: str = ""
    text: str = ""
    other: str = ""
    error: str = ""
    rows: tuple["Field", ...] = ()
    longest: int = 0
    is_shown: bool = True
    purpose: str = ""
    is_conditional: bool = False
    is_watched: bool = False
    shuffles: bool = False

    @property
    def css_class(self) -> str:
        return CSS_CLASSES.get(self.kind, "scale")

    @property
    def other_name(self) -> str:
        return self.name + OTHER

    @property
    def input_type(self) -> str:
        return "checkbox" if self.kind == Question.Kind.CHOICES else "radio"

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Where something is wrong, with the wording and the words against it; rows included."""
        own = [(self.name, self.wording, self.error)] if self.error else []
        return own + [problem for row in self.rows for problem in row.problems]


def fields_of(
    asked: Asked,
    language: str,
    typed: Typed,
    *,
    page: Sequence[Question] | None = None,
    shown: Iterable[str] | None = None,
    order: int = 0,
) -> list[Field]:
    """The fields of a page (of the whole version without one) in the order that the customer sees.

    `shown` are the keys of the questions whose rule holds; None: all. `order` is the number of the
    random order, 0 for the written one.
    """
    questions = asked.questions if page is None else page
    keys = {question.key for question in questions}
    visible = keys if shown is None else set(shown)
    watched = {source for question in questions for source in sources_of(question)}
    words = asked.version.text(language)
    found = []
    for question in _arranged(asked, questions, order):
        rows = _shuffled([row for row in questions if row.matrix_id == question.pk], question, order)
        found.append(
            _field(
                question,
                language,
                typed,
                order=order,
                purpose=words.purpose if words and question.kind == Question.Kind.HELPER else "",
                rows=tuple(_field(row, language, typed) for row in rows),
                is_shown=question.key in visible,
                is_conditional=bool(sources_of(question) & keys),
                is_watched=question.key in watched or any(row.key in watched for row in rows),
            )
        )
    return found


def _arranged(asked: Asked, questions: Sequence[Question], order: int) -> list[Question]:
    """The questions of a page without the rows of matrices, in random order where the version wants it."""
    outer = [question for question in questions if question.matrix_id is None]
    if not order:
        return outer
    free = free_on(asked, questions)
    turn = iter(sorted(free, key=lambda question: _lot(question.key, order)))
    return [next(turn) if question in free else question for question in outer]


def free_on(asked: Asked, page: Sequence[Question]) -> list[Question]:
    """The questions of a page that may stand in any order. Those that hang on each other, and the long text
    at the end, keep their places."""
    outer = [question for question in page if question.matrix_id is None]
    if not asked.version.is_shuffled:
        return []
    tied = {source for question in outer for source in sources_of(question)}
    tied |= {question.key for question in outer if question.show_if or question.kind == Question.Kind.TEXT}
    return [question for question in outer if question.key not in tied]


def _shuffled(parts: list[Any], question: Question, order: int) -> list[Any]:
    """Options or rows in random order where the question wants it; “other” stays last."""
    if not order or not question.is_shuffled:
        return parts
    free = [part for part in parts if part.key != Option.OTHER]
    free.sort(key=lambda part: _lot(part.key, order))
    return free + [part for part in parts if part.key == Option.OTHER]


def _lot(key: str, order: int) -> bytes:
    """Where a part comes in a random order: the same place each time that order is drawn."""
    return hashlib.sha256(f"{order} {key}".encode()).digest()


def _field(question: Question, language: str, typed: Typed, *, order: int = 0, **more: Any) -> Field:
    name = PREFIX + question.key
    given = typed.given(name)
    words = question.text(language)
    other = typed.given(name + OTHER)
    na_label = (words and words.na_label) or _("Does not apply")
    return Field(
        key=question.key,
        name=name,
        kind=question.kind,
        wording=words.wording if words else question.key,
        hint=words.hint if words else "",
        low_label=words.low_label if words else "",
        high_label=words.high_label if words else "",
        lang="" if words is None or words.language == language else words.language,
        is_required=question.is_required,
        choices=_choices(question, language, given, order),
        na=Choice(NA, na_label, NA in given) if question.allows_na else None,
        text=given[-1] if given else "",
        other=other[-1] if other else "",
        error=typed.errors.get(question.key, ""),
        longest=Question.LENGTHS.get(question.kind, 0),
        shuffles=question.is_shuffled and question.kind != Question.Kind.ROW,
        **more,
    )


def _choices(question: Question, language: str, given: list[str], order: int) -> list[Choice]:
    if question.kind in Question.CHOOSING:
        options = _shuffled(list(question.options.all()), question, order)
        return [_option(option, language, given) for option in options]
    labels = LABELS.get(question.kind)
    choices = [
        Choice(
            value=str(value),
            label=labels[index] if labels else value,
            checked=str(value) in given,
            face=value if question.kind == Question.Kind.FACES else None,
            thumb=("down", "up")[index] if question.kind == Question.Kind.THUMBS else "",
        )
        for index, value in enumerate(choices_of(question))
    ]
    if question.kind in (Question.Kind.YES_NO, Question.Kind.THUMBS):
        choices.reverse()
    return choices


def _option(option: Option, language: str, given: list[str]) -> Choice:
    words = option.text(language)
    return Choice(
        value=option.key,
        label=words.label if words else option.key,
        checked=option.key in given,
        lang=words.language if words and words.language != language else "",
        is_other=option.key == Option.OTHER,
    )
