"""The customers room's part of the API: daily totals of customer activity."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import StrictInt

from customers.actions.activity_rows import RowsRefused, take_rows
from organisation.api_auth import KeyWithScope
from organisation.imports import ImportRefused

router = Router(tags=["customers"])
MOST_ROWS = 2000


class TotalIn(Schema):
    """The total of one unit, day, way, area and product. Numbers that nobody counted are left out.

    `unit` is the short name, the name or the reference in other systems; `day` is written 2026-11-30;
    `channel` is counter, telephone, post, online or on_site. Every customer is counted in one row.
    """

    unit: str
    day: str
    channel: str
    area: str = ""
    product: str = ""
    served: StrictInt
    used: StrictInt | None = None
    returned: StrictInt | None = None
    came_back: StrictInt | None = None
    complaints: StrictInt | None = None


class ActivityIn(Schema):
    rows: list[TotalIn] = Field(min_length=1, max_length=MOST_ROWS)


class ActivityOut(Schema):
    """`reference` is that of the imported file, under which it can be found and undone."""

    reference: str
    rows: int


class BadRowOut(Schema):
    row: int
    reason: str


class ActivityRefused(Schema):
    """Why nothing was taken in; `rows` count from 1."""

    detail: Any
    rows: list[BadRowOut] = []


class Message(Schema):
    detail: str


@router.post(
    "/activity",
    auth=KeyWithScope("activity.write"),
    response={200: ActivityOut, 201: ActivityOut, 401: Message, 422: ActivityRefused},
    url_name="activity",
    summary="Hand in daily totals of customers served",
)
def hand_in(request: HttpRequest, payload: ActivityIn) -> Status[dict[str, Any]]:
    """201: taken in, all of it. 200: the same was taken in before. 422: nothing was, with the reason of
    each row that cannot be taken; a day that stands already is one."""
    by = request.auth.created_by  # type: ignore[attr-defined]
    try:
        taken = take_rows((row.dict() for row in payload.rows), by=by)
    except RowsRefused as refused:
        rows = [{"row": bad.row, "reason": bad.reason} for bad in refused.rows]
        return Status(422, {"detail": _("Some rows cannot be taken, so none was."), "rows": rows})
    except ImportRefused as refused:
        return Status(422, {"detail": refused.text})
    answer = {"reference": taken.import_.reference, "rows": taken.rows}
    return Status(200 if taken.is_replay else 201, answer)
