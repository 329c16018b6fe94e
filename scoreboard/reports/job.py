"""Making a report, as background work."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation.jobs import Report as Progress
from organisation.jobs import register_job
from organisation.models import Job
from scoreboard.actions.reports import REPORT_JOB, make_report
from scoreboard.models import Report


def _make(job: Job, report: Progress) -> None:
    report(0, 1)
    make_report(Report.objects.select_related("unit").get(reference=job.subject))
    report(1, 1)


def _result_url(job: Job) -> str:
    return reverse("scoreboard:report_detail", args=[job.subject])


def register() -> None:
    register_job(REPORT_JOB, _make, _("Making a report"), _result_url)
