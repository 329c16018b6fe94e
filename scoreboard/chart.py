"""The trend of a measure as a control chart: months, usual range, what is unusual, in words too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charter.models import Measure
from common import charts, control
from common.control import Limits, Reading, Segment, Signal
from common.figure_words import localised
from common.period import add_months
from organisation.models import Unit
from scoreboard.figures import Figure, Point, history
from scoreboard.models import DatedChange

MONTHS_SHOWN = 60

AGAINST_GOAL = {
    control.MEETS: gettext_lazy(
        "Everything usual meets the goal of %(goal)s: left as it is, it will go on meeting it."
    ),
    control.MISSES: gettext_lazy(
        "Everything usual misses the goal of %(goal)s: without a change it will go on missing it."
    ),
    control.HIT_AND_MISS: gettext_lazy(
        "The goal of %(goal)s lies inside the usual range: some months meet it and some miss it, by chance."
    ),
}
OUTSIDE = {
    control.HIGH: gettext_lazy("%(month)s: %(value)s, above the usual range of %(range)s."),
    control.LOW: gettext_lazy("%(month)s: %(value)s, below the usual range of %(range)s."),
}
RUNS = {
    control.HIGH: gettext_lazy(
        "%(first)s to %(last)s: %(length)d months in a row above the average, %(centre)s."
    ),
    control.LOW: gettext_lazy(
        "%(first)s to %(last)s: %(length)d months in a row below the average, %(centre)s."
    ),
}
LEAPS = {
    control.HIGH: gettext_lazy("%(first)s to %(last)s: a leap up, from %(before)s to %(after)s."),
    control.LOW: gettext_lazy("%(first)s to %(last)s: a leap down, from %(before)s to %(after)s."),
}


@dataclass(frozen=True)
class ChartRow:
    """One month of the table beside the chart; `limits` is None where there is no usual range."""

    point: Point
    limits: Limits | None
    is_unusual: bool
    changes: list[DatedChange]

    @property
    def figure(self) -> Figure:
        return self.point.figure

    @property
    def range_text(self) -> str:
        return "" if self.limits is None else range_text(self.figure, self.limits)


@dataclass(frozen=True)
class Chart:
    """`points` are the complete months, oldest first, from the first that holds anything; the newest sixty
    of them are shown."""

    measure: Measure
    points: list[Point]
    segments: list[Segment]
    changes: list[DatedChange]

    @property
    def shown(self) -> list[Point]:
        return self.points[-MONTHS_SHOWN:]

    @property
    def shown_segments(self) -> list[Segment]:
        """What of the segments lies in the months that are shown."""
        if not self.points:
            return []
        cut = [segment.since(self.shown[0].month) for segment in self.segments]
        return [segment for segment in cut if segment.readings]

    @property
    def now(self) -> Segment | None:
        return self.segments[-1] if self.segments else None

    @property
    def latest(self) -> Figure | None:
        """The newest month that has a figure: it knows how its numbers are said."""
        known = [point.figure for point in self.points if point.value is not None]
        return known[-1] if known else None

    @property
    def is_p_chart(self) -> bool:
        return self.now is not None and self.now.kind == control.P

    @property
    def drawing(self) -> charts.ControlDrawing:
        floor, ceiling = ends_of(self.measure)
        return charts.control_drawing(
            [point.month for point in self.shown],
            self.shown_segments,
            goal=self.latest.monthly_goal if self.latest else None,
            floor=floor,
            ceiling=ceiling,
        )

    @property
    def rows(self) -> list[ChartRow]:
        limits: dict[date, Limits] = {}
        unusual: set[date] = set()
        for segment in self.shown_segments:
            limits |= {each.on: limit for each, limit in zip(segment.readings, segment.limits, strict=False)}
            unusual |= segment.unusual_days
        return [
            ChartRow(
                point,
                limits.get(point.month),
                point.month in unusual,
                [each for each in self.changes if point.month <= each.on < add_months(point.month, 1)],
            )
            for point in reversed(self.shown)
        ]

    @property
    def unusual(self) -> list[str]:
        """Every signal in a sentence, newest first."""
        figure = self.latest
        if figure is None:
            return []
        told = [
            (signal.last, _signal_words(signal, segment, figure))
            for segment in self.segments
            for signal in segment.told
            if signal.last >= self.shown[0].month
        ]
        return [words for _day, words in sorted(told, key=lambda each: each[0], reverse=True)]

    @property
    def summary(self) -> list[str]:
        """What the chart says, in sentences."""
        segment, figure = self.now, self.latest
        if segment is None or figure is None:
            return []
        if not segment.limits:
            return [_few_words(len(segment.readings), is_after_split=len(self.segments) > 1)]
        found = [_range_words(segment, figure)]
        goal = figure.monthly_goal
        if goal is not None:
            said = control.against_goal(segment, float(goal), lower_is_better=figure.lower_is_better)
            found.append(AGAINST_GOAL[said] % {"goal": f"{goal.normalize():f}"})
        return found


def ends_of(measure: Measure) -> tuple[float, float | None]:
    low, high = measure.figure_range
    return float(low), None if high is None else float(high)


def range_text(figure: Figure, limits: Limits) -> str:
    """“62 to 85”, in the numbers of the figure."""
    words = {"low": localised(limits.low, figure.decimals), "high": localised(limits.high, figure.decimals)}
    return _("%(low)s to %(high)s") % words


def _month(day: date) -> str:
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


def _few_words(months: int, *, is_after_split: bool) -> str:
    words = (
        ngettext(
            "%(count)d month since the change: a usual range needs six.",
            "%(count)d months since the change: a usual range needs six.",
            months,
        )
        if is_after_split
        else ngettext(
            "%(count)d complete month so far: a usual range needs six.",
            "%(count)d complete months so far: a usual range needs six.",
            months,
        )
    )
    return words % {"count": months}


def _range_words(segment: Segment, figure: Figure) -> str:
    months = min(len(segment.readings), control.FIRM_POINTS)
    limits = Limits(min(each.low for each in segment.limits), max(each.high for each in segment.limits))
    told = {
        "first": _month(segment.readings[0].on),
        "range": range_text(figure, limits),
        "centre": figure.say(segment.centre or 0),
        "count": months,
    }
    if segment.firmness == control.FIRM:
        words = _(
            "Since %(first)s the usual range is %(range)s, on average %(centre)s. It was reckoned from the"
            " first %(count)d months and stays until a change is marked."
        )
    else:
        words = _(
            "Since %(first)s the usual range is %(range)s, on average %(centre)s, from %(count)d months:"
            " provisional until there are 20."
        )
    return words % told


def _signal_words(signal: Signal, segment: Segment, figure: Figure) -> str:
    by_day = {reading.on: number for number, reading in enumerate(segment.readings)}
    first, last = by_day[signal.first], by_day[signal.last]
    told: dict[str, Any] = {
        "month": _month(signal.last),
        "first": _month(signal.first),
        "last": _month(signal.last),
        "value": figure.say(segment.readings[last].value),
        "before": figure.say(segment.readings[first].value),
        "after": figure.say(segment.readings[last].value),
        "centre": figure.say(segment.centre or 0),
        "length": signal.length,
        "range": range_text(figure, segment.limits[last]),
    }
    words = {control.OUTSIDE: OUTSIDE, control.RUN: RUNS, control.RANGE: LEAPS}[signal.what][signal.side]
    return words % told


def last_complete_month(on: date, today: date) -> date:
    """The first day of the last month that lies wholly up to `on` and is over today."""
    day = min(on, today)
    is_whole = day != today and add_months(day, 1).toordinal() - day.toordinal() == 1
    return day.replace(day=1) if is_whole else add_months(day, -1)


def chart_of(measure: Measure, unit: Unit, last: date, path: Sequence[int]) -> Chart:
    """The chart of the complete months up to that of `last`. Limits split where a change is marked for the
    unit or one above it (`path`), and where another series of answers begins."""
    points = history([measure], unit, last)[measure.pk]
    changes = list(DatedChange.objects.standing().concerning(measure, path).select_related("unit", "by"))
    return Chart(measure, points, control_of(measure, points, [each.on for each in changes]), changes)


def control_of(measure: Measure, points: Iterable[Point], splits: Iterable[date]) -> list[Segment]:
    """The segments of points that have a figure; months without one are left out."""
    points = list(points)
    seams = [point.month for point in points if point.new_series]
    floor, ceiling = ends_of(measure)
    return control.segments(
        [Reading(point.month, point.value, point.figure.n) for point in points if point.value is not None],
        splits=[*splits, *seams],
        is_sampled_share=measure.is_share and not measure.is_full_count,
        floor=floor,
        ceiling=ceiling,
    )
