"""Opening and closing the places where we ask."""

from datetime import datetime

from django.utils import timezone

from feedback.models import Collector


def archive_collector(collector: Collector, *, at: datetime | None = None) -> None:
    """Stop asking there for good; what was said stays. Pressed twice it has one effect."""
    _set_archived(collector, at or timezone.now())


def reopen_collector(collector: Collector) -> None:
    """Ask there again, under the same short address."""
    _set_archived(collector, None)


def _set_archived(collector: Collector, at: datetime | None) -> None:
    if (collector.archived_at is None) != (at is None):
        collector.archived_at = at
        collector.save(update_fields=["archived_at"])
