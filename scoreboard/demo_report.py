"""Demo data of the scoreboard room: the report of last month."""

from datetime import datetime

from common.period import Period
from organisation.models import Unit, User
from scoreboard.actions.reports import (
    ask_for_report,
    begin_report,
    choose_comments,
    eligible_comments,
    make_report,
)
from scoreboard.models import ReportPlan
from scoreboard.settled import local_date, settled_month


def seed(at: datetime) -> None:
    """Sown after the rooms whose actions and results it tells of."""
    manager = User.objects.filter(email="manager@harbour.example").first()
    if manager is not None:
        _report(Unit.objects.get(slug="harbour-branch"), by=manager, at=at)


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
