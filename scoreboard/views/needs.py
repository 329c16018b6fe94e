"""Importance against satisfaction, for a unit and a period."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from scoreboard.figures import local_today
from scoreboard.need_forms import NeedSearch
from scoreboard.needs import NeedRow, common_goal, drawing_of, in_words, needs_of
from scoreboard.views.board import switch_for, unit_for


@policy("scoreboard.read")
@require_GET
def needs(request: HttpRequest, slug: str) -> HttpResponseBase:
    unit = unit_for(request, slug)
    switch, search = switch_for(request, unit), NeedSearch(request.GET)
    context: dict[str, Any] = {"unit": unit, "nav_room": "customers", "switch": switch, "search": search}
    if not (switch.is_valid() and search.is_valid()):
        return render(request, "scoreboard/needs.html", context, status=422)
    period = switch.chosen
    every = needs_of(unit, period, local_today(unit))
    rows = search.filter(every)
    if kind := request.GET.get("export"):
        return table_response(kind, f"needs-{unit.slug}-{period.code}", _header(), _rows(rows))
    context |= {
        "period": period,
        "every": every,
        "page": page_of(request, rows),
        "drawing": drawing_of(every),
        "words": in_words(every),
        "cut": _bare(every[0].cut) if every else None,
        "goal": common_goal(every),
        "too_few": sum(not row.has_figures for row in every),
    }
    return render(request, "scoreboard/needs.html", context)


def _bare(exact: Fraction | None) -> float | None:
    """For a page or a workbook, which know no fractions."""
    return None if exact is None else float(exact)


def _header() -> list[Any]:
    return [
        *(_("Number"), _("Need"), _("Importance"), _("from"), _("to"), _("answers")),
        *(_("Satisfaction"), _("from"), _("to"), _("answers"), _("Goal")),
        *(_("Gap (importance − satisfaction)"), _("from"), _("to"), _("Quadrant"), _("Priority")),
        *(_("Band"), _("The least that is accepted"), _("Wished for")),
    ]


def _rows(rows: Iterable[NeedRow]) -> Iterator[list[Any]]:
    for row in rows:
        importance, satisfaction, gap = row.importance, row.satisfaction, row.gap
        goal = satisfaction.goal
        yield [
            *(row.number, row.need.need, importance.value, importance.low, importance.high, importance.n),
            *(satisfaction.value, satisfaction.low, satisfaction.high, satisfaction.n),
            None if goal is None else float(goal),
            *((gap.difference, gap.low, gap.high) if gap else (None, None, None)),
            *(row.quadrant_words, _bare(row.priority), row.band_words),
            *(row.need.minimum_level, row.need.desired_level),
        ]
