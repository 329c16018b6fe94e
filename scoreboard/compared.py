"""The figures of another period, to hold those of a period against: like with like."""

from collections.abc import Mapping
from datetime import date

from charter.models import Measure
from common.period import Period
from organisation.models import Unit
from scoreboard.figures import Figure, figures_for
from scoreboard.month_results import months_inside


def figures_against(
    now: Mapping[int, Figure], unit: Unit, other: Period, *, today: date
) -> dict[int, Figure]:
    """By the measure's primary key, over `other`. Where a figure covers whole months only, the last as many
    whole months of `other`; where it has fewer, all of it, which `changes` compares with nothing."""
    measures: dict[Period, list[Measure]] = {}
    for figure in now.values():
        measures.setdefault(_period(figure, other), []).append(figure.measure)
    found: dict[int, Figure] = {}
    for period, those in measures.items():
        found |= figures_for(those, unit, period, today=today)
    return found


def _period(figure: Figure, other: Period) -> Period:
    if not figure.is_by_month:
        return other
    return months_inside(other, figure.period.month_count) or other
