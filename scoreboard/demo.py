"""Demo data of the scoreboard room: tallies, a marked change, signals, a report, the public files."""

from datetime import datetime

from charter.demo_counts import CHANGED_MONTHS_AGO
from charter.models import Measure, StaleBucket
from common.period import Period, add_months
from organisation.models import Installation, Unit, User
from scoreboard.actions import mark_change, recompute_stale_results
from scoreboard.actions.opendata import publish_open_data
from scoreboard.actions.reports import (
    ask_for_report,
    begin_report,
    choose_comments,
    eligible_comments,
    make_report,
)
from scoreboard.actions.signals import dismiss_signal, scan_signals
from scoreboard.models import ReportPlan, Signal
from scoreboard.settled import local_date, settled_month

LICENCE = "Creative Commons Attribution 4.0 International"
REASON = "Expected: since August every visit ends with a written next step."


def seed(at: datetime) -> None:
    """Reckon everything that the other rooms have left stale; where the demo's people are, mark what
    changed at the door, look at it all, and report on last month."""
    while StaleBucket.objects.exists() and recompute_stale_results():
        pass
    manager = User.objects.filter(email="manager@harbour.example").first()
    if manager is None:
        return
    _change(by=manager, at=at)
    _signals(by=manager, at=at)
    _report(Unit.objects.get(slug="harbour-branch"), by=manager, at=at)
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


def _report(unit: Unit, *, by: User, at: datetime) -> None:
    """The last month's report of the Harbour branch with three comments, and one a month from now on."""
    period = Period.months(settled_month(local_date(unit, at)), 1)
    report = begin_report(unit=unit, period=period, by=by, at=at)
    chosen = list(eligible_comments(report).order_by("rating", "pk").values_list("reference", flat=True))
    three = [*chosen[:1], *chosen[-2:]]
    choose_comments(report, shown=three, chosen=three, by=by, at=at)
    ask_for_report(report, by=by, at=at)
    report.refresh_from_db()
    make_report(report, at=at)
    plan = ReportPlan.objects.create(unit=unit, monthly=True, annual=True)
    plan.readers.add(by)
