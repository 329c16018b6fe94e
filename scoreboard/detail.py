"""The answers behind one figure: spread over the answers, over months and over the units below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile

from django.utils.translation import gettext as _

from charter.models import Measure, RecordedResult
from common import charts
from common.period import Period
from common.sources import Counts
from common.templatetags.charterwell import FACES
from organisation.models import Tree, Unit
from scoreboard import pooling
from scoreboard.figures import Figure, Point, changes, figures_for, figures_of_units, trend
from scoreboard.scores import Change

MONTHS = 24


@dataclass(frozen=True)
class AnswerRow:
    """How many gave one answer. `percent` is its share of all answers, 0 to 100."""

    value: int
    label: str
    face: int | None
    count: int
    percent: float
    is_high: bool

    @property
    def bar(self) -> str:
        """The share as an SVG attribute reads it, with a point in every language."""
        return charts.plain(self.percent)


@dataclass(frozen=True)
class UnitRow:
    unit: Unit
    figure: Figure


@dataclass(frozen=True)
class Detail:
    """Everything on the page behind a figure. `line` is oldest first and begins where answers begin."""

    figure: Figure
    change: Change | None
    answers: list[AnswerRow]
    results: list[RecordedResult]
    line: list[Point]
    units: list[UnitRow]

    @property
    def points(self) -> list[Point]:
        """The months that hold anything, newest first."""
        return [point for point in reversed(self.line) if _holds_anything(point)]


def _holds_anything(point: Point) -> bool:
    return bool(point.figure.n or point.figure.na)


def detail_of(measure: Measure, unit: Unit, period: Period, today: date) -> Detail:
    on = max(period.start, min(period.last_day, today))
    now = figures_for([measure], unit, period, today=today)
    figure = now[measure.pk]
    before = figures_for([measure], unit, period.before(), today=today)
    placements = pooling.Placements.read()
    spans = pooling.spans_of(unit.pk, period, placements)
    months = trend([measure], unit, on, MONTHS)[measure.pk]
    return Detail(
        figure=figure,
        change=changes(now, before)[measure.pk],
        answers=_answers(measure, spans, figure),
        results=_results(measure, spans),
        line=list(dropwhile(lambda point: not _holds_anything(point), months)),
        units=_units_below(measure, unit, period, today, placements.tree_on(on)),
    )


def _answers(measure: Measure, spans: Sequence[pooling.Span], figure: Figure) -> list[AnswerRow]:
    """Every answer of the scale, best first, with those outside it; nothing without a figure."""
    if figure.value is None or measure.source != Measure.Source.ANSWERS or figure.series is None:
        return []
    counts = pooling.with_values(measure, spans).get(figure.series, Counts())
    scale = set(range(measure.scale_low, measure.scale_high + 1)) | set(counts.values)
    return [
        AnswerRow(
            value=value,
            label=_label(measure, value),
            face=value if _has_faces(measure) and value in FACES else None,
            count=counts.values.get(value, 0),
            percent=100 * counts.values.get(value, 0) / counts.n if counts.n else 0.0,
            is_high=value >= measure.top_from,
        )
        for value in sorted(scale, reverse=True)
    ]


def _has_faces(measure: Measure) -> bool:
    return (measure.scale_low, measure.scale_high) == (1, 5)


def _label(measure: Measure, value: int) -> str:
    if (measure.scale_low, measure.scale_high) == (0, 1) and value in (0, 1):
        return _("Yes") if value else _("No")
    return str(FACES[value]) if _has_faces(measure) and value in FACES else ""


def _results(measure: Measure, spans: Sequence[pooling.Span]) -> list[RecordedResult]:
    """The recorded results that are pooled into the figure, and the spans that nobody tracked."""
    if measure.source != Measure.Source.RESULTS:
        return []
    found: list[RecordedResult] = []
    for span in spans:
        results = RecordedResult.objects.countable().inside(span.start, span.end)
        found += results.filter(measure=measure, unit__in=span.units).select_related("unit")
    return sorted(found, key=lambda each: (each.start, each.unit.name), reverse=True)


def _units_below(measure: Measure, unit: Unit, period: Period, today: date, tree: Tree) -> list[UnitRow]:
    """The units just below, as the tree stands on the period's last day, and what is the unit's own."""
    children = list(Unit.objects.filter(pk__in=tree.children.get(unit.pk, [])))
    if not children:
        return []
    figures = figures_of_units([measure], children, period, today=today)[measure.pk]
    return [UnitRow(child, figures[child.pk]) for child in children]
