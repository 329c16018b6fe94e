"""Demo data of the scoreboard room: the tallies of what customers have answered so far."""

from datetime import datetime

from charter.models import StaleBucket
from scoreboard.actions import recompute_stale_results


def seed(at: datetime) -> None:
    """Reckon everything that the other rooms have left stale."""
    while StaleBucket.objects.exists() and recompute_stale_results():
        pass
