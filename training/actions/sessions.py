"""Dates of lessons in person: set, changed, called off, and whoever has a seat hears of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organisation.actions.mail import queue_mail
from organisation.models import User
from training.actions.turns import What, record
from training.models import InPersonSession, Seat

TOLD = ("starts_at", "ends_at", "place")


class SessionRefused(ValidationError):
    """The date cannot be set or changed like this; the message says why."""


@transaction.atomic
def plan_session(session: InPersonSession, *, by: User, at: datetime | None = None) -> InPersonSession:
    """Set a date that a form has checked. Raises SessionRefused for one that is past."""
    if session.starts_at <= (at or timezone.now()):
        raise SessionRefused({"starts_at": _("This moment is past: choose one that is still to come.")})
    session.save(force_insert=True)
    return session


@transaction.atomic
def change_session(session: InPersonSession, *, seen: str, by: User, at: datetime | None = None) -> int:
    """Keep what a form has checked. Where time or place move, whoever has a seat gets a letter.

    `seen` is `session.terms()` as they stood when the form was opened. Returns how many letters were
    written. Raises SessionRefused where somebody else has changed it since (code “changed”), where fewer
    seats are left than taken, and where the meeting has begun or was called off.
    """
    at = at or timezone.now()
    InPersonSession.objects.filter(pk=session.pk).update(taken=F("taken"))  # takes the row's lock
    before = InPersonSession.objects.get(pk=session.pk)
    if before.cancelled_at is not None:
        raise SessionRefused(_("This meeting was called off meanwhile."))
    if before.terms() != seen:
        raise SessionRefused(_("Somebody has changed this date since you opened it."), code="changed")
    if before.has_begun(at):
        raise SessionRefused(_("This meeting has begun: it cannot be changed any more."))
    if session.starts_at <= at:
        raise SessionRefused({"starts_at": _("This moment is past: choose one that is still to come.")})
    if session.seats < before.taken:
        text = _("%(taken)d seats are taken already.") % {"taken": before.taken}
        raise SessionRefused({"seats": text})
    session.taken = before.taken
    session.save()
    if all(getattr(session, name) == getattr(before, name) for name in TOLD):
        return 0
    return _write(session, "training/letters/session_moved.txt", _moved_subject, at, before=before)


@transaction.atomic
def cancel_session(session: InPersonSession, *, reason: str, by: User, at: datetime | None = None) -> bool:
    """Call the meeting off, and write to everybody who has a seat.

    The seats stay as a record of who would have come. False where it is done already. Raises
    ValidationError without a reason, SessionRefused where somebody has been noted as present.
    """
    at = at or timezone.now()
    if not reason.strip():
        raise ValidationError(_("Say why the meeting is called off."))
    standing = InPersonSession.objects.filter(pk=session.pk, cancelled_at__isnull=True)
    if not standing.update(cancelled_at=at, cancel_reason=reason[:300]):
        return False
    if session.bookings.filter(attended=True).exists():
        raise SessionRefused(_("Somebody was there, so this meeting took place."))
    session.refresh_from_db()
    for seat in _seats(session):
        held = seat.assignment
        record(held.course, What.CALLED_OFF, by=by, at=at, assignment=held, note=reason)
    _write(session, "training/letters/session_cancelled.txt", _cancelled_subject, at)
    return True


def _seats(session: InPersonSession) -> Iterable[Seat]:
    rows = session.bookings.select_related("assignment__person", "assignment__course", "session__unit")
    return rows.filter(assignment__person__is_active=True).order_by("pk")


def _moved_subject() -> str:
    return _("Your meeting has another time or place")


def _cancelled_subject() -> str:
    return _("Your meeting is called off")


def _write(session: InPersonSession, template: str, subject: Any, at: datetime, **more: Any) -> int:
    """A letter to each person with a seat, in the person's language and the unit's zone."""
    written = 0
    for seat in _seats(session):
        held = seat.assignment
        zone = ZoneInfo(session.unit.timezone)
        with translation.override(held.person.language or settings.LANGUAGE_CODE), timezone.override(zone):
            context = {
                "person": held.person,
                "session": session,
                "course": str(session.course),
                "address": settings.BASE_URL
                + reverse("training:lesson", args=[held.reference, session.lesson_key]),
                **more,
            }
            body = render_to_string(template, context)
            queue_mail(to=held.person.email, subject=subject(), body=body, at=at)
        written += 1
    return written
