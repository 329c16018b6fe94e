"""The plan as list, board and timeline, and one action."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.access import person_of
from strategy.effect import effect_of
from strategy.forms.plan import PlanSearch
from strategy.models import Action, Status
from strategy.plan import plan_on, stood
from strategy.progress import Standing
from strategy.timeline import HAND, timeline
from strategy.views.doors import all_units, today

CARDS = 30


def _search(request: HttpRequest) -> tuple[PlanSearch, dict[int, Standing]]:
    search = PlanSearch(request.GET, user=person_of(request), units=all_units(request.user), today=today())
    return search, plan_on(today())


def _searched(request: HttpRequest) -> tuple[PlanSearch, Any, dict[int, Standing]]:
    search, standings = _search(request)
    return search, search.filter(Action.objects.visible_to(request.user).with_words(), standings), standings


def _context(request: HttpRequest, search: PlanSearch, view: str) -> dict[str, Any]:
    return {
        "search": search,
        "view": view,
        "may_manage": request.user.has_perm("strategy.manage"),
        "is_filtered": search.is_filtered,
    }


@policy("strategy.read")
@require_safe
def plan_list(request: HttpRequest) -> HttpResponseBase:
    search, found, standings = _searched(request)
    if request.GET.get("export") in ("csv", "xlsx"):
        rows = stood(found, standings, today())
        return table_response(request.GET["export"], "plan", _header(), _lines(rows))
    page = page_of(request, found)
    stood(page.object_list, standings, today())
    context = _context(request, search, "list") | {"page": page}
    return render(request, "strategy/plan.html", context, status=422 if search.errors else 200)


def _header() -> list[Any]:
    return [
        *(
            _("Code"),
            _("What is done"),
            _("Kind"),
            _("Unit"),
            _("Owner"),
            _("Part of"),
            _("From"),
            _("Until"),
        ),
        *(_("Weight"), _("Effort in days of work"), _("State"), _("Status"), _("Done in per cent")),
        *(_("Expected in per cent"), _("Measure")),
    ]


def _lines(actions: Any) -> Iterator[list[Any]]:
    for action in actions:
        stands: Standing = action.standing
        yield [
            *(action.reference, action.title, action.get_kind_display(), action.unit.name),
            *(str(action.owner), action.parent.title if action.parent else ""),
            *(action.starts_on, action.ends_on, action.weight, action.effort),
            *(action.get_state_display(), Status(stands.status).label),
            *(stands.percent, stands.expected_percent, action.measure.name if action.measure else ""),
        ]


@policy("strategy.read")
@require_safe
def plan_board(request: HttpRequest) -> HttpResponse:
    """A column a state; the cards that end first stand on top."""
    search, standings = _search(request)
    visible = Action.objects.visible_to(request.user).with_words()
    actions = search.filter(visible, standings, every_state=True)
    counts = dict(actions.order_by().values_list("state").annotate(Count("pk")))
    columns = []
    for state, label in Action.State.choices:
        cards = stood(actions.filter(state=state).order_by("ends_on", "pk")[:CARDS], standings, today())
        for card in cards:
            card.may_move = request.user.has_perm("strategy.work", card)  # type: ignore[attr-defined]
        columns.append({"state": state, "label": label, "cards": cards, "count": counts.get(state, 0)})
    context = _context(request, search, "board") | {"columns": columns}
    return render(request, "strategy/board.html", context, status=422 if search.errors else 200)


@policy("strategy.read")
@require_safe
def plan_timeline(request: HttpRequest) -> HttpResponse:
    search, found, standings = _searched(request)
    page = page_of(request, found.prefetch_related("milestones"))
    rows = stood(page.object_list, standings, today())
    context = _context(request, search, "timeline") | {
        "page": page,
        "drawing": timeline(rows, today()),
        "in_hand": timeline(rows, today(), HAND),
    }
    return render(request, "strategy/timeline.html", context, status=422 if search.errors else 200)


def action_for(request: HttpRequest, reference: str) -> Action:
    return get_object_or_404(Action.objects.visible_to(request.user).with_words(), reference=reference)


@policy("strategy.read")
@require_safe
def action_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One action: how far it is, its parts and milestones, and whether it worked."""
    action = action_for(request, reference)
    on, standings = today(), plan_on(today())
    stood([action], standings, on)
    parts = stood(action.parts.with_words(), standings, on)
    worst = next((part for part in parts if part.pk == standings[action.pk].worst), None)
    total = sum(part.weight for part in parts if part.state != Action.State.CANCELLED)
    for part in parts:
        part.share = 100 * part.weight / total if total else 0  # type: ignore[attr-defined]
    context = {
        "action": action,
        "parts": parts,
        "worst": worst,
        "milestones": action.milestones.all(),
        "check_ins": action.check_ins.select_related("by")[:10],
        "events": action.events.select_related("by"),
        "gaps": [each.gap for each in action.gap_answers.select_related("gap")],
        "effect": effect_of(action, on),
        "today": on,
        "may_work": request.user.has_perm("strategy.work", action),
    }
    return render(request, "strategy/action.html", context)
