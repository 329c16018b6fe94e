"""Rounds of invitations: set up, started, stopped; letters at a set rate; answered once; never too often."""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from common.imprint import imprint
from common.text import search_form
from feedback.actions.listening import ChangedMeanwhile
from feedback.actions.receive import Received, receive_response
from feedback.actions.suppression import is_suppressed, suppress
from feedback.addresses import address_hash
from feedback.letters import letter_of
from feedback.models import Invitation, InvitationLink, InvitationRound, LastAsked, Suppression
from organisation.actions.installation import secret_hash
from organisation.actions.mail import queue_mail
from organisation.actions.ticks import claim_period
from organisation.audit import note_change
from organisation.models import OutgoingMail, User

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER = timedelta(hours=1)
State = Invitation.State
OPEN = (State.WAITING, State.ASKED)


EDITED = ("name", "first_reminder_days", "second_reminder_days")


class RoundRefused(Exception):
    """The round cannot begin: it has no words, nobody on its list, or nothing to ask."""


class AlreadyAnswered(Exception):
    """The card of this invitation has been sent, from this letter or another one."""


def save_texts(about: InvitationRound, *, texts: dict[str, dict[str, str]]) -> None:
    """Subject and letter by language; a language without a letter is left out."""
    with transaction.atomic():
        for language, words in texts.items():
            if words["subject"] and words["message"]:
                about.texts.update_or_create(language=language, defaults=words)
            else:
                about.texts.filter(language=language).delete()


def round_stands(about: InvitationRound) -> dict[str, Any]:
    """What stands of a round and its letters, by the names of its form's fields."""
    stands: dict[str, Any] = {name: getattr(about, name) for name in EDITED}
    for row in about.texts.order_by("pk"):
        stands |= {f"subject_{row.language}": row.subject, f"message_{row.language}": row.message}
    return stands


@transaction.atomic
def change_round(
    about: InvitationRound, *, fields: dict[str, Any], texts: dict[str, dict[str, str]], seen: str
) -> None:
    """Write the round and its letters anew; `seen` is the imprint of what the form was opened on.

    Raises ChangedMeanwhile where something else stands by now. Whoever comes second waits at the first
    statement, and then reads what the first has written.
    """
    take_turn(about)
    about.refresh_from_db()
    if imprint(round_stands(about)) != seen:
        raise ChangedMeanwhile(about.reference)
    for name in EDITED:
        setattr(about, name, fields[name])
    about.save()
    save_texts(about, texts=texts)


def start_round(about: InvitationRound, *, by: User, at: datetime | None = None) -> None:
    """From now on letters are owed to everybody on the list. Begins a stopped one again.

    Raises RoundRefused.
    """
    at = at or timezone.now()
    if not about.texts.exists() or not about.invitations.listed().exists():
        raise RoundRefused(about.reference)
    if about.collector.questionnaire.current_version() is None:
        raise RoundRefused(about.reference)
    with transaction.atomic():
        InvitationRound.objects.filter(pk=about.pk, started_at__isnull=True).update(started_at=at)
        InvitationRound.objects.filter(pk=about.pk).update(stopped_at=None)
        about.invitations.filter(state=State.WAITING, due_at__isnull=True).exclude(email="").update(due_at=at)
        note_change(about, "started_at", None, at, by=by)


def stop_round(about: InvitationRound, *, by: User, at: datetime | None = None) -> bool:
    """No further letter goes out; links that are out go on working. True for the first who says so."""
    at = at or timezone.now()
    running = InvitationRound.objects.filter(pk=about.pk, started_at__isnull=False, stopped_at__isnull=True)
    won = running.update(stopped_at=at)
    if won:
        note_change(about, "stopped_at", None, at, by=by)
    return bool(won)


def take_turn(about: InvitationRound) -> InvitationRound:
    """The round as it stands, held until the end of the transaction: nobody starts it, changes it or makes
    it anonymous meanwhile."""
    InvitationRound.objects.filter(pk=about.pk).update(name=F("name"))
    return InvitationRound.objects.get(pk=about.pk)


@transaction.atomic
def invite(about: InvitationRound, *, people: Iterable[dict[str, str]], at: datetime | None = None) -> int:
    """Put people (checked: `email`, `name`, `language`) on the list of a round; whoever stands there already
    stays once. Returns how many are new."""
    at = at or timezone.now()
    due_at = at if take_turn(about).started_at else None
    rows = [new_invitation(about, person, due_at=due_at) for person in people]
    standing = set(
        about.invitations.filter(address_hash__in=[row.address_hash for row in rows]).values_list(
            "address_hash", flat=True
        )
    )
    fresh = {row.address_hash: row for row in rows if row.address_hash not in standing}
    Invitation.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    return len(fresh)


def new_invitation(
    about: InvitationRound, person: dict[str, str], *, due_at: datetime | None, batch: Any = None
) -> Invitation:
    """The row of one person, not stored yet."""
    return Invitation(
        round=about,
        batch=batch,
        email=person["email"],
        name=person.get("name", ""),
        language=person.get("language", ""),
        address_hash=address_hash(person["email"]),
        due_at=due_at,
        search=search_form(f"{person['email']} {person.get('name', '')}"),
    )


def send_due_letters(*, at: datetime | None = None) -> int:
    """Owe the letters that are due, so many a minute and no more; returns how many.

    One bad address never stops the rest: sending and its attempts are the outgoing mail's.
    """
    at = at or timezone.now()
    if not claim_period(job="invitations", period=f"{at:%Y-%m-%d %H:%M}", at=at):
        return 0
    due = Invitation.objects.due(at).select_related("round__collector__unit").order_by("due_at", "pk")
    return sum(_guarded(invitation, at) for invitation in due[: settings.INVITATIONS_A_MINUTE])


def _guarded(invitation: Invitation, at: datetime) -> bool:
    """One letter; where it cannot be written it is tried again later and holds no other up."""
    try:
        return _write_to(invitation, at)
    except Exception as error:
        logger.error("letter of invitation %d not written: %s", invitation.pk, type(error).__name__)
        mine = Invitation.objects.filter(pk=invitation.pk, letters=invitation.letters, state__in=OPEN)
        mine.update(due_at=at + TRY_AGAIN_AFTER)
        return False


@transaction.atomic
def _write_to(invitation: Invitation, at: datetime) -> bool:
    """One letter, or the reason why there is none. The guarded update keeps a second worker away."""
    about = invitation.round
    about.refresh_from_db(fields=["is_anonymous", "stopped_at"])
    if not about.is_running:
        return False
    mine = Invitation.objects.filter(pk=invitation.pk, letters=invitation.letters, state__in=OPEN)
    mine = mine.filter(due_at=invitation.due_at)
    day = about.collector.local_day(at)
    if not about.collector.is_open(day):
        mine.update(due_at=at + timedelta(days=1))
        return False
    if is_suppressed(invitation.address_hash):
        mine.update(state=State.SKIPPED, why=Invitation.Why.SUPPRESSED, due_at=None)
        return False
    if not invitation.letters and not _may_be_asked(invitation.address_hash, day):
        mine.update(state=State.SKIPPED, why=Invitation.Why.RESTING, due_at=None)
        return False
    letters = invitation.letters + 1
    pause = about.pause_after(letters)
    due_at = at + timedelta(days=pause) if pause else None
    asked_on = invitation.asked_on or day
    if not mine.update(state=State.ASKED, letters=letters, due_at=due_at, asked_on=asked_on):
        return False
    if invitation.mail_id:  # the letter before holds a link, and has done its work
        OutgoingMail.objects.filter(pk=invitation.mail_id, state=OutgoingMail.State.SENT).delete()
    secret = secrets.token_urlsafe(32)
    InvitationLink.objects.create(invitation=invitation, secret_hash=secret_hash(secret))
    mail = queue_mail(**letter_of(invitation, secret), at=at)
    Invitation.objects.filter(pk=invitation.pk).update(mail=mail)
    return True


def _may_be_asked(address: str, day: Any) -> bool:
    """Takes the turn: true at most once in INVITATION_REST_DAYS, over all rounds and workers."""
    long_ago = day - timedelta(days=settings.INVITATION_REST_DAYS)
    if LastAsked.objects.filter(address_hash=address, on__lte=long_ago).update(on=day):
        return True
    try:
        with transaction.atomic():
            LastAsked.objects.create(address_hash=address, on=day)
    except IntegrityError:
        return False
    return True


def invitation_behind(secret: str) -> Invitation | None:
    """The invitation whose letter holds this link, in whatever state it is."""
    link = InvitationLink.objects.filter(secret_hash=secret_hash(secret)).first()
    if link is None:
        return None
    return Invitation.objects.select_related("round__collector__unit").get(pk=link.invitation_id)


@transaction.atomic
def answer_invitation(*, invitation: Invitation, at: datetime | None = None, **card: Any) -> Received:
    """Take in the card of an invitation, once; no further letter follows.

    `card` is what `receive_response` takes. Raises AlreadyAnswered where another card has come before.
    """
    at = at or timezone.now()
    about = take_turn(invitation.round)
    received = receive_response(at=at, is_anonymous=about.is_anonymous, **card)
    if received.is_replay:
        return received
    kept = None if about.is_anonymous else received.response
    unanswered = Invitation.objects.filter(pk=invitation.pk).exclude(state=State.ANSWERED)
    if not unanswered.update(state=State.ANSWERED, due_at=None, response=kept):
        raise AlreadyAnswered(about.reference)
    return received


@transaction.atomic
def unsubscribe(invitation: Invitation, *, at: datetime | None = None) -> None:
    """No letter of this kind to this address any more. Pressed twice it has one effect."""
    at = at or timezone.now()
    suppress(
        email=invitation.email,
        address=invitation.address_hash,
        reason=Suppression.Reason.UNSUBSCRIBED,
        at=at,
    )
    Invitation.objects.filter(pk=invitation.pk, state__in=OPEN).update(state=State.STOPPED, due_at=None)
