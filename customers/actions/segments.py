"""Segments: written, archived, restored."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.actions.register import move_to_archive, next_version, record, take_from_archive
from customers.models import Segment, SegmentChannel, SegmentEvent
from organisation.models import Unit, User

What = SegmentEvent.What


@transaction.atomic
def save_segment(
    *,
    segment: Segment | None,
    fields: dict[str, Any],
    units: Iterable[Unit],
    channels: Iterable[str],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Segment:
    """Write a segment, or add one. `fields` are those of Segment; `channels` values of Channel.

    Raises ChangedMeanwhile where it was saved after the form was opened on `expected_version`.
    """
    at = at or timezone.now()
    what = What.ADDED if segment is None else What.SAVED
    segment = Segment(created_at=at) if segment is None else next_version(segment, expected_version)
    for name, value in fields.items():
        setattr(segment, name, value)
    segment.save()
    segment.units.set(units)
    segment.channels.all().delete()
    SegmentChannel.objects.bulk_create(
        SegmentChannel(segment=segment, channel=channel) for channel in channels
    )
    record(segment, what, by=by, at=at, note=segment.name)
    return segment


@transaction.atomic
def archive_segment(*, segment: Segment, by: User | None, at: datetime | None = None) -> None:
    """Take the segment out of the list; its needs keep it. Twice does no harm."""
    at = at or timezone.now()
    if move_to_archive(segment, at=at):
        record(segment, What.ARCHIVED, by=by, at=at)


@transaction.atomic
def restore_segment(*, segment: Segment, by: User | None, at: datetime | None = None) -> None:
    """Bring the segment back. Twice does no harm."""
    if take_from_archive(segment):
        record(segment, What.RESTORED, by=by, at=at or timezone.now())
