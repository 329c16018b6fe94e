"""Customer activity beside the scores: how many were served, and how many of them said something."""

from collections.abc import Iterator
from datetime import date
from itertools import dropwhile
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.export import table_response
from common.policy import policy
from customers.room import page_url
from scoreboard.activity import ActivityPage, activity_of
from scoreboard.board import board_of
from scoreboard.figures import local_today
from scoreboard.scores import signed
from scoreboard.views.board import switch_for, unit_for


@policy("scoreboard.read")
@require_GET
def activity(request: HttpRequest, slug: str) -> HttpResponseBase:
    unit = unit_for(request, slug)
    switch, today = switch_for(request, unit), local_today(unit)
    context: dict[str, Any] = {"unit": unit, "nav_room": "customers", "switch": switch}
    if not switch.is_valid():
        return render(request, "scoreboard/activity.html", context, status=422)
    period = switch.chosen
    found = activity_of(unit, period, max(period.start, min(period.last_day, today)))
    if kind := request.GET.get("export"):
        return table_response(kind, f"activity-{unit.slug}-{period.code}", _header(), _rows(found))
    context |= {
        "period": period,
        "found": found,
        "months": list(dropwhile(_is_uncounted, found.months)),
        "most": max([many or 0 for _month, many in found.months], default=0) or 1,
        "change": "" if found.change_percent is None else f"{signed(found.change_percent, 0)} %",
        "rows": board_of(unit, period, today),
        "import_url": page_url("import", request.user),
    }
    return render(request, "scoreboard/activity.html", context)


def _is_uncounted(row: tuple[date, int | None]) -> bool:
    return row[1] is None


def _header() -> list[Any]:
    return [
        *(_("Kind"), _("Name"), _("Customers served"), _("Bought or used"), _("Returned")),
        *(_("Returned, per cent"), _("Came back"), _("Came back, per cent"), _("Complaints")),
        *(_("Complaints per 1,000 served"), _("Responses"), _("Response rate, per cent")),
    ]


def _rows(found: ActivityPage) -> Iterator[list[Any]]:
    groups = [
        (_("everything"), [found.everything]),
        (_("way"), found.channels),
        (_("product or service"), found.products),
        (_("area"), found.areas),
        (_("unit"), found.units),
    ]
    for kind, rows in groups:
        for row in rows:
            is_all = row is found.everything
            answered = (found.responses.n, found.responses.percent) if is_all else (None, None)
            yield [
                *(kind, row.label, row.served, row.used, row.returned, row.returned_percent),
                *(row.came_back, row.came_back_percent, row.complaints, row.complaints_per_thousand),
                *answered,
            ]
