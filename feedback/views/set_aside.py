"""Suspected spam in surveys of colleagues: how many, where and when; never what was said."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy
from feedback.actions.inbox import restore_set_aside
from feedback.forms.set_aside import RestoreForm, SetAsideSearch
from feedback.models import Response
from organisation.access import person_of


@policy("feedback.handle")
@require_GET
def set_aside_list(request: HttpRequest) -> HttpResponseBase:
    """By place and day, for those who manage its unit."""
    search = SetAsideSearch(request.GET)
    found = search.filter(Response.objects.set_aside_for(request.user))
    if request.GET.get("export") == "csv":
        return _csv(found)
    context = {
        "search": search,
        "page": page_of(request, found),
        "is_filtered": any(request.GET.get(name) for name in ("q", "sort")),
    }
    return render(request, "feedback/set_aside_list.html", context)


def _csv(found: Any) -> HttpResponseBase:
    header = [_("Where we ask"), _("Unit"), _("Day"), _("Responses")]
    rows = ((row["collector__name"], row["unit__name"], row["service_date"], row["many"]) for row in found)
    return csv_response("set-aside", header, rows)


@policy("feedback.handle")
@require_POST
def set_aside_restore(request: HttpRequest) -> HttpResponse:
    """Let those of one place and day count."""
    form = RestoreForm(request.POST)
    if not form.is_valid():
        raise Http404
    chosen = Response.objects.set_aside_for(request.user).filter(
        collector__slug=form.cleaned_data["place"], service_date=form.cleaned_data["day"]
    )
    many = restore_set_aside(chosen, by=person_of(request))
    if many:
        messages.success(request, _("Restored: they count again, for their day."))
    else:
        messages.warning(request, _("A colleague has already done this."))
    return redirect("feedback:set_aside_list")
