"""Writing down what was heard in a meeting."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback.models.listening import Finding, ListeningSession, SessionEvent, SessionFile, SessionGroup
from organisation.models import Attachment, User

What = SessionEvent.What


class ChangedMeanwhile(Exception):
    """Somebody has saved the session since the form was opened."""


@transaction.atomic
def save_session(
    session: ListeningSession | None,
    *,
    fields: dict[str, Any],
    groups: Iterable[tuple[str, int]],
    by: User | None,
    version: int = 1,
    at: datetime | None = None,
) -> ListeningSession:
    """Write a session (None: a new one) and who took part, as (segment, number).

    Raises ChangedMeanwhile where it is not of that `version` any more.
    """
    what = What.CHANGED
    if session is None:
        session, what = ListeningSession(), What.WRITTEN
    else:
        same = ListeningSession.objects.filter(pk=session.pk, version=version)
        if not same.update(version=F("version") + 1):
            raise ChangedMeanwhile(session.reference)
        session.refresh_from_db()
    for name, value in fields.items():
        setattr(session, name, value)
    session.save()
    session.groups.all().delete()
    SessionGroup.objects.bulk_create(
        SessionGroup(session=session, segment=segment, number=number, position=position)
        for position, (segment, number) in enumerate(groups)
    )
    _record(session, what, by, at)
    return session


@transaction.atomic
def archive_session(session: ListeningSession, *, by: User, at: datetime | None = None) -> None:
    """Put it away; the same again has no effect."""
    at = at or timezone.now()
    if ListeningSession.objects.filter(pk=session.pk, archived_at__isnull=True).update(archived_at=at):
        _record(session, What.ARCHIVED, by, at)


@transaction.atomic
def restore_session(session: ListeningSession, *, by: User, at: datetime | None = None) -> None:
    """Bring an archived session back."""
    if ListeningSession.objects.filter(pk=session.pk, archived_at__isnull=False).update(archived_at=None):
        _record(session, What.RESTORED, by, at)


@transaction.atomic
def save_finding(
    session: ListeningSession,
    finding: Finding | None,
    *,
    fields: dict[str, Any],
    by: User | None,
    at: datetime | None = None,
) -> Finding:
    """Write down what was found, or write it better."""
    what = What.FINDING_CHANGED if finding else What.FOUND
    finding = finding or Finding(session=session)
    for name, value in fields.items():
        setattr(finding, name, value)
    finding.save()
    _record(session, what, by, at, finding.need)
    return finding


@transaction.atomic
def move_finding(finding: Finding, *, away: bool, by: User, at: datetime | None = None) -> None:
    """Take a finding away, or bring it back; the same again has no effect."""
    at = at or timezone.now()
    before = Finding.objects.filter(pk=finding.pk, removed_at__isnull=away)
    if before.update(removed_at=at if away else None):
        what = What.FINDING_REMOVED if away else What.FINDING_RESTORED
        _record(finding.session, what, by, at, finding.need)


@transaction.atomic
def add_file(
    session: ListeningSession,
    content: "File[bytes]",
    *,
    name: str,
    content_type: str,
    by: User | None,
    at: datetime | None = None,
) -> SessionFile:
    """Keep a file with the session."""
    attachment = Attachment.store(content, name=name, content_type=content_type)
    kept = SessionFile.objects.create(session=session, file=attachment)
    _record(session, What.FILED, by, at, attachment.name)
    return kept


@transaction.atomic
def move_file(kept: SessionFile, *, away: bool, by: User, at: datetime | None = None) -> None:
    """Take a file away, or bring it back; the same again has no effect."""
    at = at or timezone.now()
    before = SessionFile.objects.filter(pk=kept.pk, removed_at__isnull=away)
    if before.update(removed_at=at if away else None):
        what = What.FILE_REMOVED if away else What.FILE_RESTORED
        _record(kept.session, what, by, at, kept.file.name)


def _record(
    session: ListeningSession, what: What, by: User | None, at: datetime | None, note: str = ""
) -> None:
    SessionEvent.objects.create(session=session, what=what, by=by, at=at or timezone.now(), note=note[:300])
