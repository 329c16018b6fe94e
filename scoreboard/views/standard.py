"""One standard in one unit: the promise, its measures, and what customers say of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from charter.models import Standard
from common.navigation import render_slot
from common.policy import policy
from scoreboard.board import rows_of, with_words
from scoreboard.comments import comments_behind
from scoreboard.figures import local_today
from scoreboard.promised import still_promised
from scoreboard.views.board import switch_for, unit_for


@policy("scoreboard.read")
@require_GET
def standard(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    unit = unit_for(request, slug)
    standards = Standard.objects.visible_to(request.user).select_related("charter", "value", "owner")
    asked = get_object_or_404(standards.prefetch_related("texts", "value__texts"), key=key)
    switch, today = switch_for(request, unit), local_today(unit)
    context = {"unit": unit, "standard": asked, "words": asked.text(), "switch": switch}
    if not switch.is_valid():
        return render(request, "scoreboard/standard.html", context, status=422)
    period = switch.chosen
    in_use = asked.measures.filter(archived_at__isnull=True, is_of_need=False)
    measures = list(with_words(in_use).order_by("pk"))
    context |= {
        "period": period,
        "promised": still_promised(measures, today),
        "rows": rows_of(measures, unit, period, today),
        "comments": comments_behind(measures, unit, period, user=request.user, today=today),
        "guests": render_slot("scoreboard.standard", asked, unit=unit, period=period),
    }
    return render(request, "scoreboard/standard.html", context)
