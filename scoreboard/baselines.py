"""Before a charter is published: where its promises stand, and what a change can cite of it."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.actions import to_publish
from charter.fixed import measures_of
from charter.models import Charter, Measure, Standard
from charter.parts import parts_of
from common.citations import Citation
from common.figure_words import answers, figure_text, goal
from common.languages import spoken_language
from common.period import Period
from scoreboard.figures import figures_for

MONTHS_CITED = 3


def baselines(charter: Charter) -> dict[str, Any] | None:
    """Where each promise of what is published next, the draft or a signed-off round, stands in the
    charter's unit."""
    today = charter.local_day(timezone.now())
    content = to_publish(charter, today)
    titles = {part.key: part.title for part in parts_of(content, spoken_language())}
    found = Measure.objects.filter(key__in=[measure["key"] for measure in measures_of(content)])
    measures = {measure.key: measure for measure in found.select_related("standard__charter")}
    if not measures:
        return None
    period = Period.months(today, MONTHS_CITED)
    figures = figures_for(list(measures.values()), charter.unit, period, today=today)
    rows = [
        {
            "title": titles[f"standard:{standard['key']}"],
            "figures": [figures[measures[measure["key"]].pk] for measure in standard["measures"]],
        }
        for standard in content["standards"]
    ]
    return {"rows": rows, "period": period}


def last_figures(standard: Standard) -> Iterator[Citation]:
    """What a change of the standard can cite: its figures of the last months, as the public may see them."""
    unit = standard.charter.unit
    today = standard.charter.local_day(timezone.now())
    period = Period.months(today, MONTHS_CITED)
    measures = list(Measure.objects.active().filter(standard=standard).select_related("standard__charter"))
    figures = figures_for(measures, unit, period, public=True, today=today)
    for measure in measures:
        figure = figures[measure.pk]
        if figure.value is None:
            continue
        words = _("%(measure)s: %(figure)s (%(answers)s, %(period)s)") % {
            "measure": measure.name,
            "figure": figure_text(figure),
            "answers": answers(figure),
            "period": period,
        }
        if figure.goal is not None:
            words += _("; goal %(goal)s") % {"goal": goal(figure)}
        address = reverse("scoreboard:measure", args=[unit.slug, measure.key])
        yield Citation(_("Figure"), words, f"{address}?period={period.code}")
