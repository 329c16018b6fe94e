"""Demo data of the scoreboard room: tallies, a marked change, signals, the public files."""

from datetime import datetime

from charter.demo_counts import CHANGED_MONTHS_AGO
from charter.models import Measure, StaleBucket
from common.period import add_months
from organisation.models import Installation, Unit, User
from scoreboard.actions import mark_change, recompute_stale_results
from scoreboard.actions.opendata import publish_open_data
from scoreboard.actions.signals import dismiss_signal, scan_signals
from scoreboard.models import Signal

LICENCE = "Creative Commons Attribution 4.0 International"
REASON = "Expected: since August every visit ends with a written next step."


def seed(at: datetime) -> None:
    """Reckon everything that the other rooms have left stale; where the demo's people are, mark what
    changed at the door, and look at it all."""
    while StaleBucket.objects.exists() and recompute_stale_results():
        pass
    manager = User.objects.filter(email="manager@harbour.example").first()
    if manager is None:
        return
    _change(by=manager, at=at)
    _signals(by=manager, at=at)
    Installation.objects.update(licence=LICENCE)
    publish_open_data(at=at)


def _change(*, by: User, at: datetime) -> None:
    rate = Measure.objects.filter(key="complaints-rate").first()
    if rate is not None:
        mark_change(
            measure=rate,
            unit=Unit.objects.get(slug="harbour-city"),
            on=add_months(at.date(), -CHANGED_MONTHS_AGO),
            words="A colleague stands at the door, greets everybody and shows the way",
            by=by,
            at=at,
        )


def _signals(*, by: User, at: datetime) -> None:
    """What is noticed on the first night; the manager has put one aside."""
    scan_signals(at=at)
    own = Signal.objects.filter(unit__slug="harbour-branch", kind=Signal.Kind.POINT)
    if signal := own.first():
        dismiss_signal(signal, reason=REASON, by=by, at=at)
