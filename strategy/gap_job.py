"""Looking for gaps on demand, as background work."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation.jobs import Report, register_job
from organisation.models import Job
from strategy.actions.find_gaps import look_for_gaps, settle_gaps

LOOK_JOB = "strategy.gaps"
EVERYWHERE = "all"


def _look(job: Job, report: Report) -> None:
    report(0, 2)
    look_for_gaps()
    report(1, 2)
    settle_gaps()
    report(2, 2)


def _result_url(job: Job) -> str:
    return reverse("strategy:gaps")


def register() -> None:
    register_job(LOOK_JOB, _look, _("Looking for gaps"), _result_url)
