"""The cases behind a figure: the list, and why each was due when it was."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from charter.case_summary import summary_of
from charter.forms.cases import CaseSearchForm, cases_measures
from charter.models import Case
from common.export import csv_response
from common.listing import page_of
from common.policy import policy

MOST_STEPS = 40


@policy("charter.read")
@require_GET
def case_list(request: HttpRequest) -> HttpResponseBase:
    search = CaseSearchForm(request.GET)
    cases = search.filter(Case.objects.visible_to(request.user), timezone.now().date())
    cases = cases.select_related("measure", "unit")
    if request.GET.get("export") == "csv":
        return _csv(cases)
    context = {
        "search": search,
        "page": page_of(request, cases),
        "summary": summary_of(cases),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "has_measures": cases_measures().exists(),
        "may_record": request.user.has_perm("results.record"),
    }
    return render(request, "charter/case_list.html", context, status=422 if search.errors else 200)


def _csv(cases: Any) -> HttpResponseBase:
    header = [_("Reference"), _("Measure"), _("Unit"), _("Received"), _("Due"), _("Done"), _("As of")]
    header += [_("What became of it"), _("Seconds taken"), _("On time, says the file")]
    rows = (
        [
            str(case),
            case.measure.key,
            case.unit.slug,
            *(
                moment.isoformat(timespec="seconds") if moment else ""
                for moment in (case.received_at, case.due_at, case.done_at, case.as_of)
            ),
            case.get_outcome_display(),
            case.seconds_taken,
            {True: _("yes"), False: _("no")}.get(case.said_on_time, ""),
        ]
        for case in cases.iterator(chunk_size=1000)
    )
    return csv_response("cases", header, rows)


@policy("charter.read")
@require_GET
def case_detail(request: HttpRequest, reference: str) -> HttpResponse:
    cases = Case.objects.visible_to(request.user)
    cases = cases.select_related("measure__standard", "unit", "calendar", "batch")
    case = get_object_or_404(cases, reference=reference)
    explained = case.explanation()
    context: dict[str, Any] = {"case": case, "explained": explained}
    if explained and case.calendar:
        context["zone"] = case.calendar.clock.zone
        context["steps"] = explained.intervals[:MOST_STEPS]
        context["more"] = len(explained.intervals[MOST_STEPS:])
    return render(request, "charter/case_detail.html", context)
