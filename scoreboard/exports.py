"""CSV of the scoreboard. Numbers are unrounded; what is not shown on the page is not in the file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from charter.models import RecordedResult
from scoreboard.board import BoardRow
from scoreboard.detail import AnswerRow, UnitRow
from scoreboard.figures import Figure, Point

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


def board(rows: Sequence[BoardRow]) -> Sheet:
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
    ]

    def lines() -> Iterator[list[Any]]:
        for row in rows:
            change = row.change
            yield [
                row.figure.unit.name,
                row.figure.period.code,
                str(row.standard),
                row.measure.name,
                row.measure.key,
                row.measure.get_method_display(),
                *_figure_cells(row.figure),
                *((change.difference, change.low, change.high) if change else ("", "", "")),
            ]

    return header, lines()


def months(points: Sequence[Point]) -> Sheet:
    header = [_("Month"), *_figure_header(), _("Series")]
    lines = ([f"{point.month:%Y-%m}", *_figure_cells(point.figure), point.figure.series] for point in points)
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
