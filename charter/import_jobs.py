"""The long work of this room: checking and taking in files of results and of cases."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.actions import imports as actions
from organisation.jobs import Report, register_job
from organisation.models import Import, Job


def _check(job: Job, report: Report) -> None:
    actions.check_import(Import.objects.get(reference=job.subject), report)


def _take(job: Job, report: Report) -> None:
    actions.take_import(Import.objects.get(reference=job.subject), report)


def _result_url(job: Job) -> str:
    return reverse("charter:import_detail", args=[job.subject])


def register() -> None:
    register_job(actions.CHECK_JOB, _check, _("Checking an imported file"), _result_url)
    register_job(actions.TAKE_JOB, _take, _("Taking in an imported file"), _result_url)
