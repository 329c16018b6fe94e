"""The strategy room's part of the API: gaps and actions to read, and a report of how far an action is."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from organisation.api_auth import KeyWithScope
from organisation.models import Tree, Unit
from scoreboard.settled import local_date
from strategy.actions.plan import ActionMovedOn, check_in
from strategy.forms.plan import CheckInForm
from strategy.models import Action, Gap
from strategy.plan import plan_on, stood
from strategy.views.doors import today

router = Router(tags=["strategy"])
KEY = r"^[-a-zA-Z0-9_]+$"


class Filter(Schema):
    """Which ones; without anything all of them."""

    unit: str | None = Field(
        None, max_length=60, pattern=KEY, description="short name of a unit: it and those below it"
    )
    measure: str | None = Field(None, max_length=40, pattern=KEY, description="key of the measure")
    state: str | None = Field(None, max_length=20, pattern=KEY, description="as the answers name it")

    def found(self, rows: Any) -> Any:
        if self.unit is not None:
            unit = get_object_or_404(Unit, slug=self.unit)
            rows = rows.filter(unit__in=Tree.on(today()).subtree(unit.pk))
        if self.measure is not None:
            rows = rows.filter(measure__key=self.measure)
        return rows if self.state is None else rows.filter(state=self.state)


class GapOut(Schema):
    """One gap. `state` is proposed, open, closed, dismissed or merged; `due_on` says until when it is to be
    closed, `late` that the day is past; `answers` counts what is done about it."""

    reference: str
    unit: str
    measure: str | None
    title: str
    why: str
    state: str
    owner: str
    due_on: date | None
    late: bool
    reason: str
    answers: int
    found_on: date
    address: str


class ActionOut(Schema):
    """One action. `state` is planned, started, done or cancelled; `status` as the plan shows it (on_track,
    at_risk, behind, no_information, not_started, done, cancelled). Per cent are unrounded; null: nothing
    is known. `part_of` is the reference of the action that it belongs to."""

    reference: str
    unit: str
    measure: str | None
    title: str
    kind: str
    owner: str
    part_of: str | None
    starts_on: date
    ends_on: date
    weight: int
    state: str
    status: str
    percent: float | None
    expected_percent: float | None
    late: bool
    address: str


class ReportIn(Schema):
    """`value` is how far it is, in the action's own count; it is left out where milestones say so."""

    value: Decimal | None = None
    note: str = ""


class ReportOut(Schema):
    on: date
    value: Decimal | None
    note: str


class Message(Schema):
    detail: Any


@router.get(
    "/gaps",
    auth=KeyWithScope("strategy.read"),
    response={200: list[GapOut], 401: Message, 404: Message, 422: Message},
    url_name="gaps",
    summary="Gaps: where a promise is not kept",
)
def gaps(request: HttpRequest, wanted: Query[Filter]) -> list[dict[str, Any]]:
    on = today()
    found = wanted.found(Gap.objects.with_words()).order_by("-found_at", "-pk")
    return [
        {
            **_shared(gap),
            "why": gap.why,
            "due_on": gap.due_on,
            "late": gap.is_overdue(on),
            "reason": gap.reason,
            "answers": gap.answered,
            "found_on": local_date(gap.unit, gap.found_at),
        }
        for gap in found
    ]


@router.get(
    "/actions",
    auth=KeyWithScope("strategy.read"),
    response={200: list[ActionOut], 401: Message, 404: Message, 422: Message},
    url_name="actions",
    summary="The action plan, and how far each action is today",
)
def actions(request: HttpRequest, wanted: Query[Filter]) -> list[dict[str, Any]]:
    on = today()
    found = wanted.found(Action.objects.with_words()).order_by("ends_on", "pk")
    return [_told(action) for action in stood(found, plan_on(on), on)]


@router.post(
    "/actions/{reference}/reports",
    auth=KeyWithScope("strategy.report"),
    response={201: ReportOut, 401: Message, 403: Message, 404: Message, 409: Message, 422: Message},
    url_name="action_reports",
    summary="Report how far an action is",
)
def report(request: HttpRequest, reference: str, payload: ReportIn) -> Status[dict[str, Any]]:
    """In the name of whoever made the key, who has to own the action or manage its unit."""
    by = request.auth.created_by  # type: ignore[attr-defined]
    action = get_object_or_404(Action.objects.visible_to(by), reference=reference.replace("\x00", ""))
    if not by.has_perm("strategy.work", action):
        return Status(403, {"detail": _("Whoever made this key may not report on this action.")})
    has_steps = action.milestones.exists()
    if has_steps and payload.value is not None:
        return Status(422, {"detail": {"value": [_("Its milestones say how far it is. Send a note only.")]}})
    form = CheckInForm(payload.dict(), action=action, has_steps=has_steps)
    if not form.is_valid():
        return Status(422, {"detail": form.errors.get_json_data()})
    try:
        made = check_in(action, value=form.cleaned_data.get("value"), note=form.cleaned_data["note"], by=by)
    except ActionMovedOn:
        return Status(409, {"detail": _("Report once it is under way.")})
    except ValidationError as refused:
        return Status(422, {"detail": refused.message_dict})
    return Status(201, {"on": made.on, "value": made.value, "note": made.note})


def _shared(row: Gap | Action) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "unit": row.unit.slug,
        "measure": row.measure.key if row.measure else None,
        "title": row.title,
        "state": row.state,
        "owner": str(row.owner or ""),
        "address": row.get_absolute_url(),
    }


def _told(action: Any) -> dict[str, Any]:
    stands = action.standing
    return {
        **_shared(action),
        "kind": action.kind,
        "part_of": action.parent.reference if action.parent else None,
        "starts_on": action.starts_on,
        "ends_on": action.ends_on,
        "weight": action.weight,
        "status": stands.status,
        "percent": stands.percent,
        "late": action.late,
        "expected_percent": stands.expected_percent,
    }
