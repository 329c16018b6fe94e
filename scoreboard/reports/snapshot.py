"""Everything a report says, as it stands at the moment it is made.

The content is JSON: each number unrounded, and beside it, under `printed`, the words that the report
prints, in the language that is spoken while it is made. `FORMAT` changes with its shape.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from charter.models import Edition, Measure
from common.figure_words import answers as counted_words
from common.figure_words import goal as goal_words
from common.figure_words import localised
from common.period import Period
from organisation.models import Installation, Unit
from scoreboard import pooling
from scoreboard.board import measures_of
from scoreboard.figures import Figure, Point, changes, figures_for, history
from scoreboard.method_words import method_sentence
from scoreboard.models import Report, Signal
from scoreboard.reports.sections import sections_of
from scoreboard.response_rate import Responses, responses_in
from scoreboard.scores import Change
from scoreboard.signal_words import sentence_of
from scoreboard.unusual import Splits
from scoreboard.watch import found_unusual

FORMAT = 1


def content_of(report: Report, *, at: datetime) -> dict[str, Any]:
    """The report's content. The number of queries does not depend on how many measures there are."""
    unit, period, on = report.unit, report.period, report.period.last_day
    placements = pooling.Placements.read()
    spans = pooling.spans_of(unit.pk, period, placements)
    measures = measures_of(unit, on)
    now = figures_for(measures, unit, period, today=on)
    before = changes(now, figures_for(measures, unit, period.before(), today=on))
    lines = history(measures, unit, on)
    splits = Splits(placements.tree_on(on).path(unit.pk))
    installation = Installation.current()
    rows = [
        _measure(now[measure.pk], before[measure.pk], lines[measure.pk], splits.of(measure), period)
        for measure in measures
    ]
    return {
        "format": FORMAT,
        "language": get_language(),
        "organisation": installation.name if installation else unit.name,
        "colour": installation.colour if installation else "#0f6b6b",
        "kind": report.kind,
        "unit": {"slug": unit.slug, "name": unit.name},
        "period": _period(period),
        "before": _period(period.before()),
        "made_on": date_format(at, "DATE_FORMAT"),
        "units_below": _units_below(unit, spans),
        "editions": _editions(placements, unit, on),
        "verdicts": dict(Counter(row["verdict"] for row in rows)),
        "responses": _responses(spans),
        "measures": rows,
        "sections": sections_of(unit, period),
        "rules": _rules(measures),
    }


def _period(period: Period) -> dict[str, str]:
    return {
        "code": period.code,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "words": str(period),
    }


def _units_below(unit: Unit, spans: Sequence[pooling.Span]) -> list[str]:
    """Every unit that stood below for any part of the period, by name."""
    held = set().union(*(span.units for span in spans)) - {unit.pk}
    return list(Unit.objects.filter(pk__in=held).values_list("name", flat=True))


def _editions(placements: pooling.Placements, unit: Unit, on: date) -> list[dict[str, Any]]:
    """The editions in force on the last day: of the unit's charter and of those above, the nearest first."""
    path = placements.tree_on(on).path(unit.pk)
    standing: dict[int, Edition] = {}
    for edition in (
        Edition.objects.filter(charter__unit__in=path).in_force(on).select_related("charter__unit")
    ):
        standing.setdefault(edition.charter.unit_id, edition)
    nearest = sorted(standing.values(), key=lambda each: -path.index(each.charter.unit_id))
    return [
        {
            "unit": each.charter.unit.name,
            "number": each.number,
            "in_force_from": each.in_force_from.isoformat(),
            "printed": _("%(edition)s, %(unit)s, in force from %(day)s")
            % {
                "edition": each,
                "unit": each.charter.unit.name,
                "day": date_format(each.in_force_from, "DATE_FORMAT"),
            },
        }
        for each in nearest
    ]


def _responses(spans: Sequence[pooling.Span]) -> dict[str, Any]:
    """How many answered, of how many customers where somebody counted them."""
    found = responses_in(spans)
    return {"n": found.n, "expected": found.served or None, "printed": _response_words(found)}


def _response_words(found: Responses) -> str:
    words = _rate_words(found)
    if not found.is_beyond:
        return words
    return _("%(rate)s More answered than were counted as served.") % {"rate": words}


def _rate_words(found: Responses) -> str:
    responses = ngettext("%(n)s response", "%(n)s responses", found.n) % {"n": localised(found.n)}
    if found.percent is None:
        return _(
            "%(responses)s. The response rate is not known: nobody has recorded how many customers were"
            " served."
        ) % {"responses": responses}
    rate = {"expected": localised(found.served), "rate": localised(found.percent, 1)}
    if found.of_counted == found.n:
        words = _("%(responses)s from %(expected)s customers served: %(rate)s %%.")
        return words % {"responses": responses, **rate}
    words = _(
        "%(responses)s; %(part)s of them where customers were counted, from %(expected)s served: %(rate)s %%."
    )
    return words % {"responses": responses, "part": localised(found.of_counted), **rate}


def _measure(
    figure: Figure, change: Change | None, points: Sequence[Point], splits: Sequence[date], period: Period
) -> dict[str, Any]:
    measure = figure.measure
    return {
        "standard": str(measure.standard),
        "measure": measure.name,
        "key": measure.key,
        "method": measure.method,
        "source": measure.source,
        "direction": measure.direction,
        "is_critical": figure.is_critical,
        "is_full_count": figure.is_full_count,
        "scale": [figure.scale_low, figure.scale_high],
        "series": figure.series,
        "n": figure.n,
        "na": figure.na,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "goal": None if figure.goal is None else float(figure.goal),
        "verdict": figure.verdict,
        "change": change and {"difference": change.difference, "low": change.low, "high": change.high},
        "months": [
            {"month": f"{point.month:%Y-%m}", "n": point.figure.n, "value": point.value}
            for point in points[-12:]
        ],
        "unusual": [
            sentence_of(Signal(kind=each.kind, period=each.period, facts=each.facts))
            for month in period.month_starts()
            for each in found_unusual(measure, figure.unit, points, splits, month)
        ],
        "printed": _printed(figure, change),
    }


def _printed(figure: Figure, change: Change | None) -> dict[str, Any]:
    return {
        "value": figure.value_text,
        "interval": figure.interval_text,
        "counted": counted_words(figure),
        "goal": _goal(figure),
        "verdict": figure.verdict_text,
        "change": change.difference_text if change else "",
        "change_interval": change.interval_text if change else "",
        "change_words": change.words if change else _("no comparison"),
        "remarks": list(_remarks(figure)),
    }


def _goal(figure: Figure) -> str:
    words = goal_words(figure)
    if figure.goal is not None and figure.lower_is_better:
        return _("at most %(goal)s") % {"goal": words}
    return words


def _remarks(figure: Figure) -> Iterator[str]:
    if figure.is_critical:
        yield _("critical success factor")
    if figure.is_indicative:
        yield _("indicative: fewer than 30 answers")
    if figure.older_series:
        yield _("the newest wording only")
    if figure.na and figure.measure.source == Measure.Source.RESULTS:
        yield ngettext("%(n)s departure counted apart", "%(n)s departures counted apart", figure.na) % {
            "n": localised(figure.na)
        }


def _rules(measures: Sequence[Measure]) -> list[str]:
    """The rules behind the numbers, each method of the report once."""
    return [
        *dict.fromkeys(f"{measure.method_words}: {method_sentence(measure)}" for measure in measures),
        _(
            "Verdicts: met where the whole interval reaches the goal, not met where all of it misses it, too"
            " close to call where the goal lies inside. Where every case is counted the unrounded figure"
            " decides."
        ),
        _("A figure needs five answers inside the organisation; under thirty it is indicative."),
        _(
            "Figures pool the answers of the unit and of the units that stood below it in each month;"
            " percentages are never averaged."
        ),
        _("The day of service counts. An answer that does not apply is left out and counted apart."),
        _(
            "The change is reckoned against the period before; where its interval holds 0 nothing has"
            " changed for certain."
        ),
        _(
            "Unusual means outside the usual range of a control chart (XmR, or p chart where the numbers of"
            " answers differ), or eight months in a row on one side of its middle. Of a thousand measures"
            " where nothing has changed, seven or eight a month look unusual by chance."
        ),
        _("An interval covers chance only: who answers a comment card chose to."),
        _("This report is a snapshot: later corrections do not change it."),
    ]
