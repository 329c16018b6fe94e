"""The long work of lists of people to invite."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.actions import invitation_lists as lists
from organisation.jobs import Report, register_job
from organisation.models import Import, Job


def _check(job: Job, report: Report) -> None:
    lists.check_list(Import.objects.get(reference=job.subject), report)


def _take(job: Job, report: Report) -> None:
    lists.take_list(Import.objects.get(reference=job.subject), report)


def _result(job: Job) -> str:
    return reverse("feedback:round_list", args=[job.subject])


def register() -> None:
    register_job(lists.CHECK_JOB, _check, _("Try a list of people to invite"), _result)
    register_job(lists.TAKE_JOB, _take, _("Take in a list of people to invite"), _result)
