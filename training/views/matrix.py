"""Who has learned what: people × courses."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.export import XLSX_TYPE, streamed_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.models import Job
from training.matrix import MARKS, exported, exported_header, overdue_courses, rows_of
from training.matrix_job import JOB, Asked, asked_for, begin_export
from training.models import MatrixExport

MOST_CELLS_AT_ONCE = 20_000
"""A workbook with more cells takes longer than anybody should wait for a page: about 0.07 ms each."""


@policy("training.see_people")
@require_safe
def matrix(request: HttpRequest) -> HttpResponseBase:
    """Fifty people a page, every released course, or the one that is asked for."""
    asked = asked_for(request.user, request.GET)
    if not asked.search.is_valid():
        return render(request, "training/matrix.html", {"search": asked.search}, status=422)
    kind = request.GET.get("export")
    if kind in ("csv", "xlsx"):
        return _export(request, asked, kind)
    people, courses, today = asked.people, asked.courses, asked.today
    page = page_of(request, people.prefetch_related("memberships__unit"))
    context = {
        "search": asked.search,
        "page": page,
        "rows": rows_of(list(page), courses, today),
        "courses": courses,
        "has_courses": asked.has_courses,
        "overdue": overdue_courses(people, courses, today),
        "shows_missing": asked.search.cleaned_data["state"] == "none",
        "marks": [(state.value, mark) for state, mark in MARKS.items()],
        "today": today,
    }
    return render(request, "training/matrix.html", context)


def _export(request: HttpRequest, asked: Asked, kind: str) -> HttpResponseBase:
    """CSV goes out while it is read; a large workbook is offered as background work."""
    people, courses, today = asked.people, asked.courses, asked.today
    if kind == "xlsx" and people.count() * len(courses) > MOST_CELLS_AT_ONCE:
        context = {"search": asked.search, "people": people.count(), "courses": len(courses)}
        return render(request, "training/matrix_export.html", context)
    name = f"training-{today}"
    return streamed_response(kind, name, exported_header(courses), exported(people, courses, today))


@policy("training.see_people")
@require_http_methods(["POST"])
def matrix_export(request: HttpRequest) -> HttpResponse:
    """Ask for the workbook of what the address filters; the page of the work shows how far it is."""
    asked = asked_for(request.user, request.GET)
    if not asked.search.is_valid():
        return render(request, "training/matrix.html", {"search": asked.search}, status=422)
    query = request.GET.copy()
    for name in ("export", "page"):
        query.pop(name, None)
    job = begin_export(query=query.urlencode()[:2000], language=get_language() or "", by=person_of(request))
    return redirect("organisation:job_detail", job.reference)


@policy("training.see_people")
@require_safe
def matrix_file(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The workbook, for who asked for it; before it is made, how far it is."""
    mine = MatrixExport.objects.filter(created_by=person_of(request)).select_related("file")
    found = get_object_or_404(mine, reference=reference)
    if found.file is None:
        job = Job.objects.filter(kind=JOB, subject=found.reference).order_by("pk").last()
        if job is not None and job.is_open:
            messages.info(request, _("The workbook is not ready yet."))
            return redirect("organisation:job_detail", job.reference)
        messages.info(request, _("A later workbook has taken the place of this one."))
        return redirect("training:matrix")
    return FileResponse(
        found.file.file.open("rb"), as_attachment=True, filename=found.file.name, content_type=XLSX_TYPE
    )
