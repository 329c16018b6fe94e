"""Recorded results of operational standards: list, form, deletion with undo."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charter import actions
from charter.forms.fields import take_refusal
from charter.forms.results import ResultForm, ResultSearchForm, recorded_measures
from charter.models import RecordedResult
from charter.views.doors import acting, own_result, posted
from common.export import csv_response
from common.listing import page_of
from common.policy import policy, require
from organisation.drafting import offer, settle


@policy("charter.read")
@require_GET
def result_list(request: HttpRequest) -> HttpResponseBase:
    """Every recorded result. `?deleted=` offers to undo the deletion that has just happened."""
    search = ResultSearchForm(request.GET)
    results = search.filter(RecordedResult.objects.visible_to(request.user)).select_related("measure", "unit")
    if request.GET.get("export") == "csv":
        return _csv(results)
    may_record = request.user.has_perm("results.record")
    page = page_of(request, results)
    for result in page:
        result.may_edit = may_record and request.user.has_perm("results.record", result)
    context = {
        "search": search,
        "page": page,
        "may_record": may_record,
        "has_measures": recorded_measures().exists(),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "just_deleted": _just_deleted(request),
    }
    return render(request, "charter/result_list.html", context, status=422 if search.errors else 200)


def _just_deleted(request: HttpRequest) -> RecordedResult | None:
    reference = request.GET.get("deleted", "")
    if not reference.isalnum():
        return None
    deleted = RecordedResult.objects.visible_to(request.user).taken_in().filter(deleted_at__isnull=False)
    result = deleted.filter(reference=reference[:20]).select_related("measure", "unit").first()
    return result if result and request.user.has_perm("results.record", result) else None


def _csv(results: Any) -> HttpResponseBase:
    header = [
        _("Measure"),
        _("Unit"),
        _("First day"),
        _("Last day"),
        _("Met"),
        _("Cases in scope"),
        _("Departures"),
        _("Why they departed"),
        _("Series"),
    ]
    rows = (
        [
            each.measure.key,
            each.unit.slug,
            each.start,
            each.last_day,
            each.met,
            each.total,
            each.departures,
            each.departure_reason,
            each.series,
        ]
        for each in results.iterator(chunk_size=1000)
    )
    return csv_response("results", header, rows)


def _form_page(request: HttpRequest, form: ResultForm, result: RecordedResult | None) -> HttpResponse:
    context = {
        "form": form,
        "draft": offer(request, form),
        "result": result,
        "events": result.events.select_related("by") if result else [],
        "has_measures": result is not None or recorded_measures().exists(),
    }
    return render(request, "charter/result_form.html", context, status=422 if form.errors else 200)


@policy("results.record")
@require_http_methods(["GET", "POST"])
def result_add(request: HttpRequest) -> HttpResponse:
    initial = {name: request.GET[name] for name in ("measure", "unit") if name in request.GET}
    form = ResultForm(posted(request), user=request.user, initial=initial)
    if form.is_valid():
        measure, unit = form.cleaned_data["measure"], form.cleaned_data["unit"]
        require(request.user, "results.record", unit)
        try:
            actions.record_result(measure=measure, unit=unit, **form.numbers, by=acting(request))
        except actions.ResultRefused as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, _("The result is recorded."))
            return settle(request, redirect("charter:result_list"))
    return _form_page(request, form, None)


@policy("results.record")
@require_http_methods(["GET", "POST"])
def result_edit(request: HttpRequest, reference: str) -> HttpResponse:
    result = own_result(request.user, reference)
    form = ResultForm(posted(request), user=request.user, result=result)
    if form.is_valid():
        try:
            actions.correct_result(
                result=result, **form.numbers, seen_events=form.cleaned_data["seen"], by=acting(request)
            )
        except actions.ResultChangedMeanwhile as refusal:
            form.see_again(result)
            take_refusal(form, refusal)
        except actions.ResultRefused as refusal:
            take_refusal(form, refusal)
        else:
            messages.success(request, _("The result is corrected."))
            return settle(request, redirect("charter:result_list"))
    return _form_page(request, form, result)


@policy("results.record")
@require_POST
def result_delete(request: HttpRequest, reference: str) -> HttpResponse:
    result = own_result(request.user, reference)
    actions.delete_result(result=result, by=acting(request))
    return redirect(f"{reverse('charter:result_list')}?deleted={result.reference}")


@policy("results.record")
@require_POST
def result_undelete(request: HttpRequest, reference: str) -> HttpResponse:
    result = own_result(request.user, reference)
    try:
        actions.undelete_result(result=result, by=acting(request))
    except actions.ResultRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The result counts again."))
    return redirect("charter:result_list")
