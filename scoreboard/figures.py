"""Figures of measures: value, interval, verdict, and everything a page says beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import dropwhile
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charter.models import Goal, Measure
from common.figure_words import VERDICTS, localised
from common.period import Period, add_months
from common.sources import Counts
from common.statistics import Interval
from organisation.models import Unit
from scoreboard import month_results, pooling, scores
from scoreboard.periods import FIRST_YEAR
from scoreboard.scores import Change

EARLIEST = date(FIRST_YEAR, 1, 1)


@dataclass(frozen=True)
class Figure:
    """One measure of one unit over one period.

    `value`, `low` and `high` are on `scale_low` to `scale_high` (shares and smileys 0 to 100, scores
    −100 to 100, means on their scale; counts and rates from 0 to a round number over figure and goal) and
    unrounded; None where nothing may be said. `exact` is the value before it became a float. `low` and
    `high` are None for a full count too. `minimum` is the least n that this reader is shown a figure for.
    A count's `goal` is a month's goal times `goal_months`, the months that were counted.
    `hidden_reason` says in public why there is none. `counts` never leaves the server while hidden.
    `is_by_month`: results by month in a period that cuts months; `period` is the whole ones.
    """

    measure: Measure
    unit: Unit
    period: Period
    n: int
    na: int
    value: float | None
    low: float | None
    high: float | None
    goal: Decimal | None
    verdict: str
    high_count: int
    scale_low: float
    scale_high: float
    minimum: int
    exact: Fraction | None = None
    older_series: bool = False
    series: int | None = None
    hidden_reason: str = ""
    is_critical: bool = False
    goal_months: int = 1
    is_by_month: bool = False
    counts: Counts = field(default_factory=Counts, repr=False)

    @cached_property
    def decimals(self) -> int:
        """With how many the value is said."""
        return 0 if self.exact is None else scores.decimals_shown(self.measure, self.goal, self.exact)

    @cached_property
    def bound_decimals(self) -> int:
        """With how many the ends of the interval are said."""
        bounds = [Fraction(bound) for bound in (self.low, self.high) if bound is not None]
        return 0 if self.exact is None else scores.decimals_shown(self.measure, self.goal, *bounds)

    @property
    def is_share(self) -> bool:
        return self.measure.is_share

    @property
    def is_full_count(self) -> bool:
        return self.measure.is_full_count

    @property
    def is_indicative(self) -> bool:
        """Enough to show, too few to lean on."""
        return self.value is not None and not self.is_full_count and self.n < scores.INDICATIVE_BELOW

    @property
    def lower_is_better(self) -> bool:
        return self.measure.direction == Measure.Direction.LOWER

    @property
    def monthly_goal(self) -> Decimal | None:
        """What one month is held against: a count's own goal, else the goal as it stands."""
        return None if self.goal is None else self.goal / self.goal_months

    @property
    def uncounted_months(self) -> int:
        """Of a count over whole months: how many of them nobody has counted yet."""
        if self.measure.method != Measure.Method.COUNT or not self.period.whole_months:
            return 0
        return self.period.month_count - len(self.counts.months)

    @property
    def verdict_text(self) -> str:
        return str(VERDICTS[self.verdict])

    @property
    def has_sign(self) -> bool:
        """Shares are shown with a per cent sign; scores, indexes and means without."""
        return self.measure.is_share

    def say(self, number: float | Decimal, decimals: int | None = None) -> str:
        """A number of this figure's method in the reader's language: “94 %”, “30”, “4.25”."""
        places = self.decimals if decimals is None else decimals
        text = localised(number, places)
        return _("%(number)s %%") % {"number": text} if self.has_sign else text

    def say_goal(self, target: Decimal) -> str:
        """“90”, “at most 15”, “at most 5 a month”: a goal with what it means."""
        bare = f"{target.normalize():f}"
        number = localised(target, max(0, len(bare.partition(".")[2])))
        if self.has_sign:
            number = _("%(number)s %%") % {"number": number}
        said = _("at most %(goal)s") if self.lower_is_better else _("at least %(goal)s")
        words = said % {"goal": number}
        is_count = self.measure.method == Measure.Method.COUNT
        return _("%(goal)s a month") % {"goal": words} if is_count else words

    @property
    def value_text(self) -> str:
        """“94 %”, or a dash where there is no figure."""
        return "–" if self.value is None else self.say(self.value)

    @property
    def interval_text(self) -> str:
        """“91 to 96”, “all cases” for a full count, “complaints per 1,000 visitors” for a rate."""
        if self.value is None:
            return ""
        if self.measure.is_open_ended:
            return self.measure.unit_words
        if self.low is None or self.high is None:
            return _("all cases") if self.is_full_count else ""
        low, high = (localised(bound, self.bound_decimals) for bound in (self.low, self.high))
        return _("%(low)s to %(high)s") % {"low": low, "high": high}


@dataclass(frozen=True)
class Point:
    """One month of a trend."""

    month: date
    figure: Figure
    new_series: bool = False

    @property
    def value(self) -> float | None:
        return self.figure.value


def local_today(unit: Unit) -> date:
    return timezone.now().astimezone(ZoneInfo(unit.timezone)).date()


def figures_for(
    measures: Sequence[Measure],
    unit: Unit,
    period: Period,
    *,
    public: bool = False,
    today: date | None = None,
    goals: Mapping[int, Goal | None] | None = None,
) -> dict[int, Figure]:
    """The figure of each measure for the unit's subtree, by the measure's primary key.

    The number of queries does not depend on how many measures or units there are. `public` hides
    figures of fewer answers than the measure's minimum; inside five are enough. `goals` (by the
    measure's primary key) stand in for those in force, where an edition has fixed them.
    """
    placements = pooling.Placements.read()
    spans = pooling.spans_of(unit.pk, period, placements)
    prefetch_related_objects(measures, "goals")
    pooled = pooling.pool(measures, spans)
    path, on = _goal_place(unit, period, placements, today)
    fixed, monthly = goals or {}, month_results.by_month(measures, period, spans)
    pooled |= month_results.pool_whole(measures, monthly, unit.pk, placements)
    found: dict[int, Figure] = {}
    for measure in measures:
        goal = fixed[measure.pk] if measure.pk in fixed else measure.goal_for(path, on)
        covered, by_series = monthly.get(measure.pk, period), pooled.get(measure.pk, {})
        figure = make_figure(measure, unit, covered, by_series, goal, public=public)
        found[measure.pk] = replace(figure, is_by_month=measure.pk in monthly)
    return found


def figures_of_units(
    measures: Sequence[Measure],
    units: Sequence[Unit],
    period: Period,
    *,
    today: date | None = None,
) -> dict[int, dict[int, Figure]]:
    """Measure → unit → figure for sibling units (whose subtrees never overlap), as staff see them.

    What may be published of units beside each other is decided in `withholding`.
    """
    placements = pooling.Placements.read()
    spans = {unit.pk: pooling.spans_of(unit.pk, period, placements) for unit in units}
    prefetch_related_objects(measures, "goals")
    pooled = pooling.pool_by_unit(measures, spans)
    found: dict[int, dict[int, Figure]] = {measure.pk: {} for measure in measures}
    for unit in units:
        path, on = _goal_place(unit, period, placements, today)
        for measure in measures:
            by_series, goal = pooled[unit.pk].get(measure.pk, {}), measure.goal_for(path, on)
            found[measure.pk][unit.pk] = make_figure(measure, unit, period, by_series, goal)
    return found


def trend(
    measures: Sequence[Measure], unit: Unit, last: date, months: int = 12, *, public: bool = False
) -> dict[int, list[Point]]:
    """The last months of each measure up to the month of `last`, oldest first.

    Each month shows its newest series; `new_series` marks the month in which a series begins.
    """
    period = Period.months(last, months)
    return _by_month(measures, unit, period, list(period.month_starts()), public=public)


def history(measures: Sequence[Measure], unit: Unit, last: date) -> dict[int, list[Point]]:
    """Every month of each measure from its first with answers or results up to that of `last`."""
    period = Period(EARLIEST, add_months(last.replace(day=1), 1))
    lines = _by_month(measures, unit, period, None, public=False)
    return {key: list(dropwhile(_is_empty, points)) for key, points in lines.items()}


def _is_empty(point: Point) -> bool:
    return not (point.figure.n or point.figure.na)


def _by_month(
    measures: Sequence[Measure], unit: Unit, period: Period, months: list[date] | None, *, public: bool
) -> dict[int, list[Point]]:
    """Points of the months; None: of all from the first that holds anything."""
    placements = pooling.Placements.read()
    prefetch_related_objects(measures, "goals")
    by_month = pooling.pool_by_month(measures, pooling.spans_of(unit.pk, period, placements))
    if months is None:
        first = min(by_month, default=add_months(period.end, -1))
        months = list(Period(first, period.end).month_starts())
    found: dict[int, list[Point]] = {measure.pk: [] for measure in measures}
    for month in months:
        one = Period.months(month, 1)
        path, on = _goal_place(unit, one, placements, None)
        pooled = by_month.get(month, {})
        for measure in measures:
            by_series, goal = pooled.get(measure.pk, {}), measure.goal_for(path, on)
            figure = make_figure(measure, unit, one, by_series, goal, public=public)
            points = found[measure.pk]
            points.append(Point(month, figure, new_series=_begins(points, figure)))
    return found


def _begins(earlier: list[Point], figure: Figure) -> bool:
    known = [point.figure.series for point in earlier if point.figure.series is not None]
    return figure.series is not None and bool(known) and known[-1] != figure.series


def changes(now: dict[int, Figure], before: dict[int, Figure]) -> dict[int, Change | None]:
    """What became of each figure since the other period; None where the two cannot be compared.

    Hidden figures, figures of too few answers and figures of different series are not compared, nor are
    counts, and results by month, of unlike numbers of months.
    """
    found: dict[int, Change | None] = {}
    for key, figure in now.items():
        other = before.get(key)
        if other is None or not _comparable(figure, other):
            found[key] = None
        else:
            found[key] = scores.change(figure.measure, figure.counts, other.counts)
    return found


def _comparable(figure: Figure, other: Figure) -> bool:
    if figure.value is None or other.value is None or other.series != figure.series:
        return False
    if (figure.is_by_month or other.is_by_month) and figure.period.month_count != other.period.month_count:
        return False
    return len(figure.counts.months) == len(other.counts.months)


def make_figure(
    measure: Measure,
    unit: Unit,
    period: Period,
    by_series: pooling.BySeries,
    goal: Goal | None,
    *,
    public: bool = False,
) -> Figure:
    """The figure of the newest series, held against a goal."""
    series, counts = pooling.newest(by_series) or (None, Counts())
    months = _goal_months(measure, period, counts)
    target = None if goal is None or not months else goal.target * months
    minimum = 1 if measure.is_full_count else measure.minimum_n if public else scores.INSIDE_MINIMUM
    is_shown = counts.n >= minimum
    exact = scores.exact_value(measure, counts) if is_shown else None
    bounds = scores.interval(measure, counts) if is_shown else None
    low, high = measure.figure_range
    is_critical = goal is not None and goal.is_critical
    return Figure(
        measure=measure,
        unit=unit,
        period=period,
        n=counts.n,
        na=counts.na,
        value=None if exact is None else float(exact),
        low=bounds and bounds[0],
        high=bounds and bounds[1],
        goal=target,
        verdict=_verdict(measure, counts, exact, bounds, target),
        high_count=counts.high if is_shown else 0,
        scale_low=float(low),
        scale_high=float(high) if high is not None else _top(exact, target),
        minimum=minimum,
        exact=exact,
        older_series=len(by_series) > 1,
        series=series,
        hidden_reason="" if is_shown else _hidden_reason(measure, counts.n, minimum, public=public),
        is_critical=is_critical,
        goal_months=months or 1,
        counts=counts if is_shown else Counts(n=counts.n),
    )


def _goal_months(measure: Measure, period: Period, counts: Counts) -> int:
    """How many times its goal a figure is held against; 0 where against nothing.

    A count grows with its period: its goal is that of a month, times the months that were counted. Over
    anything but whole months it is held against nothing.
    """
    if measure.method != Measure.Method.COUNT or (period.whole_months and not counts.n):
        return 1
    return len(counts.months) if period.whole_months else 0


def _top(exact: Fraction | None, target: Decimal | None) -> float:
    """The end of the scale of a figure that has none of its own."""
    return 1.0 if exact is None else scores.round_top(max(float(exact), float(target or 0)))


def _verdict(
    measure: Measure, counts: Counts, exact: Fraction | None, bounds: Interval | None, target: Decimal | None
) -> str:
    if exact is None:
        return scores.NOT_TRACKED if measure.counts_cases and counts.n == 0 else scores.TOO_FEW
    return scores.NO_GOAL if target is None else scores.verdict_of(measure, exact, bounds, target)


def _hidden_reason(measure: Measure, n: int, minimum: int, *, public: bool) -> str:
    if measure.counts_cases and n == 0:
        return _("Not tracked in this period.")
    return _too_few_reason(n, minimum) if public else ""


def _too_few_reason(n: int, minimum: int) -> str:
    if n == 0:
        return _("No answers yet, we publish from %(minimum)d.") % {"minimum": minimum}
    return ngettext(
        "%(n)d answer so far, we publish from %(minimum)d.",
        "%(n)d answers so far, we publish from %(minimum)d.",
        n,
    ) % {"n": n, "minimum": minimum}


def hide(figure: Figure, reason: str) -> Figure:
    """The figure with nothing in it that could be reckoned with."""
    return replace(
        figure,
        value=None,
        low=None,
        high=None,
        exact=None,
        high_count=0,
        verdict=scores.TOO_FEW,
        hidden_reason=reason,
        counts=Counts(n=figure.n),
    )


def _goal_place(
    unit: Unit, period: Period, placements: pooling.Placements, today: date | None
) -> tuple[list[int], date]:
    """The unit's path and the day whose goal counts: the period's last day, or today before it."""
    on = max(period.start, min(period.last_day, today or local_today(unit)))
    return placements.tree_on(on).path(unit.pk), on
