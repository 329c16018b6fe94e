"""The scoreboard of a unit: which measures stand on it, and a row for each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from charter.models import Measure, Standard
from common.period import Period
from common.sources import every_source
from feedback.models import Question, Questionnaire
from organisation.models import Unit
from scoreboard import pooling
from scoreboard.compared import figures_against
from scoreboard.figures import Figure, Point, changes, figures_for, figures_of_units, trend
from scoreboard.scores import Change

TREND_MONTHS = 12


@dataclass(frozen=True)
class BoardRow:
    """One measure of a standard, with everything that the scoreboard says about it."""

    measure: Measure
    figure: Figure
    change: Change | None
    points: list[Point]
    is_fed: bool

    @property
    def standard(self) -> Standard:
        return self.measure.standard

    @property
    def is_by_colleagues(self) -> bool:
        """Answered in a survey of employees."""
        return bool(getattr(self.measure, "is_by_colleagues", False))

    @property
    def searchable(self) -> str:
        return f"{self.standard} {self.measure.name}"

    @property
    def highest(self) -> float:
        """Where the little line of months ends: a count or a rate may be higher in a month than now."""
        if not self.measure.is_open_ended:
            return self.figure.scale_high
        return max([point.figure.scale_high for point in self.points], default=self.figure.scale_high)


def fed() -> Q:
    """Measures that something feeds: each source says which ones it does."""
    found = Q(pk__in=[])
    for kind, source in every_source().items():
        feeding = source.feeding()
        found |= Q(source=kind) if feeding is None else Q(source=kind, pk__in=feeding)
    return found


def measures_of(unit: Unit, on: date) -> list[Measure]:
    """The measures that a unit is held to: those of its own charter and of the charters above it.

    A standard that names the units which keep it stands only on the boards of these, of the units
    above them and below them. Each measure knows whether anything feeds it (`is_fed`).
    """
    tree = pooling.Placements.read().tree_on(on)
    path = tree.path(unit.pk)
    near = tree.subtree(unit.pk).union(path)
    measures = with_words(Measure.objects.active().of_promises().filter(standard__charter__unit__in=path))
    kept = [measure for measure in measures if _is_kept_near(measure.standard, near)]
    return sorted(
        kept, key=lambda each: (path.index(each.unit_id), each.standard.position, each.standard_id, each.pk)
    )


def with_words(measures: "QuerySet[Measure]") -> "QuerySet[Measure]":
    """The measures with everything that a row of the board says of them."""
    return (
        measures.annotate(
            is_fed=ExpressionWrapper(fed(), output_field=BooleanField()),
            is_by_colleagues=Exists(_of_employees()),
        )
        .select_related("standard__charter", "standard__value")
        .prefetch_related("goals", "standard__texts", "standard__value__texts", "standard__keeper_units")
    )


def _of_employees() -> "QuerySet[Question]":
    """Questions of employee surveys that feed the measure at hand."""
    asked = Question.objects.filter(measure=OuterRef("pk"), version__published_at__isnull=False)
    return asked.filter(version__questionnaire__kind=Questionnaire.Kind.EMPLOYEES)


def grouped(rows: Sequence[BoardRow]) -> list[tuple[str, list[BoardRow]]]:
    """What customers say and what colleagues say, each with the same weight; who says nothing is left out."""
    found = [
        (_("What customers experience"), [row for row in rows if not row.is_by_colleagues]),
        (_("What colleagues experience"), [row for row in rows if row.is_by_colleagues]),
    ]
    return [(title, those) for title, those in found if those]


def _is_kept_near(standard: Standard, units: set[int]) -> bool:
    keepers = {unit.pk for unit in standard.keeper_units.all()}
    return not keepers or bool(keepers & units)


def board_of(unit: Unit, period: Period, today: date) -> list[BoardRow]:
    """One row a measure. The number of queries is the same for two measures as for twenty."""
    on = max(period.start, min(period.last_day, today))
    return rows_of(measures_of(unit, on), unit, period, today)


def rows_of(measures: Sequence[Measure], unit: Unit, period: Period, today: date) -> list[BoardRow]:
    on = max(period.start, min(period.last_day, today))
    now = figures_for(measures, unit, period, today=today)
    before = changes(now, figures_against(now, unit, period.before(), today=today))
    months = trend(measures, unit, on, TREND_MONTHS)
    return [
        BoardRow(
            measure=measure,
            figure=now[measure.pk],
            change=before[measure.pk],
            points=months[measure.pk],
            is_fed=getattr(measure, "is_fed", True),
        )
        for measure in measures
    ]


@dataclass(frozen=True)
class Sums:
    """How many measures have each verdict, and how many answers and cases stand behind them: a
    card with two measured questions counts twice."""

    met: int
    not_met: int
    unsure: int
    without: int
    n: int

    @classmethod
    def of(cls, rows: Sequence[BoardRow]) -> "Sums":
        return cls.of_figures([row.figure for row in rows])

    @classmethod
    def of_figures(cls, figures: Sequence[Figure]) -> "Sums":
        verdicts = Counter(figure.verdict for figure in figures)
        counted = verdicts["met"], verdicts["not_met"], verdicts["unsure"]
        n = sum(figure.n for figure in figures if not figure.measure.is_open_ended)
        return cls(*counted, without=len(figures) - sum(counted), n=n)


@dataclass(frozen=True)
class BelowRow:
    """One unit just below, with how many of its measures have which verdict."""

    unit: Unit
    sums: Sums


def units_below(unit: Unit, period: Period, today: date) -> list[BelowRow]:
    """The units just below by name, each with the measures that it is held to. No more queries for twenty
    units than for two."""
    on = max(period.start, min(period.last_day, today))
    tree = pooling.Placements.read().tree_on(on)
    children = list(Unit.objects.active().filter(pk__in=tree.children.get(unit.pk, [])))
    if not children:
        return []
    path = tree.path(unit.pk)
    charters = {*path, *(child.pk for child in children)}
    held = Measure.objects.active().of_promises().filter(standard__charter__unit__in=charters)
    measures = list(
        held.select_related("standard__charter").prefetch_related("goals", "standard__keeper_units")
    )
    figures = figures_of_units(measures, children, period, today=today)
    found = []
    for child in children:
        near = tree.subtree(child.pk).union(path, {child.pk})
        own = [
            figures[measure.pk][child.pk]
            for measure in measures
            if measure.unit_id in (*path, child.pk) and _is_kept_near(measure.standard, near)
        ]
        found.append(BelowRow(child, Sums.of_figures(own)))
    return found
