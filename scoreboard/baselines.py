"""Before a charter is published: where its promises stand, and what a change can cite of it."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.models import Charter, Measure, Standard
from common.citations import Citation
from common.figure_words import answers, figure_text, goal
from common.period import Period
from scoreboard.figures import figures_for

MONTHS_CITED = 3


def baselines(charter: Charter) -> dict[str, Any] | None:
    """Before an edition is published: where each of its promises stands in the charter's unit."""
    measures = list(
        Measure.objects.active()
        .filter(standard__charter=charter)
        .select_related("standard__charter")
        .prefetch_related("standard__texts")
    )
    if not measures:
        return None
    today = charter.local_day(timezone.now())
    period = Period.months(today, MONTHS_CITED)
    figures = figures_for(measures, charter.unit, period, today=today)
    rows: dict[int, dict[str, Any]] = {}
    for measure in measures:
        row = rows.setdefault(measure.standard_id, {"standard": measure.standard, "figures": []})
        row["figures"].append(figures[measure.pk])
    return {"rows": list(rows.values()), "period": period}


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
