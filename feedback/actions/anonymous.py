"""Making a round anonymous: nothing that led from its answers to a person, or to a moment, is left."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from feedback.actions.erase import forget_letters
from feedback.models import Invitation, InvitationRound, Person, Response, ResponseEvent
from organisation.audit import note_change
from organisation.models import User


@transaction.atomic
def make_anonymous(about: InvitationRound, *, by: User) -> bool:
    """Forget for good which answers are whose and when they came. There is no way back.

    The first statement waits for answers that are being taken in; those that come after it find the round
    anonymous. True for the first who says so.
    """
    won = InvitationRound.objects.filter(pk=about.pk, is_anonymous=False).update(is_anonymous=True)
    if won:
        answered = Invitation.objects.filter(round=about, response__isnull=False)
        keys = list(answered.values_list("response", flat=True))
        forget_person_and_time(keys)
        answered.update(response=None)
        note_change(about, "is_anonymous", False, True, by=by)
    return bool(won)


def forget_person_and_time(keys: list[int]) -> None:
    """Of responses: contact, consent and letters to the customer go, and every time becomes its day."""
    responses = Response.objects.filter(pk__in=keys).select_related("unit")
    forget_letters(responses.filter(replied_at__isnull=False).values_list("receipt_code", flat=True))
    Person.objects.filter(response__in=keys).delete()
    for response in responses:
        zone = ZoneInfo(response.unit.timezone)
        for event in ResponseEvent.objects.filter(response=response):
            ResponseEvent.objects.filter(pk=event.pk).update(at=_midnight(event.at, zone))
        replied_at = _midnight(response.replied_at, zone) if response.replied_at else None
        Response.objects.filter(pk=response.pk).update(
            received_at=datetime.combine(response.service_date, time(), zone),
            replied_at=replied_at,
            answered_at=None,
            sent_at=None,
            consent="",
            has_agreed=False,
        )


def _midnight(at: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(at.astimezone(zone).date(), time(), zone)
