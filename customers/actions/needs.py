"""Needs: written, archived, restored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.actions.register import move_to_archive, next_version, record, take_from_archive
from customers.models import Need, NeedEvent, Segment
from organisation.models import User

What = NeedEvent.What


@transaction.atomic
def save_need(
    *,
    need: Need | None,
    fields: dict[str, Any],
    segments: Iterable[Segment],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Need:
    """Write a need, or add one; when customers are to be asked again follows from the last confirmation.

    Raises ChangedMeanwhile where it was saved after the form was opened on `expected_version`.
    """
    at = at or timezone.now()
    what = What.ADDED if need is None else What.SAVED
    need = Need(created_at=at) if need is None else next_version(need, expected_version)
    for name, value in fields.items():
        setattr(need, name, value)
    need.ask_again_on = need.due_after(need.last_confirmed_on)
    need.save()
    need.segments.set(segments)
    record(need, what, by=by, at=at, note=need.need)
    return need


@transaction.atomic
def archive_need(*, need: Need, by: User | None, at: datetime | None = None) -> None:
    """Take the need out of the register; its evidence stays with it. Twice does no harm."""
    at = at or timezone.now()
    if move_to_archive(need, at=at):
        record(need, What.ARCHIVED, by=by, at=at)


@transaction.atomic
def restore_need(*, need: Need, by: User | None, at: datetime | None = None) -> None:
    """Bring the need back. Twice does no harm."""
    if take_from_archive(need):
        record(need, What.RESTORED, by=by, at=at or timezone.now())
