"""Opening and closing collectors, and what colleagues enter for customers."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from feedback.actions.inbox import AlreadyDone, delete_response
from feedback.actions.receive import Received, receive_response
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
def save_thanks(collector: Collector, *, texts: dict[str, str]) -> None:
    """The collector's own words of thanks, by language; an empty text gives way to the questionnaire's."""
    for language, words in texts.items():
        if words:
            collector.texts.update_or_create(language=language, defaults={"thanks": words})
        else:
            collector.texts.filter(language=language).delete()


@transaction.atomic
def enter_card(
    *, collector: Collector, envelope: Envelope, day: date, by: User, at: datetime | None = None
) -> Received:
    """Store what a customer wrote on paper, or said to a colleague, on a day that `by` vouches for.

    The same sheet sent twice is one response. Raises EnvelopeAltered, EnvelopeErased.
    """
    at = at or timezone.now()
    received = receive_response(collector=collector, envelope=envelope, at=at, day=day)
    if not received.is_replay:
        ResponseEvent.objects.create(
            response=received.response, what=ResponseEvent.What.ENTERED, by=by, at=at
        )
    return received


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
