"""Looking for signals on demand, as background work."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation.jobs import Report, register_job
from organisation.models import Job
from scoreboard.actions.signals import scan_signals

SCAN_JOB = "scoreboard.scan"
EVERYWHERE = "all"


def _scan(job: Job, report: Report) -> None:
    report(0, 1)
    scan_signals()
    report(1, 1)


def _result_url(job: Job) -> str:
    return reverse("scoreboard:signals")


def register() -> None:
    register_job(SCAN_JOB, _scan, _("Looking for signals"), _result_url)
