"""Which standards answer which needs, and what stands alone on either side."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charter import actions
from charter.forms.needs import NeedMeasuresForm, TieForm, UnmatchedSearchForm, chosen_measures
from charter.needs import standards_without_need, unanswered_needs
from charter.views.doors import acting, own_standard, posted
from common.export import table_response
from common.fields import take_refusal
from common.listing import page_of
from common.policy import policy, require
from customers.actions import ChangedMeanwhile
from customers.models import Need


def _need(user: Any, reference: str) -> Need:
    return get_object_or_404(Need.objects.visible_to(user), reference=reference)


@policy("charter.edit")
@require_POST
def need_tie(request: HttpRequest, reference: str) -> HttpResponse:
    """Everybody reads the register; whoever manages the standard's charter says what it answers."""
    need = _need(request.user, reference)
    form = TieForm(request.POST, user=request.user, need=need)
    if form.is_valid():
        actions.tie_need(need=need, standard=form.cleaned_data["standard"], by=acting(request))
        messages.success(request, _("The standard answers this need from now on."))
    else:
        messages.warning(request, _("Choose one of your standards; a colleague may have tied it already."))
    return redirect(need)


@policy("charter.edit")
@require_POST
def need_untie(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    need, standard = _need(request.user, reference), own_standard(request.user, key)
    actions.untie_need(need=need, standard=standard, by=acting(request))
    messages.success(request, _("The standard no longer answers this need."))
    return redirect(need)


@policy("charter.read")
@require_GET
def unmatched(request: HttpRequest) -> HttpResponseBase:
    """Needs that no standard answers, and standards that answer no need."""
    search = UnmatchedSearchForm(request.GET)
    needs, standards = search.needs(unanswered_needs()), search.standards(standards_without_need())
    if kind := request.GET.get("export"):
        return _table(kind, needs, standards)
    context = {
        "nav_room": "customers",
        "search": search,
        "needs": page_of(request, needs),
        "standards": page_of(request, standards),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
    }
    return render(request, "charter/unmatched.html", context, status=422 if search.errors else 200)


def _table(kind: str, needs: Any, standards: Any) -> HttpResponseBase:
    header = [_("What stands alone"), _("In words"), _("Unit"), _("Whose need it is")]
    rows: list[list[Any]] = [
        [_("need without a standard"), each.need, each.unit.name, ", ".join(map(str, each.segments.all()))]
        for each in needs.select_related("unit")
    ]
    rows += [[_("standard without a need"), str(each), each.charter.unit.name, ""] for each in standards]
    return table_response(kind, "needs-and-standards", header, rows)


@policy("charter.edit")
@require_http_methods(["GET", "POST"])
def need_measures(request: HttpRequest, reference: str) -> HttpResponse:
    """Which measures tell of the need: for whoever looks after it. 409 where a colleague was faster."""
    need = _need(request.user, reference)
    require(request.user, "customers.edit", need)
    form = NeedMeasuresForm(posted(request), need=need)
    context: dict[str, Any] = {"need": need, "form": form}
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("importance", "satisfaction", "others")}
        try:
            actions.measure_need(
                need=need, **wanted, expected_version=form.expected_version, by=acting(request)
            )
        except ValidationError as refusal:
            take_refusal(form, refusal)
        except ChangedMeanwhile:
            need = _need(request.user, reference)
            context |= {"conflict": True, "changed": form.keep_over(need.version, chosen_measures(need))}
            context["last"] = need.events.select_related("by").first()
        else:
            messages.success(request, _("Saved."))
            return redirect(need)
    status = 409 if "conflict" in context else 422 if form.errors else 200
    return render(request, "charter/need_measures.html", context, status=status)
