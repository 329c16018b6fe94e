"""Background work and outgoing letters."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from common.export import csv_response
from common.listing import page_of
from common.navigation import render_slot
from common.policy import policy, require
from organisation import jobs
from organisation.actions.jobs import AlreadyUnderWay, retry_job
from organisation.actions.mail import retry_parked_mail
from organisation.forms.work import JobSearch, MailSearch
from organisation.models import Job, OutgoingMail, User


@policy("organisation.see_jobs")
@require_safe
def job_list(request: HttpRequest) -> HttpResponseBase:
    """Administrators see all background work, everybody else what they asked for."""
    search = JobSearch(request.GET)
    mine = Job.objects.visible_to(request.user).select_related("created_by").order_by("-created_at", "-pk")
    found = search.filter(mine)
    if request.GET.get("export") == "csv":
        return _jobs_as_csv(found)
    page = page_of(request, found)
    for job in page:
        job.label = jobs.label_of(job)
    context = {
        "search": search,
        "page": page,
        "remarks": render_slot("organisation.work", request.user),
    }
    return render(request, "organisation/job_list.html", context)


def _jobs_as_csv(found: "models.QuerySet[Job]") -> HttpResponseBase:
    header = [_("Code"), _("Kind"), _("Works on"), _("State"), _("Done"), _("Of"), _("Attempts")]
    header += [_("Asked for by"), _("Asked for at"), _("Finished at"), _("Error")]
    rows = (
        (
            *(job.reference, str(jobs.label_of(job)), job.subject, job.get_state_display()),
            *(job.done, job.total, job.attempts, str(job.created_by or "")),
            *(job.created_at.isoformat(), job.finished_at.isoformat() if job.finished_at else "", job.error),
        )
        for job in found.iterator()
    )
    return csv_response("work", header, rows)


def _job_for(request: HttpRequest, reference: str) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user), reference=reference)


@policy("organisation.see_jobs")
@require_safe
def job_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One piece of work and how far it is. Asked by htmx, only the part that changes."""
    job = _job_for(request, reference)
    context = {
        "job": job,
        "label": jobs.label_of(job),
        "result_url": jobs.result_url_of(job),
        "may_retry": job.state == Job.State.PARKED and request.user.has_perm("organisation.administer"),
    }
    only_progress = "HX-Request" in request.headers
    part = "organisation/_job_progress.html" if only_progress else "organisation/job_detail.html"
    response = render(request, part, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@policy("organisation.see_jobs")
@require_POST
def job_retry(request: HttpRequest, reference: str) -> HttpResponseRedirect:
    job = _job_for(request, reference)
    require(request.user, "organisation.administer")
    try:
        retry_job(job, by=cast(User, request.user))
    except AlreadyUnderWay:
        messages.warning(request, _("The same work is under way already."))
    else:
        messages.success(request, _("The work is tried again."))
    return redirect("organisation:job_detail", reference=job.reference)


@policy("organisation.administer")
@require_safe
def mail_list(request: HttpRequest) -> HttpResponseBase:
    """Letters sent, waiting and stuck.

    Their text is shown only where e-mail goes nowhere (the embedded set-up): it carries secret links.
    """
    search = MailSearch(request.GET)
    found = search.filter(OutgoingMail.objects.all())
    if request.GET.get("export") == "csv":
        return _mail_as_csv(found)
    context = {
        "search": search,
        "page": page_of(request, found),
        "parked": OutgoingMail.objects.filter(state=OutgoingMail.State.PARKED).count(),
        "shows_text": not settings.PRODUCTION,
    }
    return render(request, "organisation/mail_list.html", context)


def _mail_as_csv(found: "models.QuerySet[OutgoingMail]") -> HttpResponseBase:
    header = [_("To"), _("Subject"), _("State"), _("Attempts"), _("Written at"), _("Sent at"), _("Error")]
    rows = (
        (
            *(mail.to, mail.subject, mail.get_state_display(), mail.attempts, mail.created_at.isoformat()),
            *(mail.sent_at.isoformat() if mail.sent_at else "", mail.error),
        )
        for mail in found.iterator()
    )
    return csv_response("letters", header, rows)


@policy("organisation.administer")
@require_POST
def mail_retry(request: HttpRequest) -> HttpResponseRedirect:
    count = retry_parked_mail(by=cast(User, request.user))
    if count:
        text = ngettext("%(count)d letter is tried again.", "%(count)d letters are tried again.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("No letter is stuck."))
    return redirect(reverse("organisation:mail_list"))
