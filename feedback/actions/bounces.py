"""Letters that came back: their addresses are not written to any more."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from feedback.actions.suppression import suppress
from feedback.addresses import address_hash
from feedback.models import Invitation, InvitationRound, Suppression
from organisation.models import OutgoingMail, User

logger = logging.getLogger(__name__)

MOST_A_TURN = 500
State = Invitation.State
OPEN = (State.WAITING, State.ASKED)


@transaction.atomic
def note_bounce(email: str, *, at: datetime | None = None) -> bool:
    """A letter to the address came back: it is not written to any more, and nobody counts it as asked.

    True where somebody of that address had been asked.
    """
    return _note(email, Invitation.objects.all(), at)


@transaction.atomic
def note_bounce_told_by(person: User, email: str, *, at: datetime | None = None) -> bool:
    """The same, told by a program with a key of the person: only of addresses on lists of the units that
    the person manages. An address that stands on none of them is passed over; administrators may tell of any.
    """
    theirs = Invitation.objects.filter(round__in=InvitationRound.objects.visible_to(person))
    if not person.is_administrator and not theirs.filter(address_hash=address_hash(email)).exists():
        return False
    return _note(email, theirs, at)


def _note(email: str, among: "QuerySet[Invitation]", at: datetime | None) -> bool:
    address = address_hash(email)
    suppress(email=email, address=address, reason=Suppression.Reason.BOUNCED, at=at or timezone.now())
    reached = among.filter(address_hash=address, state__in=OPEN)
    return bool(reached.update(state=State.BOUNCED, due_at=None))


def settle_letters(*, at: datetime | None = None) -> int:
    """Letters that could not be sent after all attempts are bounces; returns how many. One that cannot be
    noted holds no other up."""
    parked = Invitation.objects.filter(mail__state=OutgoingMail.State.PARKED, state__in=OPEN)
    found = list(parked.exclude(email="").values_list("pk", "email")[:MOST_A_TURN])
    noted = 0
    for pk, email in found:
        try:
            note_bounce(email, at=at)
            noted += 1
        except Exception as error:
            logger.error("bounce of invitation %d not noted: %s", pk, type(error).__name__)
    return noted
