"""What the scoreboard room adds to the pages of the product."""

from datetime import datetime

from auditlog.registry import auditlog
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from charter.models import StaleBucket
from common.citations import register_citations
from common.health import register_work_owed
from common.navigation import register_entry, register_slot
from customers.room import Page, register_page
from organisation.jobs import register_job
from scoreboard import signal_job
from scoreboard.actions.compare import COMPARE_JOB
from scoreboard.baselines import baselines, last_figures
from scoreboard.models import DatedChange
from scoreboard.reports import job as report_job
from scoreboard.slots import (
    compare,
    comparison_for_administrators,
    measures_without_source,
    signals_due,
)


def oldest_stale_result(at: datetime) -> float | None:
    """Seconds since the oldest answer was taken in whose figure has not been reckoned yet."""
    since = StaleBucket.objects.aggregate(oldest=Min("since"))["oldest"]
    return None if since is None else round(max((at - since).total_seconds(), 0), 1)


register_entry(50, _("Scoreboard"), "scoreboard:board", "scoreboard.read")
register_work_owed("results", oldest_stale_result)
register_job(COMPARE_JOB, compare, _("Comparing the figures with their answers"))
register_slot("organisation.work", 50, "scoreboard/_comparison.html", comparison_for_administrators)
register_slot("charter.publish", 50, "scoreboard/_without_source.html", measures_without_source)
register_slot("charter.baseline", 50, "scoreboard/_baselines.html", baselines)
register_citations(last_figures)
auditlog.register(DatedChange)
register_page(Page(40, "quadrant", _("Importance"), "scoreboard:board", "scoreboard.read", query="?on=needs"))
register_page(Page(50, "dashboard", _("Served"), "scoreboard:board", "scoreboard.read", query="?on=activity"))
register_slot("my.due", 50, "scoreboard/_due.html", signals_due)
signal_job.register()
report_job.register()
