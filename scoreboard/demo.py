"""Demo data of the scoreboard room: the tallies of what customers have answered so far, and a change."""

from datetime import datetime

from charter.demo_counts import CHANGED_MONTHS_AGO
from charter.models import Measure, StaleBucket
from common.period import add_months
from organisation.models import Unit, User
from scoreboard.actions import mark_change, recompute_stale_results


def seed(at: datetime) -> None:
    """Reckon everything that the other rooms have left stale, and mark what changed at the door."""
    while StaleBucket.objects.exists() and recompute_stale_results():
        pass
    rate = Measure.objects.filter(key="complaints-rate").first()
    if rate is not None:
        mark_change(
            measure=rate,
            unit=Unit.objects.get(slug="harbour-city"),
            on=add_months(at.date(), -CHANGED_MONTHS_AGO),
            words="A colleague stands at the door, greets everybody and shows the way",
            by=User.objects.get(email="manager@harbour.example"),
            at=at,
        )
