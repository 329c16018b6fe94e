"""Forgetting: a card erased by its customer, and contacts whose time is over."""

import hashlib
import uuid
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from common.reference import new_reference
from feedback.actions.receive import uid_hash
from feedback.models import Answer, Person, Response, ResponseEvent, Tombstone
from organisation.models import OutgoingMail


def receipt_hash(reference: str) -> str:
    return hashlib.sha256(reference.upper().encode(errors="replace")).hexdigest()


def was_erased(reference: str) -> bool:
    """Whether a receipt code belonged to a card that was erased."""
    return Tombstone.objects.filter(receipt_hash=receipt_hash(reference)).exists()


@transaction.atomic
def erase_response(response: Response, *, at: datetime | None = None) -> None:
    """Remove person, text and envelope; keep the countable values, which nothing links to anybody.

    What stays has a new receipt code and no time finer than the day. A tombstone of hashes keeps a
    late replay out. Pressed twice it has one effect. No figure changes.
    """
    at = at or timezone.now()
    today = _start_of_day(response, at)
    reference, uid = response.reference, response.uid
    won = Response.objects.filter(pk=response.pk, erased_at__isnull=True).update(
        reference=new_reference(),
        uid=uuid.uuid4(),
        body_hash="",
        answered_at=None,
        sent_at=None,
        received_at=_start_of_day(response, response.received_at),
        has_comment=False,
        search="",
        erased_at=today,
    )
    if not won:
        return
    Tombstone.objects.create(
        uid_hash=uid_hash(response.collector, uid),
        receipt_hash=receipt_hash(reference),
        erased_on=today.date(),
    )
    _forget_words(response, reference)
    ResponseEvent.objects.create(response=response, what=ResponseEvent.What.ERASED, at=today)


def _start_of_day(response: Response, at: datetime) -> datetime:
    """Midnight of the unit's local day."""
    zone = ZoneInfo(response.unit.timezone)
    return datetime.combine(at.astimezone(zone).date(), time.min, zone)


def _forget_words(response: Response, reference: str) -> None:
    """Everything that was written on the card or about it, letters included."""
    person = Person.objects.filter(response=response).first()
    if person is not None:
        if person.email:
            OutgoingMail.objects.filter(to=person.email, body__contains=reference).delete()
        person.delete()
    Answer.objects.filter(response=response, value__isnull=True, is_na=False).delete()
    Answer.objects.filter(response=response).update(text="")
    response.events.update(note="")


def forget_expired_contacts(*, on: date) -> int:
    """Delete contacts whose time to be kept is over; returns how many. Run by the schedule."""
    deleted, _by_model = Person.objects.filter(keep_until__lt=on).delete()
    return deleted
