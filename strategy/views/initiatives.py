"""Initiatives: list, one of them with its ground and its steps, and what people do about it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.export import table_response
from common.listing import page_of
from common.period import Period
from common.policy import policy, require
from organisation.access import person_of
from organisation.forms import posted
from organisation.views.people import units_managed_by
from scoreboard.figures import figures_for
from scoreboard.settled import settled_month
from strategy.actions import initiatives as actions
from strategy.forms.initiatives import (
    BeginForm,
    FactorForm,
    InitiativeForm,
    InitiativeSearch,
    StakeForm,
    initial,
    stored,
)
from strategy.models import Factor, Initiative, Stake
from strategy.steps import states
from strategy.views.doors import all_units, change_row, saved, step_page, take_refusal, today

ARCHIVED = gettext_noop("This initiative is in the archive. Take it out before you change it.")
PARTS: dict[str, type[models.Model]] = {"stakes": Stake, "factors": Factor}


@policy("strategy.read")
@require_safe
def initiative_list(request: HttpRequest) -> HttpResponseBase:
    search = InitiativeSearch(
        request.GET, user=person_of(request), units=all_units(request.user), today=today()
    )
    found = search.filter(Initiative.objects.visible_to(request.user).with_words())
    if request.GET.get("export") in ("csv", "xlsx"):
        header = [_("Code"), _("Name"), _("Unit"), _("Sponsor"), _("From"), _("Until"), _("Vision")]
        return table_response(request.GET["export"], "initiatives", header, _lines(found))
    context = {
        "search": search,
        "page": page_of(request, found),
        "may_manage": request.user.has_perm("strategy.manage"),
        "is_filtered": search.is_filtered,
    }
    return render(request, "strategy/initiatives.html", context, status=422 if search.errors else 200)


def _lines(found: Any) -> Iterator[list[Any]]:
    for each in found:
        yield [
            *(each.reference, each.name, each.unit.name, str(each.owner)),
            *(each.starts_on, each.ends_on, each.vision),
        ]


def initiative_for(request: HttpRequest, reference: str) -> Initiative:
    return get_object_or_404(Initiative.objects.visible_to(request.user).with_words(), reference=reference)


def _own(request: HttpRequest, reference: str) -> Initiative:
    initiative = initiative_for(request, reference)
    require(request.user, "strategy.work", initiative)
    return initiative


@policy("strategy.read")
@require_safe
def initiative_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """`?removed=` offers to put back what has just been taken away."""
    initiative = initiative_for(request, reference)
    may_work = request.user.has_perm("strategy.work", initiative)
    rows = states(initiative, today())
    stakes = list(initiative.stakes.filter(archived_at__isnull=True))
    context = {
        "initiative": initiative,
        "rows": rows,
        "done": sum(state.is_done if state else step.said_on is not None for step, state in rows),
        "stakes": [
            (kind, label, [stake for stake in stakes if stake.kind == kind])
            for kind, label in Stake.Kind.choices
        ],
        "factors": factors_of(initiative),
        "events": initiative.events.select_related("by"),
        "may_work": may_work,
        "removed": _just_removed(request, initiative) if may_work else None,
    }
    return render(request, "strategy/initiative.html", context)


def factors_of(initiative: Initiative) -> list[tuple[Factor, Any]]:
    """Each with the figure of its measure over the last three settled months."""
    factors = list(
        initiative.factors.filter(archived_at__isnull=True)
        .select_related("measure__standard__charter")
        .order_by("pk")
    )
    measures = list({each.measure_id: each.measure for each in factors if each.measure}.values())
    if not measures:
        return [(each, None) for each in factors]
    period = Period.months(settled_month(today()), 3)
    figures: dict[Any, Any] = dict(figures_for(measures, initiative.unit, period, today=period.last_day))
    return [(each, figures.get(each.measure_id)) for each in factors]


def _just_removed(request: HttpRequest, initiative: Initiative) -> tuple[str, Any] | None:
    kind, _dot, reference = request.GET.get("removed", "").partition(".")
    if kind not in PARTS or not reference.isalnum():
        return None
    rows = PARTS[kind]._default_manager.filter(initiative=initiative, archived_at__isnull=False)
    part = rows.filter(reference=reference[:20]).first()
    return (kind, part) if part else None


@policy("strategy.manage")
@require_http_methods(["GET", "POST"])
def initiative_add(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    start = {"owner": person.reference, "starts_on": today(), "starter": "seven-steps"}
    form = BeginForm(posted(request), user=person, units=units_managed_by(person), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            initiative = actions.begin_initiative(
                fields=form.initiative_fields, starter=form.cleaned_data["starter"], by=person
            )
        except ValidationError as refused:
            take_refusal(form, refused)
        else:
            return saved(request, initiative, _("The initiative has begun."))
    words: dict[str, Any] = {
        "about": _("Initiatives"),
        "back": reverse("strategy:initiatives"),
        "room": "initiatives",
    }
    return step_page(request, form, title=_("Begin an initiative"), do=_("Begin"), **words)


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def initiative_edit(request: HttpRequest, reference: str) -> HttpResponse:
    initiative, person = _own(request, reference), person_of(request)
    if initiative.archived_at and request.method == "GET":
        messages.info(request, _(ARCHIVED))
        return redirect(initiative)
    form = InitiativeForm(
        posted(request),
        user=person,
        units=units_managed_by(person),
        standing=initiative,
        initial=initial(initiative),
    )

    def save() -> None:
        fields, version = form.initiative_fields, form.expected_version
        actions.change_initiative(initiative, fields=fields, by=person, expected_version=version)

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        standing = initiative_for(request, reference)
        last = standing.events.select_related("by").last()
        return None if standing.archived_at else (standing.version, stored(standing), last)

    return change_row(
        request,
        form,
        save,
        to=initiative,
        stands=stands,
        moved_on=_(ARCHIVED),
        title=_("Change the initiative"),
        do=_("Save"),
        done=_("Saved."),
        about=initiative.name,
        back=initiative.get_absolute_url(),
        room="initiatives",
    )


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def part_add(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """A stake (`?kind=` chooses which) or a critical success factor."""
    initiative = _own(request, reference)
    if kind not in PARTS:
        raise Http404
    start = {"kind": request.GET.get("kind", "")}
    form: Any = StakeForm(posted(request), initial=start) if kind == "stakes" else FactorForm(posted(request))
    if request.method == "POST" and form.is_valid():
        part: Any = PARTS[kind](initiative=initiative, **form.cleaned_data)
        actions.add_part(part, by=person_of(request))
        return saved(request, initiative, _("Added."))
    title = _("Add a stake") if kind == "stakes" else _("Add a critical success factor")
    words: dict[str, Any] = {
        "about": initiative.name,
        "back": initiative.get_absolute_url(),
        "room": "initiatives",
    }
    return step_page(request, form, title=title, do=_("Add"), **words)


def _part_for(request: HttpRequest, reference: str, kind: str, part: str) -> Any:
    initiative = _own(request, reference)
    if kind not in PARTS:
        raise Http404
    return get_object_or_404(PARTS[kind], initiative=initiative, reference=part)


@policy("strategy.work")
@require_POST
def part_remove(request: HttpRequest, reference: str, kind: str, part: str) -> HttpResponse:
    found = _part_for(request, reference, kind, part)
    actions.remove_part(found, by=person_of(request))
    return redirect(f"{found.initiative.get_absolute_url()}?removed={kind}.{found.reference}")


@policy("strategy.work")
@require_POST
def part_restore(request: HttpRequest, reference: str, kind: str, part: str) -> HttpResponse:
    found = _part_for(request, reference, kind, part)
    actions.restore_part(found, by=person_of(request))
    messages.success(request, _("It is back."))
    return redirect(found.initiative)


@policy("strategy.work")
@require_POST
def step_say(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    initiative = _own(request, reference)
    step = get_object_or_404(initiative.steps, position=position)
    try:
        actions.say_step(step, is_done=request.POST.get("done") == "yes", by=person_of(request))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(initiative)


@policy("strategy.work")
@require_POST
def initiative_archive(request: HttpRequest, reference: str) -> HttpResponse:
    """Archive it, or take it out of the archive (`restore`)."""
    initiative = _own(request, reference)
    act = actions.restore_initiative if "restore" in request.POST else actions.archive_initiative
    if act(initiative, by=person_of(request)):
        messages.success(request, _("Done. You find archived ones under “Show: Archived”."))
    return redirect(initiative)
