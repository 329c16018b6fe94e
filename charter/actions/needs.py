"""Which standards answer a need of customers."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from charter.models import Standard
from customers.actions.register import record
from customers.models import Need, NeedEvent
from organisation.models import User

What = NeedEvent.What


@transaction.atomic
def tie_need(*, need: Need, standard: Standard, by: User | None, at: datetime | None = None) -> None:
    """From now on the standard answers the need. It is no part of an edition. Twice does no harm."""
    if not need.standards.filter(pk=standard.pk).exists():
        need.standards.add(standard)
        record(need, What.TIED, by=by, at=at or timezone.now(), note=str(standard))


@transaction.atomic
def untie_need(*, need: Need, standard: Standard, by: User | None, at: datetime | None = None) -> None:
    """The standard no longer answers the need. Twice does no harm."""
    if need.standards.filter(pk=standard.pk).exists():
        need.standards.remove(standard)
        record(need, What.UNTIED, by=by, at=at or timezone.now(), note=str(standard))
