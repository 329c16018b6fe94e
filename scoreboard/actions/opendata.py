"""Makes the public files again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from organisation.actions.ticks import claim_period
from organisation.models import Installation
from scoreboard.models import OpenData
from scoreboard.opendata import content_of
from scoreboard.settled import local_date

KEPT = 3


@transaction.atomic
def publish_open_data(*, at: datetime | None = None) -> OpenData | None:
    """Write what may be published as of today; the files that stand where nothing has changed.

    None before the first set-up.
    """
    at = at or timezone.now()
    installation = Installation.current()
    if installation is None:
        return None
    content = content_of(local_date(installation.root, at))
    newest = OpenData.newest()
    if newest is None or newest.content != content:
        newest = OpenData.objects.create(content=content, made_at=at)
        kept = list(OpenData.objects.values_list("pk", flat=True)[:KEPT])
        OpenData.objects.exclude(pk__in=kept).delete()
    return newest


@transaction.atomic
def publish_open_data_daily(*, at: datetime | None = None) -> bool:
    """Once a day. False where somebody else has it in hand."""
    at = at or timezone.now()
    if not claim_period(job="open data", period=f"{at:%Y-%m-%d}", at=at):
        return False
    publish_open_data(at=at)
    return True
