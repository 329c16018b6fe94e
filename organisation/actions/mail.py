"""Letters by e-mail: written in the transaction that makes them necessary, sent by the job."""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from common.claim import claim
from common.nudge import nudge
from common.text import validate_text
from organisation.actions.jobs import error_text, pause_after
from organisation.models import OutgoingMail, User

logger = logging.getLogger(__name__)

SENDING_TAKES_AT_MOST = timedelta(minutes=5)
MOST_ATTEMPTS = 5


def queue_mail(
    *, to: str, subject: str, body: str, headers: dict[str, str] | None = None, at: datetime | None = None
) -> OutgoingMail:
    """Owe somebody a letter. The subject becomes one line of at most 200 characters.

    Raises ValidationError for text that one of the databases cannot store.
    """
    at = at or timezone.now()
    validate_text(subject + body)
    mail = OutgoingMail.objects.create(
        to=to,
        subject=" ".join(subject.split())[:200],
        body=body,
        headers=headers or {},
        created_at=at,
        due_at=at,
    )
    nudge("organisation.tasks.send_outgoing_mail")
    return mail


def send_due_mail(*, at: datetime | None = None, limit: int = 100) -> int:
    """Send the letters that are due, each once; returns how many were sent.

    A letter is claimed by moving its due time past the longest time that sending can take: should the
    process die in between, the letter is due again then. One bad address never stops the rest.
    """
    sent = 0
    for _turn in range(limit):
        now = at or timezone.now()
        claimed = claim(
            OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=now).order_by(
                "due_at", "pk"
            ),
            limit=1,
            attempts=F("attempts") + 1,
            due_at=now + SENDING_TAKES_AT_MOST,
        )
        if not claimed:
            break
        sent += _send(claimed[0], now)
    return sent


def _send(mail: OutgoingMail, at: datetime) -> bool:
    mine = OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.WAITING, attempts=mail.attempts)
    if mail.attempts > MOST_ATTEMPTS:
        mine.update(state=OutgoingMail.State.PARKED, error="Sending was broken off every time.")
        return False
    try:
        EmailMessage(subject=mail.subject, body=mail.body, to=[mail.to], headers=mail.headers).send()
    except Exception as error:
        logger.warning("mail %d not sent, attempt %d: %s", mail.pk, mail.attempts, type(error).__name__)
        parked = mail.attempts >= MOST_ATTEMPTS
        mine.update(
            state=OutgoingMail.State.PARKED if parked else OutgoingMail.State.WAITING,
            due_at=at + pause_after(mail.attempts),
            error=error_text(error),
        )
        return False
    mine.update(state=OutgoingMail.State.SENT, sent_at=at, error="")
    return True


def retry_parked_mail(*, by: User, at: datetime | None = None) -> int:
    """Give every letter that could not be sent five new attempts; returns how many there were."""
    at = at or timezone.now()
    parked = OutgoingMail.objects.filter(state=OutgoingMail.State.PARKED)
    count = parked.update(state=OutgoingMail.State.WAITING, attempts=0, due_at=at, error="")
    if count:
        logger.info("%d parked letters are tried again by user %s", count, by.reference)
        nudge("organisation.tasks.send_outgoing_mail")
    return count
