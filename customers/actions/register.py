"""What segments and needs have in common: the guard against concurrent edits, archive and events."""

from datetime import datetime
from typing import Any

from django.db.models import F

from organisation.models import User


class ChangedMeanwhile(Exception):
    """Somebody saved it after the form was opened. Nothing was written."""


def next_version(row: Any, expected_version: int | None) -> Any:
    """The row as it stands now, its version counted up. Raises ChangedMeanwhile.

    `expected_version` is the version that the form was opened on; None overwrites whatever stands.
    """
    rows = type(row).objects.filter(pk=row.pk)
    guarded = rows if expected_version is None else rows.filter(version=expected_version)
    if not guarded.update(version=F("version") + 1):
        raise ChangedMeanwhile(row.reference)
    return rows.get()


def record(row: Any, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    row.events.create(what=what, by=by, at=at, note=note[:300])


def move_to_archive(row: Any, *, at: datetime) -> bool:
    """Whether this call archived it: twice does no harm."""
    rows = type(row).objects.active().filter(pk=row.pk)
    return bool(rows.update(archived_at=at, version=F("version") + 1))


def take_from_archive(row: Any) -> bool:
    rows = type(row).objects.archived().filter(pk=row.pk)
    return bool(rows.update(archived_at=None, version=F("version") + 1))
