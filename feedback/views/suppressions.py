"""The list of addresses that we do not write to."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy
from feedback.actions.suppression import lift_suppression, suppress
from feedback.forms.rounds import SuppressionForm, SuppressionSearch
from feedback.models import Suppression
from organisation.access import person_of
from organisation.forms import posted


@policy("feedback.invite")
@require_http_methods(["GET", "POST"])
def suppression_list(request: HttpRequest) -> HttpResponseBase:
    """Only hints are shown; an address typed in whole is found. A POST puts an address on the list."""
    form = SuppressionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = Suppression.Reason.BY_HAND
        suppress(email=form.cleaned_data["email"], reason=reason, by=person_of(request))
        messages.success(request, _("We do not write to this address any more."))
        return redirect("feedback:suppression_list")
    search = SuppressionSearch(request.GET)
    found = search.filter(Suppression.objects.standing())
    if request.GET.get("export") == "csv":
        return _csv(found)
    filtered = any(request.GET.get(name) for name in ("q", "reason"))
    context = {
        "form": form,
        "search": search,
        "page": page_of(request, found),
        "is_filtered": filtered,
        "may_lift": request.user.has_perm("organisation.administer"),
    }
    return render(request, "feedback/suppression_list.html", context, status=422 if form.errors else 200)


def _csv(found: Any) -> HttpResponseBase:
    rows = ((row.hint, row.get_reason_display(), row.since) for row in found.iterator())
    return csv_response("not-written-to", [_("Address"), _("Reason"), _("Since")], rows)


@policy("organisation.administer")
@require_POST
def suppression_lift(request: HttpRequest, reference: str) -> HttpResponse:
    """Only administrators: most of these people have asked us not to write."""
    row = get_object_or_404(Suppression, reference=reference)
    if lift_suppression(row):
        messages.success(request, _("This address may be written to again."))
    return redirect("feedback:suppression_list")
