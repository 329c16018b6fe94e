"""Forgetting: a card erased by its customer, and contacts whose time is over."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from common.reference import new_reference
from feedback.actions.files import forget_files
from feedback.actions.receive import uid_hash
from feedback.models import Answer, Invitation, Person, Response, ResponseEvent, Tombstone
from organisation.imports import chunks
from organisation.models import Import, OutgoingMail

Waiting = OutgoingMail.State.WAITING
LETTERS_AT_ONCE = 200
"""Looked for in one statement: SQLite takes no more than a thousand conditions."""


def receipt_hash(code: str) -> str:
    return hashlib.sha256(code.upper().encode(errors="replace")).hexdigest()


def was_erased(code: str) -> bool:
    """Whether a receipt code belonged to a card that was erased."""
    return Tombstone.objects.filter(receipt_hash=receipt_hash(code)).exists()


@transaction.atomic
def erase_response(
    response: Response,
    *,
    at: datetime | None = None,
    what: ResponseEvent.What = ResponseEvent.What.ERASED,
) -> None:
    """Remove person, text and envelope; keep the countable values, which nothing links to anybody.

    What stays has a new receipt code and no time finer than the day. A tombstone of hashes keeps a
    late replay out. Pressed twice it has one effect. No figure changes. The same card sent twice goes
    with it.
    """
    at = at or timezone.now()
    today = _start_of_day(response, at)
    code, uid, reference = response.receipt_code, response.uid, response.reference
    won = Response.objects.filter(pk=response.pk, erased_at__isnull=True).update(
        reference=new_reference(),
        receipt_code=new_reference(),
        uid=uuid.uuid4(),
        body_hash="",
        answered_at=None,
        sent_at=None,
        received_at=_start_of_day(response, response.received_at),
        has_comment=False,
        search="",
        consent="",
        has_agreed=False,
        erased_at=today,
    )
    if not won:
        return
    Tombstone.objects.create(
        uid_hash=uid_hash(response.collector, uid),
        receipt_hash=receipt_hash(code),
        erased_on=today.date(),
    )
    _forget_words(response, code, reference)
    ResponseEvent.objects.create(response=response, what=what, at=today)
    for twin in _twins_of(response):
        erase_response(twin, at=at, what=what)


def _twins_of(response: Response) -> "QuerySet[Response]":
    """The same card, sent once more: its words stand there again."""
    first = response.duplicate_of_id or response.pk
    same = Response.objects.filter(Q(pk=first) | Q(duplicate_of=first), erased_at__isnull=True)
    return same.exclude(pk=response.pk).select_related("unit", "collector")


def _start_of_day(response: Response, at: datetime) -> datetime:
    """Midnight of the unit's local day."""
    zone = ZoneInfo(response.unit.timezone)
    return datetime.combine(at.astimezone(zone).date(), time.min, zone)


def _forget_words(response: Response, code: str, reference: str) -> None:
    """Everything that was written on the card or about it, letters and the file it came in included."""
    forget_letters([code])
    _letters_holding("feedback:response_detail", [reference]).exclude(state=Waiting).delete()
    if response.batch_id:
        forget_files(Import.objects.filter(pk=response.batch_id))
    Person.objects.filter(response=response).delete()
    Answer.objects.filter(response=response, value__isnull=True, is_na=False, chosen__isnull=True).delete()
    Answer.objects.filter(response=response).update(text="")
    response.events.update(note="")
    response.themes.all().delete()
    response.themes_by_hand.all().delete()
    response.passed_on.all().delete()
    Invitation.objects.filter(response=response).update(response=None)


def forget_letters(codes: Iterable[str]) -> None:
    """The letters to the customers with these receipt codes: each holds the address of its receipt."""
    for some in chunks(codes, LETTERS_AT_ONCE):
        _letters_holding("feedback:receipt", some).delete()


def _letters_holding(address: str, keys: Iterable[str]) -> "QuerySet[OutgoingMail]":
    holding = Q()
    for key in keys:
        holding |= Q(body__contains=reverse(address, args=[key]))
    return OutgoingMail.objects.filter(holding) if holding else OutgoingMail.objects.none()


@transaction.atomic
def forget_expired_contacts(*, on: date) -> int:
    """Delete contacts whose time to be kept is over, and the letters sent to them; returns how many.

    Run by the schedule.
    """
    expired = Person.objects.filter(keep_until__lt=on)
    forget_letters(
        expired.exclude(email="")
        .filter(response__replied_at__isnull=False)
        .values_list("response__receipt_code", flat=True)
    )
    deleted, _by_model = expired.delete()
    return deleted
