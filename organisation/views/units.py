"""The tree of units: read by managers, changed by administrators."""

from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.export import csv_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from organisation.actions import units as actions
from organisation.forms import posted
from organisation.forms.units import NewUnitForm, PlacementForm, UnitForm, UnitSearch
from organisation.models import Tree, Unit, UnitPlacement


def _today() -> date:
    return timezone.now().date()


def _unit_for(request: HttpRequest, slug: str) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(request.user), slug=slug)


def _possible_parents(unit: Unit | None = None) -> list[Unit]:
    """Units in use, in the order of the tree; for a move without the unit and what is below it."""
    own = Tree.on(_today()).subtree(unit.pk) if unit else set()
    ordered = Unit.objects.in_tree_order(_today())
    return [each for each in ordered if each.archived_at is None and each.pk not in own]


@policy("organisation.see_units")
@require_GET
def unit_list(request: HttpRequest) -> HttpResponseBase:
    people = Count("memberships", filter=Q(memberships__user__is_active=True))
    units = Unit.objects.visible_to(request.user).annotate(people=people)
    search = UnitSearch(request.GET)
    found = search.filter(units.in_tree_order(_today()))
    if request.GET.get("export") == "csv":
        return _as_csv(found)
    return render(
        request,
        "organisation/unit_list.html",
        {
            "page": page_of(request, found),
            "search": search,
            "may_edit": request.user.has_perm("organisation.edit_units"),
        },
    )


def _as_csv(units: Iterable[Unit]) -> HttpResponseBase:
    header = [_("Unit"), _("Short name"), _("Stands below"), _("Time zone"), _("People"), _("Archived")]
    rows = (
        [
            unit.name,
            unit.slug,
            unit.parent.name if unit.parent else "",
            unit.timezone,
            unit.people,  # type: ignore[attr-defined]
            unit.archived_at.date().isoformat() if unit.archived_at else "",
        ]
        for unit in units
    )
    return csv_response("units", header, rows)


@policy("organisation.edit_units")
@require_http_methods(["GET", "POST"])
def unit_add(request: HttpRequest) -> HttpResponse:
    form = NewUnitForm(posted(request), parents=_possible_parents())
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        unit = actions.create_unit(
            name=wanted["name"],
            slug=wanted["slug"],
            zone=wanted["timezone"],
            external_reference=wanted["external_reference"],
            parent=wanted["parent"],
            starts_on=_today(),
            by=person_of(request),
        )
        messages.success(request, _("“%(unit)s” is added.") % {"unit": unit.name})
        return redirect("organisation:unit_list")
    return render(request, "organisation/unit_add.html", {"form": form}, status=422 if form.is_bound else 200)


@policy("organisation.edit_units")
@require_http_methods(["GET", "POST"])
def unit_edit(request: HttpRequest, slug: str) -> HttpResponse:
    unit = _unit_for(request, slug)
    form = UnitForm(posted(request), instance=_unit_for(request, slug))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organisation:unit_list")
    context = {"unit": unit, "form": form, "placements": _placements_of(unit)}
    return render(request, "organisation/unit_edit.html", context, status=422 if form.is_bound else 200)


def _placements_of(unit: Unit) -> "QuerySet[UnitPlacement]":
    return unit.placements.select_related("parent").order_by("-starts_on")


@policy("organisation.edit_units")
@require_http_methods(["GET", "POST"])
def unit_move(request: HttpRequest, slug: str) -> HttpResponse:
    unit = _unit_for(request, slug)
    form = PlacementForm(posted(request), parents=_possible_parents(unit), today=_today())
    if request.method == "POST" and form.is_valid():
        try:
            actions.place_unit(unit, **form.cleaned_data, by=person_of(request))
        except actions.TreeRefused as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The move of “%(unit)s” is noted.") % {"unit": unit.name})
            return redirect("organisation:unit_edit", slug=unit.slug)
    context = {"unit": unit, "form": form, "placements": _placements_of(unit)}
    return render(request, "organisation/unit_move.html", context, status=422 if form.is_bound else 200)


@policy("organisation.edit_units")
@require_POST
def unit_archive(request: HttpRequest, slug: str) -> HttpResponse:
    unit = _unit_for(request, slug)
    try:
        actions.archive_unit(unit, by=person_of(request))
    except actions.TreeRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(
            request, _("“%(unit)s” is archived. Its figures stay, and you can restore it.") % {"unit": unit}
        )
    return redirect("organisation:unit_edit", slug=unit.slug)


@policy("organisation.edit_units")
@require_POST
def unit_restore(request: HttpRequest, slug: str) -> HttpResponse:
    unit = _unit_for(request, slug)
    try:
        actions.restore_unit(unit, by=person_of(request))
    except actions.TreeRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("“%(unit)s” is in use again.") % {"unit": unit})
    return redirect("organisation:unit_edit", slug=unit.slug)
