"""Kiosks: devices with secret links, their contacts, and the cards that they send later."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common.imprint import imprint
from feedback.actions.listening import ChangedMeanwhile
from feedback.actions.receive import LATEST_ARRIVAL, Received, receive_response, was_open
from feedback.envelope import Envelope
from feedback.models import Collector, KioskDevice, KioskHour
from feedback.spam import Screen
from organisation.actions.installation import secret_hash
from organisation.audit import note_change
from organisation.models import User

MOST_HOURS_TOLD = 24 * 31
CLOCKS_AGREE_WITHIN = timedelta(minutes=5)


EDITED = ("name", "exit_code", "idle_seconds", "interval_seconds")


class NotAskedThen(Exception):
    """The kiosk neither asks now nor asked on the day that the card counts for."""


def add_device(
    *, collector: Collector, fields: dict[str, Any], by: User, at: datetime | None = None
) -> tuple[KioskDevice, str]:
    """A new device with the secret of its link, which is told this once."""
    secret = secrets.token_urlsafe(32)
    device = KioskDevice.objects.create(
        collector=collector,
        secret_hash=secret_hash(secret),
        created_by=by,
        created_at=at or timezone.now(),
        **fields,
    )
    return device, secret


def device_stands(device: KioskDevice) -> dict[str, Any]:
    """What stands of a device, by the names of its form's fields."""
    return {name: getattr(device, name) for name in EDITED}


@transaction.atomic
def change_device(device: KioskDevice, *, fields: dict[str, Any], seen: str) -> None:
    """Write it anew; `seen` is the imprint of what the form was opened on.

    Raises ChangedMeanwhile where something else stands by now. Whoever comes second waits at the first
    statement, and then reads what the first has written.
    """
    KioskDevice.objects.filter(pk=device.pk).update(name=F("name"))
    device.refresh_from_db()
    if imprint(device_stands(device)) != seen:
        raise ChangedMeanwhile(device.reference)
    for name in EDITED:
        setattr(device, name, fields[name])
    device.save()


def renew_link(device: KioskDevice, *, by: User) -> str:
    """Another secret; the link so far leads nowhere any more. Cards that wait on the device stay there and
    are sent as soon as it opens the new one."""
    secret = secrets.token_urlsafe(32)
    KioskDevice.objects.filter(pk=device.pk).update(secret_hash=secret_hash(secret), revoked_at=None)
    note_change(device, "secret_hash", "…", "…", by=by)
    return secret


def revoke_device(device: KioskDevice, *, by: User, at: datetime | None = None) -> bool:
    """Its link leads nowhere any more; a new link brings it back. True for the first who says so."""
    at = at or timezone.now()
    won = KioskDevice.objects.in_use().filter(pk=device.pk).update(revoked_at=at)
    if won:
        note_change(device, "revoked_at", None, at, by=by)
    return bool(won)


def device_behind(secret: str) -> KioskDevice | None:
    """The device in use whose link this is."""
    known = KioskDevice.objects.in_use().select_related("collector__unit", "collector__questionnaire")
    return known.filter(secret_hash=secret_hash(secret)).first()


def receive_kiosk_card(
    *, device: KioskDevice, envelope: Envelope, ahead: timedelta | None = None, at: datetime | None = None
) -> Received:
    """Store a card that a device has kept, for its own day: the device's clock is believed in differences
    only. A device is known, so no source is counted against it.

    `ahead` is by how much the device's clock was ahead of ours when the card was filled in, where it knew.

    Raises NotAskedThen, EnvelopeAltered, EnvelopeErased.
    """
    at = at or timezone.now()
    envelope = _by_our_clock(envelope, ahead, at)
    if not was_open(device.collector, envelope, at=at):
        raise NotAskedThen(device.reference)
    screen = Screen(device.reference, device.interval_seconds)
    return receive_response(collector=device.collector, envelope=envelope, screen=screen, at=at)


def _by_our_clock(envelope: Envelope, ahead: timedelta | None, at: datetime) -> Envelope:
    """The envelope with its stamps by our clock, where the difference was known when it was filled in: the
    device's clock may have been set right since. Nonsense is left to the difference of the stamps."""
    if ahead is None or envelope.answered_at is None:
        return envelope
    try:
        answered = envelope.answered_at - ahead
    except OverflowError:
        return envelope
    if -CLOCKS_AGREE_WITHIN <= at - answered <= LATEST_ARRIVAL:
        return replace(envelope, answered_at=min(answered, at), sent_at=at)
    return envelope


@transaction.atomic
def note_contact(
    *,
    device: KioskDevice,
    waiting: int,
    refused: int,
    sent_at: datetime,
    hours: Iterable[datetime],
    known_hours: Iterable[datetime] = (),
    at: datetime | None = None,
) -> None:
    """The device was heard of. `hours` are moments at which it ran, by its own clock as it stands now: one
    an hour will do. `known_hours` are such moments by our clock."""
    at = at or timezone.now()
    ahead = sent_at - at
    KioskDevice.objects.filter(pk=device.pk).update(
        last_contact_at=at, waiting=waiting, refused=refused, clock_ahead=int(ahead.total_seconds())
    )
    told = list(hours)[:MOST_HOURS_TOLD]
    lately = [each for each in told if timedelta(0) <= sent_at - each <= LATEST_ARRIVAL]
    ran = {_beginning(at), *(_beginning(each - ahead) for each in lately)}
    known = list(known_hours)[:MOST_HOURS_TOLD]
    ran |= {_beginning(each) for each in known if timedelta(0) <= at - each <= LATEST_ARRIVAL}
    KioskHour.objects.bulk_create(
        [KioskHour(device=device, hour=hour) for hour in sorted(ran)], ignore_conflicts=True
    )


def _beginning(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
