"""The rules of one row of a file of recorded results."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from charter.imports import ResultsMapping, read_line
from charter.imports.mapping import PeriodRule
from charter.imports.rows import promise_of
from charter.tests.imports import SIMPLE
from organisation.imports import ImportRefused, Row, RowProblem

ROW = {
    "unit": "Letters office",
    "measure": "letters-in-time",
    "period": "2026-10",
    "met": "8",
    "total": "10",
    "departures": "",
    "reason": "",
    "target": "90",
}


def line_of(mapping: dict[str, Any] | None = None, **cells: str) -> Any:
    row = Row(2, [], {**ROW, **cells})
    return read_line(row, ResultsMapping.parse({**SIMPLE, **(mapping or {})}))


def problem_of(mapping: dict[str, Any] | None = None, **cells: str) -> RowProblem:
    with pytest.raises(RowProblem) as problem:
        line_of(mapping, **cells)
    return problem.value


def test_a_row_says_unit_measure_period_and_numbers() -> None:
    line = line_of()
    assert (line.unit, line.measure, line.met, line.total) == ("Letters office", "letters-in-time", 8, 10)
    assert (line.period.start, line.period.end) == (date(2026, 10, 1), date(2026, 11, 1))
    assert (line.target, line.notes) == (Decimal(90), ())


@pytest.mark.parametrize(
    ("met", "total"), [("", ""), ("NA", "NA"), ("nd", "ND"), ("N/A", ""), ("0", "0"), ("0.0", "0")]
)
def test_blanks_and_zero_volumes_are_not_tracked_and_never_nought(met: str, total: str) -> None:
    line = line_of(met=met, total=total)
    assert (line.met, line.total, line.is_tracked) == (None, None, False)


def test_half_a_pair_of_numbers_is_not_tracked_and_remarked() -> None:
    line = line_of(met="", total="10")
    assert (line.is_tracked, line.notes) == (False, ("half_tracked",))


@pytest.mark.parametrize(("met", "total"), [("11", "10"), ("94", "0")])
def test_more_met_than_cases_is_refused(met: str, total: str) -> None:
    problem = problem_of(met=met, total=total)
    assert problem.code == "met_over_total"
    assert met in problem.text


@pytest.mark.parametrize("text", ["8.5", "-8", "1,234", "1e3", "٣", "eight", "1" * 30, str(2**63)])
def test_what_is_no_whole_number_of_cases_is_refused(text: str) -> None:
    assert problem_of(total=text, met="1").code == "not_whole"


def test_a_number_as_a_spreadsheet_writes_it_is_read() -> None:
    assert line_of(met="8.0", total="10.00").total == 10


def test_departures_count_apart_and_never_beyond_the_cases() -> None:
    line = line_of(departures="2", reason="A storm")
    assert (line.departures, line.departure_reason) == (2, "A storm")
    assert problem_of(departures="3").code == "met_over_total"
    assert problem_of(departures="x").code == "not_whole"


@pytest.mark.parametrize("name", ["unit", "measure"])
def test_a_row_without_unit_or_measure_is_refused(name: str) -> None:
    assert problem_of(**{name: ""}).code == name


@pytest.mark.parametrize(
    ("rule", "cell", "start", "end"),
    [
        ({"fiscal_year": "period", "first_month": 4}, "2017-2018", "2017-04-01", "2018-04-01"),
        ({"fiscal_year": "period", "first_month": 4}, "2017-18", "2017-04-01", "2018-04-01"),
        ({"fiscal_year": "period", "first_month": 4}, "1999/00", "1999-04-01", "2000-04-01"),
        ({"fiscal_year": "period"}, "2026", "2026-01-01", "2027-01-01"),
        ({"month": "period"}, "2026-12", "2026-12-01", "2027-01-01"),
        ({"month": "period"}, "02/2026", "2026-02-01", "2026-03-01"),
        ({"period": "period"}, "2026-Q3", "2026-07-01", "2026-10-01"),
        ({"period": {"constant": "2026"}}, "ignored", "2026-01-01", "2027-01-01"),
        (
            {"start": "period", "end": "reason", "formats": ["%d.%m.%Y"]},
            "01.02.2026",
            "2026-02-01",
            "2026-02-15",
        ),
        (
            {"start": "period", "end": "reason", "formats": ["%d.%m.%Y"], "end_included": False},
            "01.02.2026",
            "2026-02-01",
            "2026-02-14",
        ),
    ],
)
def test_a_period_is_read_as_the_mapping_says(rule: Any, cell: str, start: str, end: str) -> None:
    period = line_of({"period": rule, "departure_reason": ""}, period=cell, reason="14.02.2026").period
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    ("rule", "cell"),
    [
        ({"fiscal_year": "period", "first_month": 4}, "2017-2019"),
        ({"fiscal_year": "period", "first_month": 4}, "last year"),
        ({"month": "period"}, "2026-13"),
        ({"period": "period"}, "2026-Q5"),
        ({"start": "period", "end": "met"}, "2026-02-30"),
        ({"start": "period", "end": "reason"}, "9999-12-31"),
        ({"start": "period", "end": "reason"}, "2026-03-01"),
    ],
)
def test_an_unreadable_or_backward_period_is_refused(rule: Any, cell: str) -> None:
    reason = "9999-12-31" if cell.startswith("9999") else "2026-02-14"
    assert problem_of({"period": rule, "departure_reason": ""}, period=cell, reason=reason).code == "period"


@pytest.mark.parametrize(
    ("target", "note"),
    [
        ("", "target_missing"),
        ("ND", "target_missing"),
        ("0", "target_zero"),
        ("101", "target_out_of_range"),
        ("-1", "target_out_of_range"),
        ("soon", "target_out_of_range"),
        ("NaN", "target_out_of_range"),
        ("Infinity", "target_out_of_range"),
        ("99.12345", "target_out_of_range"),
    ],
)
def test_a_target_that_is_no_percentage_leaves_the_result_without_a_goal(target: str, note: str) -> None:
    line = line_of(target=target)
    assert (line.target, line.notes, line.total) == (None, (note,), 10)


def test_a_target_in_per_cent_is_a_goal_and_a_tiny_one_is_remarked() -> None:
    assert line_of(target="99.5 %").target == Decimal("99.5")
    assert line_of(target="1").notes == ("target_tiny",)


def test_a_target_of_another_type_is_no_goal() -> None:
    rule = {"target": {"column": "target", "type": "reason", "percentages": ["Percentage"]}}
    assert line_of(rule, reason="percentage").target == Decimal(90)
    assert line_of(rule, reason="days").notes == ("target_other_type",)


def test_a_wording_is_put_in_one_line_and_cut_where_it_is_too_long() -> None:
    mapping = ResultsMapping.parse(
        {**SIMPLE, "standard": {"promise": {"en": ["unit", "measure"], "fr": "reason"}}}
    )
    row = Row(2, [], {**ROW, "unit": "Farm\r\n\r\n aid", "measure": "x" * 1000, "reason": ""})
    words, cut = promise_of(row, mapping)
    assert list(words) == ["en"]
    assert (len(words["en"]), words["en"][:11], words["en"][-1], cut) == (1000, "Farm aid: x", "…", True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"met": None}, "“met”"),
        ({"unit": 3}, "“unit”"),
        ({"period": "2026"}, "period"),
        ({"period": {"fiscal_year": "period", "first_month": 13}}, "period"),
        ({"measure": {}}, "measure or of the standard"),
        ({"colour": "red"}, "colour"),
        ({"standard": "x"}, "“standard” must be an object"),
        ({"standard": {"reference": 7}}, "list of columns"),
        ({"not_tracked": "NA"}, "list of texts"),
        ({"new_units": {"timezone": "Atlantis"}}, "Atlantis"),
        ({"standard": {"discretion": "some"}}, "discretion"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_what_is_wrong(change: Any, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        ResultsMapping.parse({**SIMPLE, **change})


@pytest.mark.parametrize("formats", [["%Y%Y"], ["%"], "%Y-%m-%d", 7, [7]])
def test_dates_written_in_no_way_are_refused_with_the_mapping(formats: Any) -> None:
    rule = {"start": "period", "end": "reason", "formats": formats}
    with pytest.raises(ImportRefused):
        PeriodRule.parse(rule)
