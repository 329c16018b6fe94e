"""Begin a charter; write its words and its values."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from charter.actions.draft import arrange, called, hold, next_position, record, save_words, swap
from charter.models import Charter, CharterEvent, Value
from common.reference import new_reference
from organisation.models import Unit, User

What = CharterEvent.What


class CharterExists(Exception):
    """The unit has a charter already."""


@transaction.atomic
def create_charter(
    *, unit: Unit, title: str, by: User | None, at: datetime | None = None, language: str | None = None
) -> Charter:
    """Begin the unit's charter with its title. Raises CharterExists where there is one."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            charter = Charter.objects.create(unit=unit)
    except IntegrityError as error:
        raise CharterExists(unit) from error
    charter.texts.create(language=language or settings.LANGUAGE_CODE, title=title, version=1)
    record(charter, What.CREATED, by=by, at=at)
    return charter


@transaction.atomic
def save_charter_texts(
    *,
    charter: Charter,
    language: str,
    words: dict[str, str],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Write the charter's words in one language (fields of CharterText).

    Raises WordsChangedMeanwhile where the words have a newer version than the expected one.
    """
    at = at or timezone.now()
    hold(charter)
    save_words(charter, language=language, words=words, expected_version=expected_version)
    record(charter, What.TEXTS, by=by, at=at, note=language)


@transaction.atomic
def save_value(
    *,
    charter: Charter,
    value: Value | None,
    language: str,
    words: dict[str, str],
    by: User | None,
    key: str | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Value:
    """Write a value's words in one language (fields of ValueText); a new value goes to the end,
    under the `key` given or one of its own.

    Raises WordsChangedMeanwhile where the words have a newer version than the expected one.
    """
    at = at or timezone.now()
    hold(charter)
    if value is None:
        value = charter.values.create(
            key=key or new_reference(), position=next_position(charter.values.all())
        )
    save_words(value, language=language, words=words, expected_version=expected_version)
    record(charter, What.VALUE_SAVED, by=by, at=at, note=called(value))
    return value


@transaction.atomic
def archive_value(*, value: Value, by: User | None, at: datetime | None = None) -> None:
    """Take the value out of the draft; its standards stay. Twice does no harm."""
    at = at or timezone.now()
    hold(value.charter)
    if Value.objects.active().filter(pk=value.pk).update(archived_at=at):
        record(value.charter, What.VALUE_ARCHIVED, by=by, at=at, note=str(value))


@transaction.atomic
def restore_value(*, value: Value, by: User | None, at: datetime | None = None) -> None:
    """Put the value back. Twice does no harm."""
    at = at or timezone.now()
    hold(value.charter)
    if Value.objects.filter(pk=value.pk, archived_at__isnull=False).update(archived_at=None):
        record(value.charter, What.VALUE_RESTORED, by=by, at=at, note=str(value))


@transaction.atomic
def move_value(*, value: Value, up: bool, by: User | None, at: datetime | None = None) -> None:
    """Exchange an active value with the one before or after it."""
    hold(value.charter)
    swap(value.charter.values.active(), value, up=up)
    record(value.charter, What.REORDERED, by=by, at=at or timezone.now(), note=str(value))


@transaction.atomic
def put_in_order(
    *, charter: Charter, part: str, keys: list[str], by: User | None, at: datetime | None = None
) -> None:
    """Give the active rows of a part (“values”, “standards”, “policies”) the order of the keys.

    Keys of one page of a longer list change places among themselves only.
    """
    rows = {
        "values": charter.values.active,
        "standards": charter.standards.active,
        "policies": charter.policies.active,
    }[part]
    hold(charter)
    if arrange(rows(), keys):
        record(charter, What.REORDERED, by=by, at=at or timezone.now(), note=part)
