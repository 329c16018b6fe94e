"""The answers behind one figure: spread over the answers, over months and over the units below."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from charter.models import Measure, RecordedResult, StaleBucket
from common import charts
from common.figure_words import FACES
from common.period import Period
from common.sources import Counts
from organisation.models import Tree, Unit
from scoreboard import pooling
from scoreboard.chart import Chart, chart_of, last_complete_month
from scoreboard.compared import figures_against
from scoreboard.figures import Figure, changes, figures_for, figures_of_units
from scoreboard.moves import moves_inside
from scoreboard.scores import Change


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
    """Everything on the page behind a figure. `other` is the figure of the period it is compared with;
    `moves` are the sentences of units that came or left while the chart was drawn."""

    figure: Figure
    other: Figure
    change: Change | None
    answers: list[AnswerRow]
    results: list[RecordedResult]
    chart: Chart
    units: list[UnitRow]
    overlaps: list[str]
    moves: list[str]
    is_being_counted: bool

    @property
    def now_and_then(self) -> tuple[str, str]:
        """Both figures with as many decimals as their difference has, so that the words agree with them."""
        decimals = max(self.figure.decimals, self.change.decimals if self.change else 0)
        return self.figure.say(self.figure.value or 0, decimals), self.figure.say(
            self.other.value or 0, decimals
        )


def detail_of(
    measure: Measure, unit: Unit, period: Period, today: date, *, against: Period | None = None
) -> Detail:
    """`against` is the period to compare with; the one before unless told otherwise."""
    on = max(period.start, min(period.last_day, today))
    now = figures_for([measure], unit, period, today=today)
    figure = now[measure.pk]
    before = figures_against(now, unit, against or period.before(), today=today)
    placements = pooling.Placements.read()
    spans = pooling.spans_of(unit.pk, period, placements)
    tree = placements.tree_on(on)
    last = last_complete_month(period.last_day, today)
    chart = chart_of(measure, unit, last, tree.path(unit.pk))
    shown = Period(chart.points[0].month, period.end) if chart.points else period
    units = _units_below(measure, unit, period, today, tree)
    return Detail(
        figure=figure,
        other=before[measure.pk],
        change=changes(now, before)[measure.pk],
        answers=_answers(measure, spans, figure),
        results=_results(measure, spans),
        chart=chart,
        units=units,
        overlaps=overlaps(units),
        moves=moves_inside(placements, unit, shown if shown.start < period.start else period),
        is_being_counted=_is_owed(measure, spans),
    )


def _is_owed(measure: Measure, spans: Sequence[pooling.Span]) -> bool:
    """Whether answers of these days wait to be counted: the figure does not hold them yet."""
    owed = StaleBucket.objects.filter(measure=measure)
    return any(owed.filter(unit__in=s.units, day__gte=s.start, day__lt=s.end).exists() for s in spans)


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
    top = max(figure.scale_high for figure in figures.values())
    return [UnitRow(child, replace(figures[child.pk], scale_high=top)) for child in children]


def overlaps(rows: Sequence[UnitRow]) -> list[str]:
    """In words which units' intervals lie clear of each other, by name; the rest overlap.

    Where nothing has an interval there is nothing to say.
    """
    sampled = [row for row in rows if row.figure.low is not None and row.figure.high is not None]
    if len(sampled) < 2:
        return []
    found = []
    for row in sampled:
        below = [other.unit.name for other in sampled if (other.figure.high or 0) < (row.figure.low or 0)]
        if below:
            words = _("The interval of %(unit)s lies wholly above that of %(others)s.")
            found.append(words % {"unit": row.unit.name, "others": ", ".join(below)})
    if not found:
        return [_("The intervals of all these units overlap: nothing says that one is ahead of another.")]
    return [*found, _("All other intervals overlap and leave open which unit is ahead.")]
