"""One envelope: what a customer sent, read from a form or from JSON, checked question by question."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from common.text import clean_text, validate_text
from feedback.asked import NA, Asked, choices_of
from feedback.models import Question

MOST_CHARACTERS = 5000
MOST_ANSWERS = 200
PREFIX = "q-"
CONTACT_LENGTHS = {"name": 150, "email": 254, "phone": 40}


class EnvelopeInvalid(Exception):
    """What is wrong, by field: a question's key, or a name such as `uid` or `email`."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = errors


@dataclass(frozen=True)
class Given:
    """One answer: a value on the scale, “does not apply”, or text."""

    question: Question
    value: int | None = None
    is_na: bool = False
    text: str = ""

    def as_said(self) -> Any:
        return NA if self.is_na else self.text if self.value is None else self.value


@dataclass(frozen=True)
class Contact:
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Envelope:
    """Checked against the version it answers. `answered_at` and `sent_at` are the device's own times.

    `named_version` is the number that the device named, None where it left that to us.
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

    @property
    def body_hash(self) -> str:
        """SHA-256 of what the customer said: the same whenever and however often it is sent."""
        body = {
            "answers": {given.question.key: given.as_said() for given in self.answers},
            "contact": vars(self.contact) if self.contact else None,
            "service_date": self.service_date.isoformat() if self.service_date else None,
            "version": self.named_version,
        }
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def from_form(data: Mapping[str, Any], asked: Asked, **told: Any) -> Envelope:
    """The envelope in a form's fields: `q-<key>`, `name`, `email`, `phone`, `uid`, `version`, `language`.

    `told` is what a device that we know says beside the card: `answered_at`, `sent_at`.
    Raises EnvelopeInvalid.
    """
    answers = {key[len(PREFIX) :]: data[key] for key in data if key.startswith(PREFIX)}
    contact = {field: data.get(field, "") for field in CONTACT_LENGTHS}
    meta = {field: data.get(field) for field in ("uid", "version", "language")}
    return _Reader(asked).envelope(answers=answers, contact=contact, meta=meta | told)


def from_json(data: Mapping[str, Any], asked: Asked) -> Envelope:
    """The envelope in the API's words: `answers` by key, `contact`, and the rest by name.

    Raises EnvelopeInvalid.
    """
    contact = {field: (data.get("contact") or {}).get(field) or "" for field in CONTACT_LENGTHS}
    return _Reader(asked).envelope(answers=data.get("answers") or {}, contact=contact, meta=data)


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
        given = self._answers(answers)
        left = self._contact(contact)
        answered_at, sent_at = self._moment(meta, "answered_at"), self._moment(meta, "sent_at")
        service_date = self._service_date(meta)
        language = self._language(meta)
        if self.errors or uid is None:
            raise EnvelopeInvalid(self.errors)
        return Envelope(
            uid=uid,
            asked=self.asked,
            answers=given,
            language=language,
            contact=left,
            service_date=service_date,
            answered_at=answered_at,
            sent_at=sent_at,
            named_version=number_of(meta.get("version")),
        )

    def _answers(self, answers: Mapping[str, Any]) -> tuple[Given, ...]:
        for key in list(answers)[:MOST_ANSWERS]:
            if self.asked.question(key) is None:
                self.errors[_printable(key)] = _("This question is not on the card.")
        found = []
        for question in self.asked.questions:
            given = self._answer(question, answers.get(question.key))
            if given is not None:
                found.append(given)
            elif question.is_required and question.key not in self.errors:
                self.errors[question.key] = _("Please answer this question.")
        if not found and not self.errors:
            self.errors["answers"] = _("The card is still empty. Please answer at least one question.")
        return tuple(found)

    def _answer(self, question: Question, value: Any) -> Given | None:
        """The answer given, or None for blank; an error is noted under the question's key."""
        if value is None or value == "":
            return None
        if question.kind == Question.Kind.TEXT:
            text = self._text(question.key, value, MOST_CHARACTERS)
            return Given(question, text=text) if text else None
        if value == NA and question.allows_na:
            return Given(question, is_na=True)
        number = value if type(value) is int else number_of(value)
        if number is None or number not in choices_of(question):
            self.errors[question.key] = _("Please choose one of the answers offered.")
            return None
        return Given(question, value=number)

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
