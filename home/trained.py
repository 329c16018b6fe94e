"""Did the training help? The figures of a standard before and after its people were trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from charter.models import Measure, Standard
from common.period import Period, add_months
from organisation.models import Tree, Unit
from scoreboard import pooling
from scoreboard.figures import Figure, changes, local_today, make_figure
from scoreboard.scores import Change
from training.models import Course
from training.source import KIND
from training.trained import Trained, trained_units

MONTHS = 3


@dataclass(frozen=True)
class Comparison:
    """One measure in the whole months before the month of the training, and in those after it."""

    before: Figure
    after: Figure
    change: Change | None

    @property
    def measure(self) -> Measure:
        return self.before.measure


@dataclass(frozen=True)
class Row:
    """One unit in one course. `opens_on` is the day from which both can be compared, while it is to come."""

    trained: Trained
    before: Period | None = None
    after: Period | None = None
    opens_on: date | None = None
    comparisons: Sequence[Comparison] = ()


def trained_on(standard: Standard, *, unit: Unit, period: Period) -> dict[str, Any] | None:
    """On a standard's page: when the unit and those just below it were trained, and what became of the
    figures. Nothing where no course teaches the standard. The number of queries is fixed."""
    courses = list(
        standard.courses.exclude(state=Course.State.DRAFT).prefetch_related("texts")  # type: ignore[attr-defined]
    )
    if not courses:
        return None
    today = local_today(unit)
    below = Tree.on(today).children.get(unit.pk, [])
    units = [unit, *Unit.objects.filter(pk__in=below)]
    trained = trained_units(courses, units, today)
    measures = list(
        Measure.objects.active().filter(standard=standard).exclude(source=KIND).select_related("standard")
    )
    rows = _rows(trained, measures, today)
    return {
        "rows": [row for row in rows if row.trained.unit == unit],
        "below": [row for row in rows if row.trained.unit != unit],
        "courses": courses,
        "measured": bool(measures),
        "several": len(measures) > 1,
    }


def around(day: date) -> tuple[Period, Period]:
    """The three whole months before the month of a day, and the three after it; that month is in neither."""
    month = day.replace(day=1)
    before = Period(add_months(month, -MONTHS), month)
    return before, Period(add_months(month, 1), add_months(month, 1 + MONTHS))


def _rows(trained: Sequence[Trained], measures: Sequence[Measure], today: date) -> list[Row]:
    periods = {key: around(each.middle) for key, each in enumerate(trained) if each.middle}
    over = {key: pair for key, pair in periods.items() if pair[1].end <= today}
    units = {key: trained[key].unit for key in over}
    before = _figures(measures, units, {key: pair[0] for key, pair in over.items()})
    after = _figures(measures, units, {key: pair[1] for key, pair in over.items()})
    rows = []
    for key, each in enumerate(trained):
        if key not in periods:
            rows.append(Row(each))
            continue
        first, second = periods[key]
        if key not in over:
            rows.append(Row(each, first, second, opens_on=second.end))
            continue
        compared = changes(after[key], before[key])
        comparisons = [Comparison(before[key][pk], after[key][pk], compared[pk]) for pk in before[key]]
        rows.append(Row(each, first, second, comparisons=comparisons))
    return rows


def _figures(
    measures: Sequence[Measure], units: dict[int, Unit], periods: dict[int, Period]
) -> dict[int, dict[int, Figure]]:
    """Row → measure → figure, each row over its own months; without a goal: a change is asked for."""
    if not units or not measures:
        return {key: {} for key in units}
    placements = pooling.Placements.read()
    spans = {key: pooling.spans_of(unit.pk, periods[key], placements) for key, unit in units.items()}
    pooled = pooling.pool_by_unit(measures, spans)
    return {
        key: {
            measure.pk: make_figure(measure, unit, periods[key], pooled[key].get(measure.pk, {}), None)
            for measure in measures
        }
        for key, unit in units.items()
    }
