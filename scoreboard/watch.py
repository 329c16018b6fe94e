"""Looks for what a person should know: in each unit's figures, and where customers have gone silent.

Only whole, settled months are looked at. The number of queries grows with the units, not with the
measures.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from charter.models import Measure
from common import control
from common.period import Period, add_months
from feedback.models import Collector, Response
from organisation.models import Unit
from scoreboard import scores
from scoreboard.board import measures_of
from scoreboard.figures import Figure, Point, figures_for, history
from scoreboard.models import Signal
from scoreboard.pooling import Placements
from scoreboard.settled import local_date, settled_month
from scoreboard.unusual import Splits, unusual_in

VERDICT_MONTHS = 3
DECIDED = (scores.MET, scores.NOT_MET, scores.UNSURE)
SILENT_FOR = timedelta(days=14)
TIMES_LONGEST_PAUSE = 3
LOOK_BACK = timedelta(days=365)
LEAST_DAYS_WITH_ANSWERS = 5

Kind = Signal.Kind
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """One thing noticed, as a row of `Signal` keeps it."""

    kind: str
    unit: Unit
    period: date
    measure: Measure | None = None
    collector: Collector | None = None
    facts: dict[str, Any] = field(default_factory=dict)


# -------------------------------------------------------------------- figures


def found_in_figures(at: datetime) -> Iterator[Found]:
    """Everything about the measures of all units in use, the deepest units first.

    Where a unit's months are those of a single unit below it, they are noticed there. One bad unit
    never stops the rest.
    """
    placements = Placements.read()
    tree = placements.tree_on(at.date())
    units = Unit.objects.active().in_bulk(tree.parents)
    histories: dict[int, dict[int, Any]] = {}
    for pk, _depth in sorted(tree.in_order(), key=lambda row: -row[1]):
        if pk not in units:
            continue
        below = [histories[each] for each in tree.subtree(pk) & histories.keys()]
        try:
            found, histories[pk] = _in_unit(units[pk], at, below, Splits(tree.path(pk)))
            yield from found
        except Exception:
            logger.exception("figures of unit %s could not be looked at", units[pk].slug)


def _in_unit(
    unit: Unit, at: datetime, below: Sequence[dict[int, Any]], splits: Splits
) -> tuple[list[Found], dict[int, Any]]:
    """What is noticed in one unit, and each measure's months for the unit above to compare."""
    month = settled_month(local_date(unit, at))
    last_day = Period.months(month, 1).last_day
    measures = measures_of(unit, last_day)
    lines = history(measures, unit, last_day)
    months = {key: _months(points) for key, points in lines.items()}
    own = [each for each in measures if not any(months[each.pk] == one.get(each.pk) for one in below)]
    period = Period.months(month, VERDICT_MONTHS)
    earlier = Period.months(add_months(month, -1), VERDICT_MONTHS)
    now = figures_for(own, unit, period, today=last_day)
    before = figures_for(own, unit, earlier, today=last_day)
    found: list[Found] = []
    for measure in own:
        found += found_unusual(measure, unit, lines[measure.pk], splits.of(measure), month)
        found += _verdicts(now[measure.pk], before[measure.pk], month)
        found += _too_few(measure, unit, lines[measure.pk])
    return found, months


def _months(points: Iterable[Point]) -> list[Any] | None:
    """What is compared with the unit above; nothing where there is nothing."""
    return [(point.month, point.figure.n, point.figure.value) for point in points] or None


def found_unusual(
    measure: Measure, unit: Unit, points: Sequence[Point], splits: Iterable[date], month: date
) -> Iterator[Found]:
    """What the control chart marks in a month of the line; it begins anew at the splits."""
    for each in unusual_in(measure, points, splits, month):
        figure = next(point.figure for point in points if point.month == month)
        facts = _facts(figure) | {
            "side": each.side,
            "usual_low": each.low,
            "usual_high": each.high,
            "centre": each.centre,
            "length": each.length,
            "last": each.last.isoformat(),
        }
        if each.what == control.OUTSIDE:
            yield Found(Kind.POINT, unit, month, measure, facts=facts)
        else:
            yield Found(Kind.RUN, unit, each.first, measure, facts=facts)


def _verdicts(now: Figure, before: Figure, month: date) -> Iterator[Found]:
    facts = _facts(now) | {"before": before.verdict}
    if now.verdict == scores.NOT_MET:
        yield Found(Kind.MISSED, now.unit, month, now.measure, facts=facts)
    elif now.verdict in DECIDED and before.verdict in DECIDED and now.verdict != before.verdict:
        yield Found(Kind.VERDICT, now.unit, month, now.measure, facts=facts)


def _too_few(measure: Measure, unit: Unit, points: Sequence[Point]) -> Iterator[Found]:
    """Under the minimum in the last month, where the month before had enough."""
    if len(points) < 2:
        return
    before, last = points[-2].figure, points[-1].figure
    minimum = 1 if measure.is_full_count else measure.minimum_n
    if last.n < minimum <= before.n:
        facts = {"n": last.n, "n_before": before.n, "minimum": minimum, "source": measure.source}
        yield Found(Kind.TOO_FEW, unit, points[-1].month, measure, facts=facts)


def _facts(figure: Figure) -> dict[str, Any]:
    """The figure of the moment, unrounded, with what is needed to print it."""
    return {
        "period": figure.period.code,
        "n": figure.n,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "goal": None if figure.goal is None else float(figure.goal),
        "verdict": figure.verdict,
        "decimals": figure.decimals,
        "bound_decimals": figure.bound_decimals,
        "is_share": figure.has_sign,
        "source": figure.measure.source,
        "method": figure.measure.method,
        "exposure": figure.measure.exposure,
    }


# ------------------------------------------------------------------- silence


def found_silent(at: datetime) -> Iterator[Found]:
    """Places that used to bring answers and have brought none for three times their longest pause.

    Two queries. Days of service count, of the last year; a place with fewer than five such days has no
    usual pause yet.
    """
    open_places = Collector.objects.open_on(at.date()).filter(unit__archived_at__isnull=True)
    places = {each.pk: each for each in open_places.select_related("unit")}
    days: dict[int, list[date]] = {}
    counted = Response.objects.countable().filter(
        collector__in=places, service_date__gt=at.date() - LOOK_BACK
    )
    for pk, day in (
        counted.order_by("collector", "service_date").values_list("collector", "service_date").distinct()
    ):
        days.setdefault(pk, []).append(day)
    for pk, seen in days.items():
        yield from _silent(places[pk], seen, at)


def _silent(place: Collector, days: Sequence[date], at: datetime) -> Iterator[Found]:
    if len(days) < LEAST_DAYS_WITH_ANSWERS:
        return
    longest = max((later - earlier).days for earlier, later in pairwise(days))
    silent = (place.local_day(at) - days[-1]).days
    if silent >= max(TIMES_LONGEST_PAUSE * longest, SILENT_FOR.days):
        facts = {"last": days[-1].isoformat(), "days": silent, "longest": longest}
        since = days[-1] + timedelta(days=1)
        yield Found(Kind.SILENT, place.unit, since, collector=place, facts=facts)
