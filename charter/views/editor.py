"""The charters, and the editor of one: its words, its values, its standards in sight."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charter import actions
from charter.forms.charters import (
    CharterSearchForm,
    NewCharterForm,
    OrderForm,
    StandardSearchForm,
)
from charter.inherited import charters_above
from charter.languages import lacking, lagging, languages_of
from charter.models import Charter, CharterEvent, Edition, Measure, Standard
from charter.views.doors import acting, charter_for, own_charter, posted
from charter.views.publishing import panel
from common.export import csv_response
from common.listing import page_of
from common.navigation import rendered_slot
from common.policy import policy, require
from organisation.models import Installation, Tree


def _charters(user: Any) -> Any:
    """With the number of standards in the draft, the last edition, and whether the draft is ahead."""
    last = Edition.objects.filter(charter=OuterRef("pk")).order_by("-number")
    later = CharterEvent.objects.filter(charter=OuterRef("pk"), at__gt=OuterRef("frozen_at"))
    installation = Installation.current()
    return (
        Charter.objects.visible_to(user)
        .select_related("unit")
        .annotate(
            standard_count=Count("standards", filter=Q(standards__archived_at__isnull=True)),
            edition_number=Subquery(last.values("number")[:1]),
            in_force_from=Subquery(last.values("in_force_from")[:1]),
            frozen_at=Subquery(last.values(moment=Coalesce("review__opened_at", "published_at"))[:1]),
            is_root=Q(unit=installation.root_id if installation else None),
        )
        .annotate(is_ahead=Exists(later.exclude(what__in=CharterEvent.NOT_OF_THE_DRAFT)))
        .order_by("-is_root", "unit__name", "pk")
    )


@policy("charter.read")
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponseBase:
    """Every charter, the organisation's first. A POST begins the charter of a unit."""
    form = NewCharterForm(posted(request), user=request.user)
    if request.method == "POST":
        require(request.user, "charter.edit")
        if form.is_valid():
            return _begin(request, form)
    search = CharterSearchForm(request.GET)
    charters = search.filter(_charters(request.user))
    if request.GET.get("export") == "csv":
        return _charters_csv(charters)
    context = {
        "form": form,
        "search": search,
        "page": page_of(request, charters),
        "begins": "begin" in request.GET,
        "may_begin": request.user.has_perm("charter.edit"),
    }
    return render(request, "charter/desk.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest, form: NewCharterForm) -> HttpResponse:
    wanted = form.cleaned_data
    require(request.user, "charter.edit", wanted["unit"])
    try:
        charter = actions.create_charter(**wanted, by=acting(request))
    except actions.CharterExists:
        messages.warning(request, _("A colleague has just begun this unit's charter. Here it is."))
        return redirect("charter:edit", wanted["unit"].slug)
    messages.success(request, _("The charter is begun. Now say what customers may expect."))
    return redirect(charter)


def _charters_csv(charters: Any) -> HttpResponseBase:
    header = [_("Unit"), _("Standards in the draft"), _("Last edition"), _("In force from")]
    rows = (
        [each.unit.name, each.standard_count, each.edition_number, each.in_force_from] for each in charters
    )
    return csv_response("charters", header, rows)


def proofs(standard: Standard, path: list[int], today: date) -> list[dict[str, Any]]:
    """The active measures, each with its goal of today, given the unit's path from the top of the tree."""
    found = []
    for measure in standard.measures.all():
        if measure.archived_at is None and not measure.is_of_need:
            goal = measure.goal_for(path, today)
            never_met = goal is not None and measure.is_out_of_reach(goal.target)
            found.append({"measure": measure, "goal": goal, "never_met": never_met})
    return found


CITED = (
    *("needs", "keeper_units", "depends_on__texts", "depends_on__charter__unit", "relied_on_by__texts"),
    *("relied_on_by__charter__unit", "refines__texts", "policies__texts"),
)


@policy("charter.edit")
@require_POST
def order(request: HttpRequest, unit: str) -> HttpResponse:
    """The order that a list was dragged to. Says nothing more: the page shows it already."""
    charter = own_charter(request.user, unit)
    form = OrderForm(request.POST)
    if not form.is_valid():
        raise Http404
    actions.put_in_order(charter=charter, part=form.cleaned_data["part"], keys=form.keys, by=acting(request))
    return HttpResponse(status=204)


@policy("charter.read")
@require_GET
def edit(request: HttpRequest, unit: str) -> HttpResponseBase:
    """The draft: read by everybody who is signed in, with what changes it for those who may."""
    charter = charter_for(request.user, unit)
    search = StandardSearchForm(request.GET)
    standards = search.filter(charter.standards.all()).in_reading_order()
    if request.GET.get("export") == "csv":
        return _standards_csv(charter, standards)
    may_edit = request.user.has_perm("charter.edit", charter)
    values = list(charter.values.prefetch_related("texts"))
    policies = list(charter.policies.in_reading_order())
    written = languages_of(charter.texts.all())
    shown = standards.select_related("owner", "refines__charter__unit").prefetch_related(*CITED)
    page = page_of(request, shown)
    today = charter.local_day(timezone.now())
    path = Tree.on(today).path(charter.unit_id)
    for standard in page:
        standard.charter = charter
        standard.is_provable = standard.provable(today)
        standard.proofs = proofs(standard, path, today)
    for owner in (charter, *values, *policies, *page):
        owner.lacks, owner.behind = lacking(owner, written), lagging(owner)
    context = {
        "charter": charter,
        "words": charter.text(),
        "policies": [each for each in policies if each.archived_at is None],
        "archived_policies": [each for each in policies if each.archived_at],
        "above": charters_above(charter, today),
        "values": [value for value in values if value.archived_at is None],
        "archived_values": [value for value in values if value.archived_at],
        "search": search,
        "page": page,
        "may_edit": may_edit,
        "today": today,
        "edition": charter.editions.in_force(today).first(),
        "is_filtered": any(request.GET.get(name) for name in search.fields),
        "may_move": may_edit and not any(request.GET.get(name) for name in search.fields),
        "panel": panel(charter, today) if may_edit else None,
        "beside": [] if may_edit else rendered_slot("charter.beside", charter),
    }
    return render(request, "charter/edit.html", context)


def _standards_csv(charter: Charter, standards: Any) -> HttpResponseBase:
    today = charter.local_day(timezone.now())
    path = Tree.on(today).path(charter.unit_id)
    header = [_("Key"), _("Promise"), _("Judgement"), _("Value"), _("Time limit"), _("Where it holds")]
    header += [_("To whom it is promised"), _("Measure"), _("Method"), _("Goal")]

    def cells(standard: Any, measure: Measure | None) -> list[Any]:
        goal = measure.goal_for(path, today) if measure else None
        value = str(standard.value) if standard.value else ""
        proof = [measure.name, measure.get_method_display(), str(goal or "")] if measure else ["", "", ""]
        limits = [standard.limit_words, standard.get_channel_display(), standard.get_audience_display()]
        return [standard.key, str(standard), standard.get_discretion_display(), value, *limits, *proof]

    rows = (
        cells(standard, measure)
        for standard in standards
        for measure in [each for each in standard.measures.all() if each.archived_at is None] or [None]
    )
    return csv_response(f"charter-{charter.unit.slug}", header, rows)
