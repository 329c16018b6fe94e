"""Reports: the list, one report as a page, as PDF and as XLSX."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.export import XLSX_TYPE, table_response
from common.listing import page_of
from common.policy import policy, require
from organisation.access import person_of
from organisation.forms import posted
from organisation.models import Job
from scoreboard.actions import reports as actions
from scoreboard.models import Report
from scoreboard.reports import printing, reading, sheets, snapshot
from scoreboard.reports.forms import ReportForm, ReportSearch
from scoreboard.settled import local_date


@policy("scoreboard.read")
@require_safe
def report_list(request: HttpRequest) -> HttpResponseBase:
    search = ReportSearch(request.GET)
    visible = Report.objects.visible_to(request.user).select_related("unit", "created_by")
    found = search.filter(visible, timezone.now().date())
    if request.GET.get("export"):
        return table_response(request.GET["export"], "reports", *_table(found))
    context = {
        "search": search,
        "page": page_of(request, found),
        "may_report": request.user.has_perm("scoreboard.report"),
    }
    return render(request, "scoreboard/reports.html", context)


def _table(found: Any) -> tuple[list[Any], Any]:
    header = [_("Code"), _("Kind"), _("Unit"), _("First day"), _("Last day"), _("State"), _("Made")]
    rows = (
        [
            report.reference,
            report.get_kind_display(),
            report.unit.name,
            report.start,
            report.period.last_day,
            report.get_state_display(),
            report.finished_at.date() if report.finished_at else "",
        ]
        for report in found
    )
    return header, rows


def report_for(request: HttpRequest, reference: str) -> Report:
    visible = Report.objects.visible_to(request.user).select_related("unit", "snapshot")
    return get_object_or_404(visible, reference=reference)


def managed_report(request: HttpRequest, reference: str) -> Report:
    report = report_for(request, reference)
    require(request.user, "scoreboard.report", report)
    return report


@policy("scoreboard.report")
@require_http_methods(["GET", "POST"])
def report_add(request: HttpRequest) -> HttpResponse:
    today = timezone.now().date()
    home = person_of(request).home_unit
    initial = {"unit": request.GET.get("unit") or (home.slug if home else "")}
    form = ReportForm(posted(request), user=request.user, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            report = actions.begin_report(**form.cleaned_data, by=person_of(request), at=now)
        except ValidationError as error:
            form.add_error("period", error)
        else:
            if report.created_at != now:
                since = date_format(local_date(report.unit, report.created_at), "DATE_FORMAT")
                messages.info(request, _("This report has been here since %(day)s.") % {"day": since})
            return redirect(report)
    status = 422 if form.is_bound else 200
    return render(request, "scoreboard/report_add.html", {"form": form}, status=status)


@policy("scoreboard.read")
@require_safe
def report_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """The frozen report; a draft as it would be made now, for those who prepare it."""
    report = report_for(request, reference)
    context = {"report": report, "may_report": request.user.has_perm("scoreboard.report", report)}
    if report.state == Report.State.MAKING:
        context["job"] = Job.objects.visible_to(request.user).filter(subject=reference).last()
        context["is_given_up"] = actions.is_given_up(report)
        return render(request, "scoreboard/report_making.html", context)
    content = content_now(report)
    today: dict[str, str] = {}
    if report.is_finished:
        today = reading.differences(report, content, local_date(report.unit, timezone.now()))
        context["citation"] = reading.citation_of(report, content)
        context["comments"] = reading.comments_of(report)
    else:
        context["comments"] = actions.worded(report)
    context |= {
        "content": content,
        "rows": reading.rows_of(content, today),
        "sums": reading.sums_of(content),
        "unusual": [row for row in content["measures"] if row["unusual"]],
        "differs": bool(today),
    }
    return render(request, "scoreboard/report_detail.html", context)


def content_now(report: Report) -> dict[str, Any]:
    """What was frozen; of a draft what would be frozen now."""
    if report.is_finished:
        return report.snapshot.content
    return snapshot.content_of(report, at=timezone.now())


@policy("scoreboard.report")
@require_POST
def report_make(request: HttpRequest, reference: str) -> HttpResponse:
    report = managed_report(request, reference)
    job = actions.ask_for_report(report, by=person_of(request))
    if job is None:
        messages.info(request, _("It has been asked for already."))
        return redirect(report)
    return redirect("organisation:job_detail", reference=job.reference)


@policy("scoreboard.report")
@require_POST
def report_archive(request: HttpRequest, reference: str) -> HttpResponse:
    report = managed_report(request, reference)
    if actions.archive_report(report, by=person_of(request)):
        messages.success(request, _("Archived. Its address still works, and you can undo this here."))
    else:
        messages.warning(request, _("It is archived already, or being made just now."))
    return redirect(report)


@policy("scoreboard.report")
@require_POST
def report_restore(request: HttpRequest, reference: str) -> HttpResponse:
    report = managed_report(request, reference)
    if actions.restore_report(report, by=person_of(request)):
        messages.success(request, _("It is on the list again."))
    else:
        messages.warning(request, _("Another report of the same unit and period stands on the list."))
    return redirect(report)


def _finished(request: HttpRequest, reference: str) -> Report:
    report = report_for(request, reference)
    if not report.is_finished:
        raise Http404
    return report


@policy("scoreboard.read")
@require_safe
def report_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    report = _finished(request, reference)
    response = HttpResponse(printing.pdf_of(report, report.snapshot.content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_file_name(report)}.pdf"'
    return response


@policy("scoreboard.read")
@require_safe
def report_xlsx(request: HttpRequest, reference: str) -> HttpResponse:
    report = _finished(request, reference)
    content = sheets.workbook_of(report, report.snapshot.content)
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{_file_name(report)}.xlsx"'
    return response


def _file_name(report: Report) -> str:
    return f"report-{report.unit.slug}-{report.period.code}"
