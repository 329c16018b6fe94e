"""Addresses that we do not write to: put on the list by their owner, by a bounce or by a colleague."""

from datetime import datetime

from django.utils import timezone

from feedback.addresses import address_hash, hint_of
from feedback.models import Suppression
from organisation.models import User


def suppress(
    *, email: str, reason: str, address: str = "", by: User | None = None, at: datetime | None = None
) -> None:
    """Put an address on the list, or back on it. The first reason stays while it stands there."""
    at = at or timezone.now()
    fields = {"reason": reason, "since": at.date(), "by": by, "lifted_at": None}
    address = address or address_hash(email)
    if not Suppression.objects.standing().filter(address_hash=address).exists():
        Suppression.objects.update_or_create(
            address_hash=address, defaults=fields | ({"hint": hint_of(email)} if email else {})
        )


def is_suppressed(address: str) -> bool:
    return Suppression.objects.standing().filter(address_hash=address).exists()


def lift_suppression(suppression: Suppression, *, at: datetime | None = None) -> bool:
    """The address may be written to again. True for the first who says so."""
    standing = Suppression.objects.standing().filter(pk=suppression.pk)
    return bool(standing.update(lifted_at=at or timezone.now()))
