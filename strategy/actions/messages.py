"""Announcements: written, sent once to everybody concerned, read; and each team's part."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organisation.actions.jobs import enqueue_job
from organisation.actions.mail import queue_mail
from organisation.jobs import Report
from organisation.models import Job, Membership, Tree, Unit, User
from scoreboard.settled import local_date
from strategy.actions.moved_on import MovedOn
from strategy.models import Announcement, AnnouncementEvent, Reader, TeamPart

logger = logging.getLogger(__name__)

ANNOUNCE_JOB = "strategy.announce"
REPORT_EVERY = 20

What = AnnouncementEvent.What


class MessageMovedOn(MovedOn):
    """Somebody else has changed or sent it meanwhile. Nothing was written."""


class MessageRefused(ValidationError):
    """It cannot be sent. The message says why."""


class LettersOwed(Exception):
    """Some letters could not be written; the others were. The job tries those again."""


def _note(found: Announcement, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    AnnouncementEvent.objects.create(announcement=found, what=what, note=note[:300], by=by, at=at)


def people_of(unit: Unit, levels: list[str], at: datetime) -> Any:
    """Who may sign in and works in the unit or below, at one of the levels (none: at any)."""
    places = Membership.objects.filter(unit__in=Tree.on(local_date(unit, at)).subtree(unit.pk))
    if levels:
        places = places.filter(level__in=levels)
    return User.objects.get_queryset().filter(is_active=True, pk__in=places.values("user"))


@transaction.atomic
def write_announcement(*, fields: dict[str, Any], by: User, at: datetime | None = None) -> Announcement:
    """A draft; `fields`: unit, levels, title, text."""
    at = at or timezone.now()
    found = Announcement(owner=by, created_at=at, **fields)
    found.save()
    _note(found, What.WRITTEN, by=by, at=at)
    return found


@transaction.atomic
def change_announcement(
    found: Announcement,
    *,
    fields: dict[str, Any],
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Other words, until it is sent. Raises MessageMovedOn."""
    rows = Announcement.objects.filter(pk=found.pk, sent_at__isnull=True, withdrawn_at__isnull=True)
    guarded = rows if expected_version is None else rows.filter(version=expected_version)
    if not guarded.update(version=F("version") + 1):
        raise MessageMovedOn(found.reference)
    found.refresh_from_db()
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    _note(found, What.CHANGED, by=by, at=at or timezone.now())


@transaction.atomic
def send_announcement(
    found: Announcement, *, by: User, seen: int | None = None, at: datetime | None = None
) -> int:
    """Send it, once, to everybody concerned; a job writes the letters. Returns how many people.

    `seen` is the version that was looked at. Raises MessageMovedOn; MessageRefused where nobody is
    concerned.
    """
    at = at or timezone.now()
    rows = Announcement.objects.filter(pk=found.pk, sent_at__isnull=True, withdrawn_at__isnull=True)
    guarded = rows if seen is None else rows.filter(version=seen)
    if not guarded.update(sent_at=at, version=F("version") + 1):
        raise MessageMovedOn(found.reference)
    people = list(people_of(found.unit, found.levels, at))
    if not people:
        raise MessageRefused(_("Nobody of these levels works there."))
    Reader.objects.bulk_create(Reader(announcement=found, person=person) for person in people)
    enqueue_job(kind=ANNOUNCE_JOB, subject=found.reference, by=by, at=at)
    _note(found, What.SENT, by=by, at=at, note=str(len(people)))
    found.refresh_from_db()
    return len(people)


def write_letters(job: Job, report: Report) -> None:
    """The job after the sending: one letter a person, once, however often it is begun again.

    A letter that cannot be written stops no other one. Raises LettersOwed where there was one.
    """
    found = Announcement.objects.select_related("owner").get(reference=job.subject)
    owed = list(found.readers.filter(mailed=False).select_related("person"))
    failed = 0
    for done, reader in enumerate(owed, start=1):
        try:
            _write(found, reader)
        except Exception:
            failed += 1
            logger.exception("announcement %s could not be written to %s", found.reference, reader.person_id)
        if done % REPORT_EVERY == 0 or done == len(owed):
            report(done, len(owed))
    if failed:
        raise LettersOwed(f"{failed} of {len(owed)} letters")


@transaction.atomic
def _write(found: Announcement, reader: Reader) -> None:
    """Not while it is withdrawn, however long the job has been running."""
    owed = Reader.objects.filter(pk=reader.pk, mailed=False, announcement__withdrawn_at__isnull=True)
    if not owed.update(mailed=True):
        return
    person = reader.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        address = settings.BASE_URL + reverse("strategy:announcement", args=[found.reference])
        body = render_to_string(
            "strategy/letters/announcement.txt", {"found": found, "person": person, "address": address}
        )
        queue_mail(to=person.email, subject=found.title, body=body)


@transaction.atomic
def confirm_reading(found: Announcement, *, person: User, at: datetime | None = None) -> bool:
    """The person has read it; False where that was said already, or it is not for the person."""
    rows = Reader.objects.filter(announcement=found, person=person, read_at__isnull=True)
    return bool(rows.update(read_at=at or timezone.now()))


@transaction.atomic
def withdraw_announcement(found: Announcement, *, by: User, at: datetime | None = None) -> bool:
    """Nobody sees it any more, but for those who manage the unit; it can be put back."""
    at = at or timezone.now()
    won = Announcement.objects.filter(pk=found.pk, withdrawn_at__isnull=True).update(withdrawn_at=at)
    if won:
        _note(found, What.WITHDRAWN, by=by, at=at)
    return bool(won)


@transaction.atomic
def restore_announcement(found: Announcement, *, by: User, at: datetime | None = None) -> bool:
    """Put it back; letters that the withdrawal held up are written now."""
    at = at or timezone.now()
    won = Announcement.objects.filter(pk=found.pk, withdrawn_at__isnull=False).update(withdrawn_at=None)
    if won:
        _note(found, What.RESTORED, by=by, at=at)
        if found.readers.filter(mailed=False).exists():
            enqueue_job(kind=ANNOUNCE_JOB, subject=found.reference, by=by, at=at)
    return bool(won)


def part_of(unit: Unit) -> TeamPart | None:
    """What the team says now."""
    return TeamPart.objects.filter(unit=unit).order_by("-number").first()


@transaction.atomic
def save_part(
    unit: Unit, *, why: str, part: str, by: User | None, seen: int = 0, at: datetime | None = None
) -> TeamPart:
    """Keep a team's words beside its earlier ones; `seen` is the number that the form was opened on.

    Raises MessageMovedOn where somebody else has written meanwhile.
    """
    try:
        with transaction.atomic():
            standing = part_of(unit)
            if (standing.number if standing else 0) != seen:
                raise MessageMovedOn(unit.slug)
            return TeamPart.objects.create(
                unit=unit, why=why, part=part, number=seen + 1, by=by, at=at or timezone.now()
            )
    except IntegrityError as error:
        raise MessageMovedOn(unit.slug) from error
