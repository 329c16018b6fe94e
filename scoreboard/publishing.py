"""What leaves the house: figures from which no hidden one can be reckoned.

Two ways of subtraction are closed. Over units: a figure that would be the only hidden one beside its
parent's takes the next smallest with it (`figures.suppressed`), so do a few answers of the parent
itself, and whatever is hidden hides all below it. Over time: periods begin and end only where at least
the measure's minimum of answers lies between one such day and the next, so that the difference of two
periods is never a figure of fewer.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate, pairwise

from django.utils.translation import gettext_lazy

from charter.models import Measure
from common.period import Period
from organisation.models import Unit
from scoreboard import pooling
from scoreboard.figures import Figure, figures_for, figures_of_units, hide, suppressed
from scoreboard.periods import FIRST_YEAR, LAST_YEAR

_TOO_CLOSE = gettext_lazy("Not shown, because the figure of a few answers could be reckoned out from it.")
ALL_TIME = Period(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 1, 1))


def published_figure(measure: Measure, unit: Unit, period: Period, *, today: date) -> Figure:
    """The figure as a program outside may have it. The period consists of whole months."""
    figure = figures_for([measure], unit, period, public=True, today=today)[measure.pk]
    if figure.value is None or figure.is_full_count:
        return figure
    if not is_at_edges(_months_of(figure), period, figure.minimum):
        return hide(figure, str(_TOO_CLOSE))
    on = max(period.start, min(period.last_day, today))
    tree = pooling.Placements.read().tree_on(on)
    above = Unit.objects.in_bulk(tree.path(unit.pk))
    for parent, child in pairwise(tree.path(unit.pk)):
        sisters = list(Unit.objects.filter(pk__in=tree.children[parent]))
        figures = figures_of_units([measure], sisters, period, public=True, today=today)[measure.pk]
        whole = figures_for([measure], above[parent], period, public=True, today=today)[measure.pk]
        reason = suppressed(figures, own=_own(whole, figures.values()))[child].hidden_reason
        if reason:
            return hide(figure, reason)
    return figure


def _own(whole: Figure, parts: Iterable[Figure]) -> int:
    """The answers of the whole that are in none of its parts: given in the unit itself, or in a unit
    that has moved away. Another series is none of them."""
    return whole.n - sum(part.n for part in parts if part.series == whole.series)


def safe_edges(counts: Sequence[int], minimum: int) -> set[int]:
    """Where a period may begin or end, as the number of answers that lie before it.

    `counts` are the answers of all months, oldest first. Between two neighbouring edges lie at least
    `minimum` answers; what is left at the end belongs to the last stretch.
    """
    edges = [0]
    for before in accumulate(counts):
        if before - edges[-1] >= minimum:
            edges.append(before)
    total = sum(counts)
    return {0, *edges[:-1], total} if edges[-1] != total else set(edges)


def is_at_edges(months: Sequence[tuple[date, int]], period: Period, minimum: int) -> bool:
    """`months` are (first day, answers) of every month that has any, oldest first."""
    starts = [month for month, _n in months]
    before = [0, *accumulate(n for _month, n in months)]
    edges = safe_edges([n for _month, n in months], minimum)
    return all(before[bisect_left(starts, day)] in edges for day in (period.start, period.end))


def _months_of(figure: Figure) -> list[tuple[date, int]]:
    """Every month in which the figure's series has answers, with how many, oldest first."""
    spans = pooling.spans_of(figure.unit.pk, ALL_TIME, pooling.Placements.read())
    found = []
    for month, pooled in sorted(pooling.pool_by_month([figure.measure], spans).items()):
        counts = pooled.get(figure.measure.pk, {}).get(figure.series or 0)
        if counts is not None and counts.n:
            found.append((month, counts.n))
    return found
