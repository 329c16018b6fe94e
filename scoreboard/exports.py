"""CSV of the scoreboard. Numbers are unrounded; what is not shown on the page is not in the file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from charter.models import RecordedResult
from common.period import Period
from scoreboard.board import BoardRow
from scoreboard.chart import Chart
from scoreboard.detail import AnswerRow, UnitRow
from scoreboard.figures import Figure
from scoreboard.goals import GoalRow

Sheet = tuple[list[Any], Iterable[list[Any]]]


def _figure_header() -> list[Any]:
    return [
        _("Answers or cases"),
        _("Left out"),
        _("Figure"),
        _("Lower bound"),
        _("Upper bound"),
        _("Goal"),
        _("Verdict"),
    ]


def _figure_cells(figure: Figure) -> list[Any]:
    goal = None if figure.goal is None else f"{figure.goal.normalize():f}"
    return [figure.n, figure.na, figure.value, figure.low, figure.high, goal, figure.verdict_text]


def board(rows: Sequence[BoardRow], period: Period) -> Sheet:
    """`Months covered` says which whole months a figure holds, where its results are by month and the period
    cuts months."""
    header = [
        _("Unit"),
        _("Period"),
        _("Standard"),
        _("Measure"),
        _("Key"),
        _("Method"),
        *_figure_header(),
        _("Change"),
        _("Change from"),
        _("Change to"),
        _("Months covered"),
    ]

    def lines() -> Iterator[list[Any]]:
        for row in rows:
            change = row.change
            yield [
                row.figure.unit.name,
                period.code,
                str(row.standard),
                row.measure.name,
                row.measure.key,
                row.measure.get_method_display(),
                *_figure_cells(row.figure),
                *((change.difference, change.low, change.high) if change else ("", "", "")),
                row.figure.period.code if row.figure.is_by_month and row.figure.period.whole_months else "",
            ]

    return header, lines()


def months(chart: Chart) -> Sheet:
    """The complete months, oldest first, with the usual range and what is marked."""
    header = [
        _("Month"),
        *_figure_header(),
        _("Series"),
        _("Usual from"),
        _("Usual to"),
        _("Unusual"),
        _("Changes"),
    ]
    lines = (
        [
            f"{row.point.month:%Y-%m}",
            *_figure_cells(row.figure),
            row.figure.series,
            row.limits and row.limits.low,
            row.limits and row.limits.high,
            _("yes") if row.is_unusual else "",
            "; ".join(str(change) for change in row.changes),
        ]
        for row in reversed(chart.rows)
    )
    return header, lines


def units(rows: Sequence[UnitRow]) -> Sheet:
    return [_("Unit"), *_figure_header()], ([row.unit.name, *_figure_cells(row.figure)] for row in rows)


def answers(rows: Sequence[AnswerRow]) -> Sheet:
    header = [_("Answer"), _("In words"), _("How many"), _("Per cent")]
    return header, ([row.value, row.label, row.count, row.percent] for row in rows)


def results(rows: Sequence[RecordedResult]) -> Sheet:
    header = [_("Unit"), _("First day"), _("Last day"), _("Met"), _("Cases in scope"), _("Departures")]
    return header, (
        [row.unit.name, row.start, row.last_day, row.met, row.total, row.departures] for row in rows
    )


def goals(rows: Sequence[GoalRow]) -> Sheet:
    header = [
        _("Unit"),
        _("Standard"),
        _("Measure"),
        _("Goal of"),
        _("Goal in words"),
        _("From"),
        _("Up to"),
        _("Critical success factor"),
        *_figure_header(),
    ]
    lines = (
        [
            row.unit.name,
            str(row.measure.standard),
            row.measure.name,
            row.goal.unit.name if row.goal.unit else _("All units"),
            row.target_text,
            row.goal.starts_on,
            row.goal.ends_on,
            _("yes") if row.goal.is_critical else "",
            *_figure_cells(row.figure),
        ]
        for row in rows
    )
    return header, lines
