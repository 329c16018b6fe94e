"""The answers behind a figure."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from charter.models import Measure
from common.export import csv_response
from common.policy import policy
from scoreboard import exports
from scoreboard.detail import Detail, detail_of
from scoreboard.figures import local_today
from scoreboard.views.board import switch_for, unit_for


@policy("scoreboard.read")
@require_GET
def measure(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    unit = unit_for(request, slug)
    measures = Measure.objects.visible_to(request.user).select_related("standard__charter")
    asked = get_object_or_404(measures, key=key)
    switch = switch_for(request, unit)
    context = {"unit": unit, "measure": asked, "switch": switch}
    if not switch.is_valid():
        return render(request, "scoreboard/measure.html", context, status=422)
    detail = detail_of(asked, unit, switch.chosen, local_today(unit))
    if request.GET.get("export"):
        sheet = _sheet(request.GET["export"], detail)
        return csv_response(f"{asked.key}-{unit.slug}-{switch.chosen.code}", *sheet)
    context |= {"detail": detail, "figure": detail.figure, "period": switch.chosen}
    return render(request, "scoreboard/measure.html", context)


def _sheet(name: str, detail: Detail) -> exports.Sheet:
    """The table that the address asks for; the answers (or recorded results) unless it is another."""
    if name == "months":
        return exports.months(detail.line)
    if name == "units":
        return exports.units(detail.units)
    return exports.results(detail.results) if detail.results else exports.answers(detail.answers)
