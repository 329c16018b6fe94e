"""Entries of “you said, we did”: written, published, archived."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from charter.models import Improvement, ImprovementEvent, Standard
from organisation.models import User

What = ImprovementEvent.What


class ImprovementChangedMeanwhile(Exception):
    """Somebody saved the entry after the form was opened. Nothing was written."""


def _record(improvement: Improvement, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    ImprovementEvent.objects.create(improvement=improvement, what=what, by=by, at=at, note=note[:300])


@transaction.atomic
def save_improvement(
    *,
    improvement: Improvement | None,
    standard: Standard,
    language: str,
    words: dict[str, str],
    fields: dict[str, Any],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Improvement:
    """Write an entry in one language, or add one; it is public once it is published.

    `words` are `said` and `did`, `fields` those of Improvement. `expected_version` is the version that
    the form was opened on. Raises ImprovementChangedMeanwhile.
    """
    at = at or timezone.now()
    what = What.ADDED if improvement is None else What.SAVED
    improvement = Improvement() if improvement is None else _next_version(improvement, expected_version)
    improvement.standard = standard
    for name, value in fields.items():
        setattr(improvement, name, value)
    improvement.save()
    improvement.texts.update_or_create(language=language, defaults=words)
    _record(improvement, what, by=by, at=at, note=words["did"])
    return improvement


def _next_version(improvement: Improvement, expected_version: int | None) -> Improvement:
    rows = Improvement.objects.filter(pk=improvement.pk)
    guarded = rows if expected_version is None else rows.filter(version=expected_version)
    if not guarded.update(version=F("version") + 1):
        raise ImprovementChangedMeanwhile(improvement.reference)
    return rows.get()


@transaction.atomic
def publish_improvement(*, improvement: Improvement, by: User | None, at: datetime | None = None) -> None:
    """Show the entry to the public. Twice does no harm."""
    at = at or timezone.now()
    if Improvement.objects.drafts().filter(pk=improvement.pk).update(published_at=at):
        _record(improvement, What.PUBLISHED, by=by, at=at)


@transaction.atomic
def archive_improvement(*, improvement: Improvement, by: User | None, at: datetime | None = None) -> None:
    """Take the entry from the public and out of the list. Twice does no harm."""
    at = at or timezone.now()
    if Improvement.objects.filter(pk=improvement.pk, archived_at__isnull=True).update(archived_at=at):
        _record(improvement, What.ARCHIVED, by=by, at=at)


@transaction.atomic
def restore_improvement(*, improvement: Improvement, by: User | None, at: datetime | None = None) -> None:
    """Bring the entry back as it was, public again where it had been. Twice does no harm."""
    at = at or timezone.now()
    if Improvement.objects.archived().filter(pk=improvement.pk).update(archived_at=None):
        _record(improvement, What.RESTORED, by=by, at=at)
