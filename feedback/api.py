"""The feedback room's part of the API: taking in one envelope."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import StrictInt, StrictStr

from feedback.actions.receive import EnvelopeAltered, EnvelopeErased, receive_response, was_open
from feedback.asked import asked_by_card
from feedback.card import place_at
from feedback.envelope import EnvelopeInvalid, from_json
from feedback.models import Collector
from feedback.source import source_hash

router = Router(tags=["feedback"])


class EnvelopeIn(Schema):
    """One card. `uid` is a version 4 UUID that the client makes once and sends again with every retry.

    `answers` by the question's key: a number on its scale, "na" for “does not apply”, text, a date
    (2026-11-18), the key of an option, or a list of keys; `<key>.other` says what “other” was. Answers
    to questions that the other answers hide are left out.
    `consent` says whether the customer agreed to the words of consent in this `language`; leave it out where
    you have not shown them.
    `version` is the number of the version that was filled in, and `questionnaire` its key: name both where
    cards wait before they are sent, for the place may ask something else by then. Without a version the
    newest one counts.
    `answered_at` and `sent_at` are the device's own times; between them only their difference counts.
    """

    uid: UUID
    answers: dict[str, StrictInt | StrictStr | list[StrictStr] | None]
    version: int | None = None
    questionnaire: str = ""
    language: str = ""
    contact: dict[Literal["name", "email", "phone"], StrictStr] | None = None
    consent: bool | None = None
    service_date: date | None = None
    answered_at: datetime | None = None
    sent_at: datetime | None = None


class ReceiptOut(Schema):
    receipt: str


class RefusedOut(Schema):
    """Why not, in words, by field: a question's key, or a name such as `uid` or `email`."""

    detail: str
    errors: dict[str, str] = {}


class AlteredOut(RefusedOut):
    receipt: str


@router.post(
    "/collectors/{slug}/responses",
    response={
        200: ReceiptOut,
        201: ReceiptOut,
        404: RefusedOut,
        409: AlteredOut,
        410: RefusedOut,
        422: RefusedOut,
        503: RefusedOut,
    },
    summary="Hand in a comment card",
    auth=None,
)
def hand_in(request: HttpRequest, slug: str, payload: EnvelopeIn) -> Status[dict[str, Any]]:
    """201: stored. 200: it had been stored before. 409: the same uid with another body. 410: it was
    stored and then erased by the customer. 503: not stored, send it again."""
    at = timezone.now()
    try:
        place = place_at(slug)
        if place is None or place.asked is None or place.collector.kind not in Collector.BY_PROGRAM:
            return Status(404, _refused(_("We are not asking here at the moment.")))
        asked = asked_by_card(
            place.collector, place.asked, questionnaire=payload.questionnaire, number=payload.version
        )
        if asked is None:
            words = _("This version was never asked here.")
            raise EnvelopeInvalid({"version": words})
        envelope = from_json(payload.dict(), asked)
        if not was_open(place.collector, envelope, at=at):
            return Status(404, _refused(_("We are not asking here at the moment.")))
        received = receive_response(
            collector=place.collector, envelope=envelope, source_hash=source_hash(request, at=at), at=at
        )
    except EnvelopeInvalid as refused:
        return Status(422, {"detail": _("Some answers cannot be taken in."), "errors": refused.errors})
    except EnvelopeAltered as altered:
        words = _("This uid was handed in before with another body.")
        return Status(409, {"detail": words, "receipt": str(altered)})
    except EnvelopeErased:
        return Status(410, _refused(_("This card was erased at the customer's wish.")))
    except (DatabaseError, InterfaceError):
        return Status(503, _refused(_("Not stored. Please send it again.")))
    return Status(200 if received.is_replay else 201, {"receipt": received.response.receipt_code})


def _refused(detail: str) -> dict[str, Any]:
    return {"detail": detail, "errors": {}}
