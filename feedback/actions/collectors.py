"""Opening and closing collectors, and what colleagues enter for customers."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback.actions.inbox import AlreadyDone, delete_response
from feedback.actions.receive import EnvelopeAltered, receive_response
from feedback.envelope import Envelope
from feedback.models import Collector, Refusal, Response, ResponseEvent
from organisation.models import User


def archive_collector(collector: Collector, *, at: datetime | None = None) -> None:
    """Stop asking there for good; what was said stays. Pressed twice it has one effect."""
    _set_archived(collector, at or timezone.now())


def reopen_collector(collector: Collector) -> None:
    """Ask there again, under the same short address."""
    _set_archived(collector, None)


def _set_archived(collector: Collector, at: datetime | None) -> None:
    if (collector.archived_at is None) != (at is None):
        collector.archived_at = at
        collector.save(update_fields=["archived_at"])


@transaction.atomic
def save_collector(collector: Collector, *, thanks: dict[str, str]) -> None:
    """Store what was typed. What it asked until now is remembered, because cards of it may still come."""
    until_now = Collector.objects.filter(pk=collector.pk).values_list("questionnaire_id", flat=True).first()
    collector.save()
    if until_now is not None and until_now != collector.questionnaire_id:
        collector.asked_before.add(until_now)
    save_thanks(collector, texts=thanks)


@transaction.atomic
def save_thanks(collector: Collector, *, texts: dict[str, str]) -> None:
    """The collector's own words of thanks, by language; an empty text gives way to the questionnaire's."""
    for language, words in texts.items():
        if words:
            collector.texts.update_or_create(language=language, defaults={"thanks": words})
        else:
            collector.texts.filter(language=language).delete()


@dataclass(frozen=True)
class Entered:
    """`is_correction`: what the same sheet had said before counts no longer."""

    response: Response
    is_correction: bool = False


@transaction.atomic
def enter_card(
    *, collector: Collector, envelope: Envelope, day: date, by: User, at: datetime | None = None
) -> Entered:
    """Store what a customer wrote on paper, or said to a colleague, on a day that `by` vouches for.

    The same sheet sent twice is one response. Sent again with other answers, or for another day, by whoever
    has entered it, it takes the place of what it said before; a sheet that was taken back counts again.

    Raises EnvelopeAltered where somebody else has entered it otherwise, EnvelopeErased.
    """
    at = at or timezone.now()
    before = _stored_of(collector, envelope.uid)
    standing = [each for each in before if each.deleted_at is None]
    same = (each for each in standing if each.body_hash == envelope.body_hash and each.service_date == day)
    if found := next(same, None):
        return Entered(found)
    if not all(each.events.filter(what=ResponseEvent.What.ENTERED, by=by).exists() for each in before):
        raise EnvelopeAltered(before[0].receipt_code)
    for each in standing:
        take_back_card(each, by=by, at=at)
    sheet = str(envelope.uid) if before else ""
    if before:
        envelope = replace(envelope, uid=_corrected(envelope.uid, len(before)))
    received = receive_response(collector=collector, envelope=envelope, at=at, day=day)
    if not received.is_replay:
        entered = ResponseEvent(response=received.response, what=ResponseEvent.What.ENTERED, by=by, at=at)
        entered.note = sheet
        entered.save()
    return Entered(received.response, is_correction=bool(before))


def _stored_of(collector: Collector, sheet: uuid.UUID) -> list[Response]:
    """What was stored of a sheet, the first first. Whoever presses twice at once waits here, and then finds
    what the first has stored."""
    of_place = Response.objects.filter(collector=collector)
    if not of_place.filter(uid=sheet).update(uid=sheet):
        return []
    mended = of_place.filter(events__what=ResponseEvent.What.ENTERED, events__note=str(sheet))
    return [of_place.get(uid=sheet), *mended.order_by("pk")]


def _corrected(sheet: uuid.UUID, turn: int) -> uuid.UUID:
    """The id of what a sheet says after so many corrections: always the same, so that one which the
    customer had erased is never stored again."""
    return uuid.UUID(bytes=hashlib.sha256(f"{sheet} {turn}".encode()).digest()[:16], version=4)


def take_back_card(response: Response, *, by: User, at: datetime | None = None) -> bool:
    """Delete a card that `by` has entered; True where there was something to take back.

    Whoever entered it may take it back; a manager can undo that as any deletion.
    """
    if not response.events.filter(what=ResponseEvent.What.ENTERED, by=by).exists():
        return False
    try:
        delete_response(response, by=by, at=at)
    except AlreadyDone:
        return False
    return True


def record_refusal(
    *, collector: Collector, uid: uuid.UUID, day: date, by: User, at: datetime | None = None
) -> Refusal:
    """Count somebody who was asked and did not want to answer, once per uid."""
    made: dict[str, Any] = {"day": day, "by": by, "at": at or timezone.now()}
    refusal, _created = Refusal.objects.get_or_create(collector=collector, uid=uid, defaults=made)
    return refusal


def withdraw_refusal(refusal: Refusal, *, at: datetime | None = None) -> bool:
    """It was pressed by mistake; the row stays and does not count. True for the first who says so."""
    standing = Refusal.objects.filter(pk=refusal.pk, withdrawn_at__isnull=True)
    return bool(standing.update(withdrawn_at=at or timezone.now()))
