"""One envelope: what a customer sent, read from a form or from JSON, checked question by question."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from common.text import clean_text, validate_text
from feedback.asked import NA, Asked, choices_of
from feedback.models import Option, Question
from feedback.showing import is_shown

MOST_CHARACTERS = Question.LENGTHS[Question.Kind.TEXT]
MOST_ANSWERS = 200
PREFIX = "q-"
OTHER = ".other"
CONSENT = {"yes": True, "no": False}
CONTACT_LENGTHS = {"name": 150, "email": 254, "phone": 40}


class EnvelopeInvalid(Exception):
    """What is wrong, by field: a question's key, or a name such as `uid` or `email`."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = errors


@dataclass(frozen=True)
class Given:
    """One answer: a value on the scale, “does not apply”, text, a date, or the options chosen (with
    text where “other” is among them)."""

    question: Question
    value: int | None = None
    is_na: bool = False
    text: str = ""
    day: date | None = None
    options: tuple[Option, ...] = ()

    def as_said(self) -> Any:
        if self.is_na:
            return NA
        if self.options:
            return [*(option.key for option in self.options), *([{"other": self.text}] if self.text else [])]
        if self.day:
            return self.day.isoformat()
        return self.text if self.value is None else self.value


def is_commented(answers: Iterable[Given]) -> bool:
    """Whether a question for words was answered: such cards are the comments, wherever they are counted."""
    return any(given.text and given.question.kind in Question.SPOKEN for given in answers)


@dataclass(frozen=True)
class Reading:
    """What was made of the answers: those to the questions shown, what is wrong with them, and the keys
    of the questions that these answers show."""

    given: dict[str, Given]
    errors: dict[str, str]
    shown: frozenset[str]


@dataclass(frozen=True)
class Contact:
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Envelope:
    """Checked against the version it answers. `answered_at` and `sent_at` are the device's own times.

    `named_version` is the number that the device named, None where it left that to us. `consent` are the
    words that the customer was asked to agree to, empty where there were none.
    """

    uid: uuid.UUID
    asked: Asked
    answers: tuple[Given, ...]
    language: str = ""
    contact: Contact | None = None
    service_date: date | None = None
    answered_at: datetime | None = None
    sent_at: datetime | None = None
    named_version: int | None = None
    consent: str = ""
    has_agreed: bool = False

    @property
    def body_hash(self) -> str:
        """SHA-256 of what the customer said: the same whenever and however often it is sent."""
        body: dict[str, Any] = {
            "answers": {given.question.key: given.as_said() for given in self.answers},
            "contact": vars(self.contact) if self.contact else None,
            "service_date": self.service_date.isoformat() if self.service_date else None,
            "version": self.named_version,
        }
        if self.consent:
            body["consent"] = [self.consent, self.has_agreed]
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def from_form(data: Mapping[str, Any], asked: Asked, **told: Any) -> Envelope:
    """The envelope in a form's fields: `q-<key>`, `name`, `email`, `phone`, `consent` (yes or no),
    `uid`, `version`, `language`.

    `told` is what a device that we know says beside the card: `answered_at`, `sent_at`.
    Raises EnvelopeInvalid.
    """
    contact = {field: data.get(field, "") for field in CONTACT_LENGTHS}
    meta = {field: data.get(field) for field in ("uid", "version", "language")}
    meta["consent"] = CONSENT.get(data.get("consent", ""))
    return _Reader(asked).envelope(answers=answers_in(data, asked), contact=contact, meta=meta | told)


def from_json(data: Mapping[str, Any], asked: Asked) -> Envelope:
    """The envelope in the API's words: `answers` by key, `contact`, and the rest by name.

    Raises EnvelopeInvalid.
    """
    contact = {field: (data.get("contact") or {}).get(field) or "" for field in CONTACT_LENGTHS}
    return _Reader(asked).envelope(answers=data.get("answers") or {}, contact=contact, meta=data)


def answers_in(data: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answers among the fields of a form, by key; a list where several options can be chosen."""
    answers = {key[len(PREFIX) :]: data[key] for key in data if key.startswith(PREFIX)}
    if isinstance(data, QueryDict):
        for key in answers:
            question = asked.question(key)
            if question is not None and question.kind == Question.Kind.CHOICES:
                answers[key] = data.getlist(PREFIX + key)
    return answers


def read_answers(asked: Asked, answers: Mapping[str, Any]) -> Reading:
    """The answers so far, read question by question: whether one is shown hangs on those before it.

    An answer to a hidden question is left out, and a hidden question asks for none.
    """
    return _Reader(asked).answers(answers)


def uid_of(value: Any) -> uuid.UUID | None:
    """A version 4 UUID, or None for anything else."""
    try:
        uid = value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        return None
    return uid if uid.version == 4 else None


def number_of(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


class _Reader:
    """Collects errors by field while it reads, so that the customer hears of all of them at once."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.errors: dict[str, str] = {}

    def envelope(
        self, *, answers: Mapping[str, Any], contact: Mapping[str, str], meta: Mapping[str, Any]
    ) -> Envelope:
        uid = uid_of(meta.get("uid"))
        if uid is None:
            self.errors["uid"] = _("The card lost its number. Please send it again.")
        reading = self.answers(answers)
        if not reading.given and not self.errors:
            self.errors["answers"] = _("The card is still empty. Please answer at least one question.")
        left = self._contact(contact)
        answered_at, sent_at = self._moment(meta, "answered_at"), self._moment(meta, "sent_at")
        service_date = self._service_date(meta)
        language = self._language(meta)
        consent = self._consent(meta, language)
        if self.errors or uid is None:
            raise EnvelopeInvalid(self.errors)
        return Envelope(
            uid=uid,
            asked=self.asked,
            answers=tuple(reading.given.values()),
            language=language,
            contact=left,
            service_date=service_date,
            answered_at=answered_at,
            sent_at=sent_at,
            named_version=number_of(meta.get("version")),
            consent=consent,
            has_agreed=bool(consent and meta["consent"]),
        )

    def answers(self, answers: Mapping[str, Any]) -> Reading:
        for key in list(answers)[:MOST_ANSWERS]:
            if self.asked.question(key.removesuffix(OTHER)) is None:
                self.errors[_printable(key)] = _("This question is not on the card.")
        found: dict[str, Given] = {}
        shown = set()
        for question in self.asked.questions:
            if not is_shown(question, found):
                continue
            shown.add(question.key)
            given = self._answer(question, answers) if question.is_asked else None
            if given is not None:
                found[question.key] = given
            elif question.is_required and question.is_asked and question.key not in self.errors:
                self.errors[question.key] = _("Please answer this question.")
        return Reading(given=found, errors=self.errors, shown=frozenset(shown))

    def _answer(self, question: Question, answers: Mapping[str, Any]) -> Given | None:
        """The answer given, or None for blank; an error is noted under the question's key."""
        value = answers.get(question.key)
        if value is None or value == "" or value == []:
            return None
        if question.kind in Question.LENGTHS:
            text = self._text(question.key, value, Question.LENGTHS[question.kind])
            return Given(question, text=text) if text else None
        if question.allows_na and value in (NA, [NA]):
            return Given(question, is_na=True)
        if question.kind == Question.Kind.DATE:
            return self._date(question, value)
        if question.kind in Question.CHOOSING:
            return self._chosen(question, value, answers.get(question.key + OTHER))
        number = value if type(value) is int else number_of(value)
        if number is None or number not in choices_of(question):
            self.errors[question.key] = _("Please choose one of the answers offered.")
            return None
        return Given(question, value=number)

    def _chosen(self, question: Question, value: Any, other: Any) -> Given | None:
        """One option, or any number of them; “other” with its words, which may be missing."""
        wanted = value if isinstance(value, list) and question.kind == Question.Kind.CHOICES else [value]
        offered = {option.key: option for option in question.options.all()}
        if any(not isinstance(key, str) or key not in offered for key in wanted):
            self.errors[question.key] = _("Please choose one of the answers offered.")
            return None
        options = tuple(option for key, option in offered.items() if key in wanted)
        text = ""
        if Option.OTHER in wanted and other:
            text = self._text(question.key, other, Question.LENGTHS[Question.Kind.SHORT])
        return Given(question, options=options, text=text)

    def _date(self, question: Question, value: Any) -> Given | None:
        try:
            day = value if isinstance(value, date) else parse_date(value) if isinstance(value, str) else None
        except ValueError:
            day = None
        if day is None:
            self.errors[question.key] = _("Please write a day of the calendar: year-month-day.")
            return None
        return Given(question, day=day)

    def _contact(self, contact: Mapping[str, str]) -> Contact | None:
        cleaned = {field: self._text(field, contact[field], CONTACT_LENGTHS[field]) for field in contact}
        if cleaned["email"] and "email" not in self.errors:
            try:
                validate_email(cleaned["email"])
            except ValidationError:
                self.errors["email"] = _("This is not a complete e-mail address (name@example.org).")
        return Contact(**cleaned) if any(cleaned.values()) else None

    def _text(self, field: str, value: Any, limit: int) -> str:
        if not isinstance(value, str):
            self.errors[field] = _("Please answer this question in words.")
            return ""
        try:
            return clean_text(value, max_length=limit)
        except ValidationError as refused:
            self.errors[field] = " ".join(refused.messages)
            return ""

    def _moment(self, meta: Mapping[str, Any], field: str) -> datetime | None:
        """A device's time in UTC. One without an offset or out of range is taken as unknown."""
        value = meta.get(field)
        if isinstance(value, str):
            try:
                value = parse_datetime(value)
            except ValueError:
                value = None
        if not isinstance(value, datetime) or value.tzinfo is None:
            return None
        try:
            return value.astimezone(UTC)
        except (OverflowError, ValueError):
            return None

    def _service_date(self, meta: Mapping[str, Any]) -> date | None:
        value = meta.get("service_date")
        if value in (None, ""):
            return None
        if isinstance(value, date):
            return value
        try:
            day = parse_date(str(value))
        except ValueError:
            day = None
        if day is None:
            self.errors["service_date"] = _("Write the day as year-month-day, for example 2026-11-18.")
        return day

    def _consent(self, meta: Mapping[str, Any], language: str) -> str:
        """The words that were to be agreed to, where they were shown: who never saw them said neither yes
        nor no."""
        if meta.get("consent") is None:
            return ""
        words = self.asked.version.text(language)
        return words.consent if words else ""

    def _language(self, meta: Mapping[str, Any]) -> str:
        """The language the card was answered in: one of the version's, else its first."""
        languages = self.asked.languages
        wanted = meta.get("language")
        return wanted if wanted in languages else (languages[0] if languages else "")


def _printable(key: str) -> str:
    try:
        validate_text(key)
    except ValidationError:
        return "answers"
    return key[:60]
