"""Importance against satisfaction: the needs of customers in their quadrants, in one unit and period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.models import Measure, NeedMeasure
from common import quadrant
from common.figure_words import localised
from common.period import Period
from common.quadrant_chart import QuadrantDrawing, Spot, quadrant_drawing
from customers.models import Need
from organisation.models import Unit
from scoreboard import scores
from scoreboard.figures import Figure, Point, changes, figures_for, trend
from scoreboard.scores import Change

QUADRANTS = {
    quadrant.CONCENTRATE: gettext_lazy("concentrate here"),
    quadrant.KEEP_UP: gettext_lazy("keep up the good work"),
    quadrant.LOW: gettext_lazy("low priority"),
    quadrant.OVERKILL: gettext_lazy("possible overkill"),
}
BANDS = {
    quadrant.HIGH_BAND: gettext_lazy("high"),
    quadrant.MIDDLE_BAND: gettext_lazy("middle"),
    quadrant.LOW_BAND: gettext_lazy("low"),
}
TREND_MONTHS = 12
Role = NeedMeasure.Role


@dataclass(frozen=True)
class Pair:
    """A need with the two measures that are held against each other."""

    need: Need
    importance: Measure
    satisfaction: Measure


@dataclass
class NeedRow:
    """One need with both figures. `cut` is the mean importance of all needs that have figures.

    Gap and priority are None where a figure is missing, or no goal is set for the priority.
    """

    pair: Pair
    importance: Figure
    satisfaction: Figure
    change: Change | None
    points: list[Point]
    number: int = 0
    cut: Fraction | None = None

    @property
    def need(self) -> Need:
        return self.pair.need

    @property
    def has_figures(self) -> bool:
        return self.importance.exact is not None and self.satisfaction.exact is not None

    @property
    def _both(self) -> tuple[Fraction | None, Fraction | None]:
        return self.importance.exact, self.satisfaction.exact

    @cached_property
    def gap(self) -> Change | None:
        """Importance − satisfaction, with Welch's interval; above 0 customers get less than it matters."""
        if not self.has_figures:
            return None
        return scores.change(self.pair.satisfaction, self.importance.counts, self.satisfaction.counts)

    @property
    def quadrant(self) -> str:
        """Empty where a figure or the goal is missing."""
        goal, (importance, satisfaction) = self.satisfaction.goal, self._both
        if importance is None or satisfaction is None or goal is None or self.cut is None:
            return ""
        return quadrant.quadrant(importance, satisfaction, cut=self.cut, goal=goal)

    @property
    def quadrant_words(self) -> str:
        return str(QUADRANTS[self.quadrant]) if self.quadrant else ""

    @property
    def is_unsure(self) -> bool:
        """The goal, or the cut of importance, lies inside an interval: it may belong to the next quadrant."""
        ends = [(self.satisfaction, self.satisfaction.goal), (self.importance, self.cut)]
        return any(
            cut is not None
            and figure.low is not None
            and figure.high is not None
            and figure.low < float(cut) <= figure.high
            for figure, cut in ends
        )

    @property
    def priority(self) -> Fraction | None:
        goal, (importance, satisfaction) = self.satisfaction.goal, self._both
        if importance is None or satisfaction is None or goal is None:
            return None
        return quadrant.priority(importance, satisfaction, goal)

    @property
    def band(self) -> str:
        return quadrant.band(self.priority) if self.priority is not None else ""

    @property
    def band_words(self) -> str:
        return str(BANDS[self.band]) if self.band else ""

    @property
    def margins(self) -> list[tuple[str, str]]:
        """(against what, “−0.4 (−0.6 to −0.2)”) for the least and the desired level, where they are told."""
        levels = [
            (_("over the least"), self.need.minimum_level),
            (_("against the wish"), self.need.desired_level),
        ]
        return [(words, self._margin(level)) for words, level in levels if level is not None]

    def _margin(self, level: Decimal) -> str:
        figure = self.satisfaction
        if figure.exact is None:
            return "–"
        told = scores.signed(float(quadrant.margin(figure.exact, level)), 1)
        if figure.low is None or figure.high is None:
            return told
        low, high = (scores.signed(side - float(level), 1) for side in (figure.low, figure.high))
        return _("%(margin)s (%(low)s to %(high)s)") % {"margin": told, "low": low, "high": high}

    @property
    def searchable(self) -> str:
        return f"{self.need.need} {self.need.expectation}"


def pairs_in_use() -> list[Pair]:
    """Every need in use that has both measures, by its words."""
    rows = NeedMeasure.objects.in_use().exclude(role=Role.OTHER)
    rows = rows.select_related("need__unit", "measure__standard__charter")
    rows = rows.prefetch_related("measure__goals", "need__segments")
    by_need: dict[int, dict[str, NeedMeasure]] = {}
    for row in rows.order_by("need__need", "need_id"):
        by_need.setdefault(row.need_id, {})[row.role] = row
    return [
        Pair(found[Role.IMPORTANCE].need, found[Role.IMPORTANCE].measure, found[Role.SATISFACTION].measure)
        for found in by_need.values()
        if len(found) == 2
    ]


def needs_of(unit: Unit, period: Period, today: date) -> list[NeedRow]:
    """A row for each need that has both measures, numbered by the words of the needs.

    As many queries for twenty needs as for two.
    """
    pairs = pairs_in_use()
    satisfaction = [pair.satisfaction for pair in pairs]
    measures = [*(pair.importance for pair in pairs), *satisfaction]
    now = figures_for(measures, unit, period, today=today)
    before = changes(now, figures_for(measures, unit, period.before(), today=today))
    on = max(period.start, min(period.last_day, today))
    months = trend(satisfaction, unit, on, TREND_MONTHS)
    rows = [
        NeedRow(
            pair=pair,
            importance=now[pair.importance.pk],
            satisfaction=now[pair.satisfaction.pk],
            change=before[pair.satisfaction.pk],
            points=months[pair.satisfaction.pk],
            number=number,
        )
        for number, pair in enumerate(pairs, start=1)
    ]
    placed = [row.importance.exact for row in rows if row.has_figures]
    cut = quadrant.cut_of([exact for exact in placed if exact is not None])
    for row in rows:
        row.cut = cut
    return rows


def common_goal(rows: Sequence[NeedRow]) -> float | None:
    """The goal of satisfaction where all needs have the same; else None."""
    goals = {row.satisfaction.goal for row in rows if row.quadrant}
    return float(goals.pop()) if len(goals) == 1 else None  # type: ignore[arg-type]


def drawing_of(rows: Sequence[NeedRow]) -> QuadrantDrawing | None:
    """The chart of the needs that have a place in a quadrant; None where none has."""
    placed = [row for row in rows if row.quadrant]
    if not placed or placed[0].cut is None:
        return None
    spots = [
        Spot(
            number=row.number,
            satisfaction=row.satisfaction.value or 0.0,
            importance=row.importance.value or 0.0,
            satisfaction_interval=_interval(row.satisfaction),
            importance_interval=_interval(row.importance),
            goal=float(row.satisfaction.goal or 0),
            css_class=row.quadrant,
        )
        for row in placed
    ]
    return quadrant_drawing(spots, cut=float(placed[0].cut), goal=common_goal(rows))


def _interval(figure: Figure) -> tuple[float, float] | None:
    return None if figure.low is None or figure.high is None else (figure.low, figure.high)


def in_words(rows: Sequence[NeedRow]) -> str:
    """The chart in a sentence: which needs to concentrate on, and how many lie elsewhere."""
    placed = [row for row in rows if row.quadrant]
    many = quadrant.counts_of(row.quadrant for row in placed)
    first = [str(row.need) for row in placed if row.quadrant == quadrant.CONCENTRATE]
    if first:
        begin = _("Concentrate on: %(needs)s.") % {"needs": "; ".join(first)}
    else:
        begin = _("Nothing that matters much falls short of its goal.")
    rest = [
        f"{QUADRANTS[code]} {localised(count)}"
        for code, count in many.items()
        if code != quadrant.CONCENTRATE
    ]
    return f"{begin} " + _("Besides: %(rest)s.") % {"rest": ", ".join(rest)}
