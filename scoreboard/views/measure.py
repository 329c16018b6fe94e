"""The answers behind a figure, its trend, and the changes that are marked in it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from charter.models import Measure
from common.export import csv_response
from common.navigation import render_slot
from common.policy import policy, require
from organisation.access import person_of
from organisation.models import Unit
from scoreboard import actions, exports
from scoreboard.comments import comments_behind
from scoreboard.detail import Detail, detail_of
from scoreboard.figures import local_today
from scoreboard.forms import ChangeForm
from scoreboard.models import DatedChange
from scoreboard.views.board import switch_for, unit_for


def measure_for(user: Any, key: str) -> Measure:
    measures = Measure.objects.visible_to(user).select_related("standard__charter")
    return get_object_or_404(measures, key=key)


@policy("scoreboard.read")
@require_GET
def measure(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    return _page(request, unit_for(request, slug), measure_for(request.user, key))


def _page(
    request: HttpRequest, unit: Unit, asked: Measure, form: ChangeForm | None = None
) -> HttpResponseBase:
    switch, today = switch_for(request, unit, compares=True), local_today(unit)
    context = {"unit": unit, "measure": asked, "switch": switch}
    if not switch.is_valid():
        return render(request, "scoreboard/measure.html", context, status=422)
    period = switch.chosen
    detail = detail_of(asked, unit, period, today, against=switch.against)
    if request.GET.get("export"):
        sheet = _sheet(request.GET["export"], detail)
        return csv_response(f"{asked.key}-{unit.slug}-{period.code}", *sheet)
    user = request.user
    context |= {
        "detail": detail,
        "figure": detail.figure,
        "period": period,
        "comments": comments_behind([asked], unit, period, user=user, today=today),
        "may_mark": user.has_perm("scoreboard.mark_change", unit),
        "unmarked": _just_archived(request),
        "form": form or ChangeForm(initial={"on": today}),
        "guests": render_slot("scoreboard.measure", asked, unit=unit, period=period),
    }
    return render(request, "scoreboard/measure.html", context, status=422 if form else 200)


def _sheet(name: str, detail: Detail) -> exports.Sheet:
    """The table that the address asks for; the answers (or recorded results) unless it is another."""
    if name == "months":
        return exports.months(detail.chart)
    if name == "units":
        return exports.units(detail.units)
    return exports.results(detail.results) if detail.results else exports.answers(detail.answers)


def _just_archived(request: HttpRequest) -> DatedChange | None:
    """The change that was taken away a moment ago, to offer to put it back."""
    reference = request.GET.get("unmarked", "")
    archived = DatedChange.objects.visible_to(request.user).filter(archived_at__isnull=False)
    return archived.filter(reference=reference[:20]).first() if reference.isalnum() else None


@policy("scoreboard.mark_change")
@require_POST
def change_add(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    unit, asked = unit_for(request, slug), measure_for(request.user, key)
    require(request.user, "scoreboard.mark_change", unit)
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _page(request, unit, asked, form)
    wanted = form.cleaned_data
    whole = wanted["whole_standard"]
    concerned = {"standard": asked.standard} if whole else {"measure": asked}
    try:
        actions.mark_change(
            unit=unit, on=wanted["on"], words=wanted["words"], by=person_of(request), **concerned
        )
    except actions.ChangeRefused as refusal:
        form.add_error(None, ValidationError(refusal.message_dict))
        return _page(request, unit, asked, form)
    messages.success(request, _("The change is marked; the usual range is reckoned anew from that day."))
    return redirect(_address(request, unit.slug, asked.key))


def _address(request: HttpRequest, slug: str, key: str, **more: str) -> str:
    """The measure's page with the same periods."""
    query = request.GET.copy()
    query.pop("unmarked", None)
    for name, value in more.items():
        query[name] = value
    return f"{reverse('scoreboard:measure', args=[slug, key])}?{query.urlencode()}#trend"


def _change_for(request: HttpRequest, reference: str) -> DatedChange:
    changes = DatedChange.objects.visible_to(request.user).select_related("unit", "measure", "standard")
    change = get_object_or_404(changes, reference=reference)
    require(request.user, "scoreboard.mark_change", change.unit)
    return change


@policy("scoreboard.mark_change")
@require_POST
def change_archive(request: HttpRequest, slug: str, key: str, reference: str) -> HttpResponse:
    change, asked = _change_for(request, reference), measure_for(request.user, key)
    actions.archive_change(change=change, by=person_of(request))
    return redirect(_address(request, unit_for(request, slug).slug, asked.key, unmarked=change.reference))


@policy("scoreboard.mark_change")
@require_POST
def change_restore(request: HttpRequest, slug: str, key: str, reference: str) -> HttpResponse:
    change, asked = _change_for(request, reference), measure_for(request.user, key)
    try:
        actions.restore_change(change=change, by=person_of(request))
    except actions.ChangeRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The change is marked again."))
    return redirect(_address(request, unit_for(request, slug).slug, asked.key))
