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
from strategy.views.doors import all_units, change_row, saved, step_page, take_refusal, take_step, today

ARCHIVED = gettext_noop("This initiative is in the archive. Take it out before you change it.")
GONE = gettext_noop("This was taken away, or its initiative is in the archive: it stays as it is.")
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
    return _page(request, initiative_for(request, reference))


def _page(request: HttpRequest, initiative: Initiative, *, status: int = 200) -> HttpResponse:
    """One in the archive is read only: the one button on it takes it out."""
    may_work = request.user.has_perm("strategy.work", initiative)
    may_change = may_work and initiative.archived_at is None
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
        "may_work": may_change,
        "may_take_out": may_work and not may_change,
        "removed": _just_removed(request, initiative) if may_change else None,
    }
    return render(request, "strategy/initiative.html", context, status=status)


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
        **_words(initiative),
    )


def _words(initiative: Initiative) -> dict[str, Any]:
    return {"about": initiative.name, "back": initiative.get_absolute_url(), "room": "initiatives"}


def _archived(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    """409: nothing of it is changed by a button that was left open in another tab."""
    messages.warning(request, _(ARCHIVED))
    return _page(request, initiative_for(request, initiative.reference), status=409)


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def part_add(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """A stake (`?kind=` chooses which) or a critical success factor."""
    initiative = _own(request, reference)
    if kind not in PARTS:
        raise Http404
    if initiative.archived_at and request.method == "GET":
        messages.info(request, _(ARCHIVED))
        return redirect(initiative)
    start = {"kind": request.GET.get("kind", "")}
    form: Any = StakeForm(posted(request), initial=start) if kind == "stakes" else FactorForm(posted(request))

    def act(wanted: dict[str, Any]) -> None:
        fields = {name: wanted[name] for name in form.field_names}
        part: Any = PARTS[kind](initiative=initiative, **fields)
        actions.add_part(part, by=person_of(request))

    title = _("Add a stake") if kind == "stakes" else _("Add a critical success factor")
    return take_step(
        request,
        form,
        act,
        to=initiative,
        moved_on=_(ARCHIVED),
        done=_("Added."),
        title=title,
        do=_("Add"),
        **_words(initiative),
    )


def _part_for(request: HttpRequest, reference: str, kind: str, part: str) -> Any:
    initiative = _own(request, reference)
    if kind not in PARTS:
        raise Http404
    return get_object_or_404(PARTS[kind], initiative=initiative, reference=part)


@policy("strategy.work")
@require_http_methods(["GET", "POST"])
def part_edit(request: HttpRequest, reference: str, kind: str, part: str) -> HttpResponse:
    """409 where somebody else has changed it, or taken it away, since the form was opened."""
    found = _part_for(request, reference, kind, part)
    initiative = found.initiative
    if request.method == "GET" and (initiative.archived_at or found.archived_at):
        messages.info(request, _(GONE))
        return redirect(initiative)
    start = _stored_part(found, kind) | {"version": found.version}
    form: Any
    if kind == "stakes":
        form = StakeForm(posted(request), initial=start)
    else:
        start |= {"measure": found.measure.key if found.measure else ""}
        form = FactorForm(posted(request), initial=start, standing=found)

    def save() -> None:
        fields = {name: form.cleaned_data[name] for name in form.field_names}
        actions.change_part(
            found, fields=fields, by=person_of(request), expected_version=form.expected_version
        )

    def stands() -> tuple[int, dict[str, Any], Any] | None:
        standing = _part_for(request, reference, kind, part)
        last = standing.initiative.events.select_related("by").last()
        is_gone = standing.archived_at or standing.initiative.archived_at
        return None if is_gone else (standing.version, _stored_part(standing, kind), last)

    return change_row(
        request,
        form,
        save,
        to=initiative,
        stands=stands,
        moved_on=_(GONE),
        title=_("Change the stake") if kind == "stakes" else _("Change the critical success factor"),
        do=_("Save"),
        done=_("Saved."),
        **_words(initiative),
    )


def _stored_part(part: Any, kind: str) -> dict[str, Any]:
    """What stands now, by the names of the form's fields."""
    names = StakeForm.field_names if kind == "stakes" else FactorForm.field_names
    return {name: getattr(part, name) for name in names}


@policy("strategy.work")
@require_POST
def part_remove(request: HttpRequest, reference: str, kind: str, part: str) -> HttpResponse:
    found = _part_for(request, reference, kind, part)
    try:
        actions.remove_part(found, by=person_of(request))
    except actions.InitiativeMovedOn:
        return _archived(request, found.initiative)
    return redirect(f"{found.initiative.get_absolute_url()}?removed={kind}.{found.reference}")


@policy("strategy.work")
@require_POST
def part_restore(request: HttpRequest, reference: str, kind: str, part: str) -> HttpResponse:
    found = _part_for(request, reference, kind, part)
    try:
        actions.restore_part(found, by=person_of(request))
    except actions.InitiativeMovedOn:
        return _archived(request, found.initiative)
    messages.success(request, _("It is back."))
    return redirect(found.initiative)


@policy("strategy.work")
@require_POST
def step_say(request: HttpRequest, reference: str, position: int) -> HttpResponse:
    initiative = _own(request, reference)
    step = get_object_or_404(initiative.steps, position=position)
    try:
        actions.say_step(step, is_done=request.POST.get("done") == "yes", by=person_of(request))
    except actions.InitiativeMovedOn:
        return _archived(request, initiative)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(initiative)


@policy("strategy.work")
@require_POST
def initiative_archive(request: HttpRequest, reference: str) -> HttpResponse:
    """Archive it, or take it out of the archive (`restore`)."""
    initiative = _own(request, reference)
    act = actions.restore_initiative if "restore" in request.POST else actions.archive_initiative
    if act(initiative, by=person_of(request)) and "restore" in request.POST:
        messages.success(request, _("It is out of the archive."))
    return redirect(initiative)
