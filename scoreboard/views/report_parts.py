"""What a manager decides about reports: which comments they hold, and which come by themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from common.listing import page_of
from common.policy import policy, require
from feedback.said import comment_of, written
from organisation.access import person_of
from organisation.forms import posted
from organisation.models import Unit
from scoreboard.actions import reports as actions
from scoreboard.models import Report, ReportPlan
from scoreboard.reports.forms import CommentSearch, PlanForm
from scoreboard.views.reports import managed_report

COMMENTS_ON_A_PAGE = 25


@policy("scoreboard.report")
@require_http_methods(["GET", "POST"])
def report_comments(request: HttpRequest, reference: str) -> HttpResponse:
    """The comments of the period, without personal data, to choose from."""
    report = managed_report(request, reference)
    if not report.is_draft:
        messages.info(request, _("The report is made: its comments are chosen."))
        return redirect(report)
    if request.method == "POST":
        return _choose(request, report)
    return _comments_page(request, report)


def _comments_page(request: HttpRequest, report: Report, error: str = "", status: int = 200) -> HttpResponse:
    search = CommentSearch(request.GET)
    found = search.filter(actions.eligible_comments(report)).order_by("-service_date", "-pk")
    rows = found.select_related("unit", "person").prefetch_related(written())
    page = page_of(request, rows, COMMENTS_ON_A_PAGE)
    chosen = set(report.comments.values_list("response__reference", flat=True))
    ticked = set(request.POST.getlist("chosen")) if error else chosen
    for response in page.object_list:
        response.words = comment_of(response, mask=True, person=getattr(response, "person", None))
        response.is_chosen = response.reference in ticked
    context = {
        "report": report,
        "search": search,
        "page": page,
        "chosen": len(chosen),
        "most": actions.MOST_COMMENTS,
        "error": error,
    }
    return render(request, "scoreboard/report_comments.html", context, status=status)


def _choose(request: HttpRequest, report: Report) -> HttpResponse:
    try:
        count = actions.choose_comments(
            report,
            shown=request.POST.getlist("shown"),
            chosen=request.POST.getlist("chosen"),
            by=person_of(request),
        )
    except ValidationError as error:
        return _comments_page(request, report, error.messages[0], status=422)
    except actions.NotADraft:
        messages.warning(request, _("The report has been made meanwhile."))
        return redirect(report)
    said = ngettext("The report holds %(count)d comment.", "The report holds %(count)d comments.", count)
    messages.success(request, said % {"count": count})
    query = request.GET.urlencode()
    address = reverse("scoreboard:report_comments", args=[report.reference])
    return redirect(f"{address}?{query}" if query else address)


@policy("scoreboard.report")
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The units that the person manages, and which reports each gets by itself."""
    user: Any = request.user
    units = list(Unit.objects.active().managed_by(user))
    plans = {plan.unit_id: plan for plan in ReportPlan.objects.filter(unit__in=units)}
    rows = [(unit, plans.get(unit.pk)) for unit in units]
    return render(request, "scoreboard/report_plans.html", {"page": page_of(request, rows)})


@policy("scoreboard.report")
@require_http_methods(["GET", "POST"])
def plan_edit(request: HttpRequest, slug: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.active().visible_to(request.user), slug=slug)
    require(request.user, "scoreboard.report", unit)
    plan = ReportPlan.objects.filter(unit=unit).first() or ReportPlan(unit=unit)
    form = PlanForm(posted(request), instance=plan, user=person_of(request))
    if form.is_valid():
        if plan.pk is None:  # a colleague may have made one meanwhile
            plan.pk = ReportPlan.objects.get_or_create(unit=unit)[0].pk
        form.save()
        messages.success(request, _("Saved."))
        return redirect("scoreboard:report_plans")
    status = 422 if form.is_bound else 200
    return render(request, "scoreboard/report_plan.html", {"unit": unit, "form": form}, status=status)
