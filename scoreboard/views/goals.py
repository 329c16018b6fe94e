"""The goals that the organisation has set itself, for everybody who works in it."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from common.export import table_response
from common.listing import page_of
from common.policy import policy
from organisation.models import Installation, Unit
from scoreboard import exports
from scoreboard.figures import local_today
from scoreboard.forms import GoalSearch
from scoreboard.goals import goals_in_force, measures_in_use
from scoreboard.promised import still_promised


@policy("scoreboard.read")
@require_GET
def goals(request: HttpRequest) -> HttpResponseBase:
    """Today is that of the whole organisation; each goal is held against the period of the address."""
    installation = Installation.current()
    today = local_today(installation.root) if installation else timezone.now().date()
    units = Unit.objects.visible_to(request.user).active().in_tree_order(today)
    search = GoalSearch(request.GET, units=units, today=today, installation=installation)
    if not search.is_valid():
        return render(request, "scoreboard/goals.html", {"search": search}, status=422)
    period = search.period
    every = goals_in_force(period, today)
    rows = search.filter(every)
    if kind := request.GET.get("export"):
        return table_response(kind, f"goals-{period.code}", *exports.goals(rows))
    context = {
        "search": search,
        "period": period,
        "every": every,
        "page": page_of(request, rows),
        "promised": still_promised(measures_in_use().filter(standard__archived_at__isnull=True), today),
    }
    return render(request, "scoreboard/goals.html", context)
