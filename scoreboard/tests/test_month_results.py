"""Results recorded by month in a period that cuts months: what the figure covers, and the comparison."""

from datetime import date
from typing import Any

import pytest

from charter.models import Charter, Measure
from charter.tests.factories import CharterFactory, MeasureFactory, RecordedResultFactory, StandardFactory
from common.period import Period
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.compared import figures_against
from scoreboard.figures import Figure, changes, figures_for
from scoreboard.scores import Change
from scoreboard.tests.factories import stale

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
CUT = Period.parse("2026-03-02..2026-05-17")
PAGE = "/scoreboard/harbour-branch/measures/letters/"


@pytest.fixture
def branch() -> Any:
    root = InstallationFactory().root
    CharterFactory(unit=root)
    return UnitFactory(slug="harbour-branch", parent=root)


@pytest.fixture
def letters(branch: Any) -> Measure:
    """Of January to May 2026: 80, 90, 85, 95 and 70 of 100 in time."""
    standard = StandardFactory(charter=Charter.objects.get(), key="letters")
    source, method = Measure.Source.RESULTS, Measure.Method.SHARE_MET
    measure = MeasureFactory(standard=standard, key="letters", source=source, method=method, goal=90)
    for month, met in enumerate((80, 90, 85, 95, 70), start=1):
        span = Period.parse(f"2026-{month:02}")
        RecordedResultFactory(
            measure=measure, unit=branch, start=span.start, end=span.end, met=met, total=100
        )
    return measure


@pytest.fixture
def reader(client: Any, branch: Any) -> Any:
    client.force_login(person_in(branch))
    return client


def html_of(reader: Any, address: str = PAGE, period: str = CUT.code, **query: str) -> str:
    return " ".join(reader.get(address, {"period": period, **query}).content.decode().split())


def figure_of(measure: Measure, unit: Any, period: Period = CUT) -> Figure:
    return figures_for([measure], unit, period, today=TODAY)[measure.pk]


def change_of(measure: Measure, unit: Any, period: Period, other: Period) -> tuple[Figure, Change | None]:
    now = {measure.pk: figure_of(measure, unit, period)}
    against = figures_against(now, unit, other, today=TODAY)
    return against[measure.pk], changes(now, against)[measure.pk]


def test_the_figure_covers_the_whole_months_inside(letters: Measure, branch: Any) -> None:
    found = figure_of(letters, branch)
    assert (found.value, found.is_by_month, found.period.code) == (95.0, True, "2026-04")


def test_it_is_held_against_as_many_whole_months_of_the_other_period(letters: Measure, branch: Any) -> None:
    other, change = change_of(letters, branch, CUT, CUT.before())
    assert (other.period.code, other.value) == ("2026-02", 90.0)
    assert change is not None
    assert change.difference == 5.0


def test_with_fewer_whole_months_in_the_other_period_nothing_is_compared(
    letters: Measure, branch: Any
) -> None:
    long, short = Period.parse("2026-02-02..2026-05-17"), Period.parse("2026-01-01..2026-02-20")
    assert change_of(letters, branch, long, short)[1] is None
    assert (
        change_of(letters, branch, Period.parse("2026-04"), Period.parse("2026-01-01..2026-03-20"))[1] is None
    )


def test_whole_months_and_results_of_single_days_are_counted_as_ever(letters: Measure, branch: Any) -> None:
    assert not figure_of(letters, branch, Period.parse("2026-Q1")).is_by_month
    RecordedResultFactory(
        measure=letters, unit=branch, start=date(2026, 5, 10), end=date(2026, 5, 11), met=0, total=5
    )
    found = figure_of(letters, branch)
    assert (found.is_by_month, found.n) == (False, 105)


def test_the_running_month_is_left_out_until_the_period_holds_it_whole(letters: Measure, branch: Any) -> None:
    RecordedResultFactory(
        measure=letters, unit=branch, start=date(2026, 6, 1), end=date(2026, 6, 20), met=0, total=50
    )
    found = figure_of(letters, branch, Period.parse("2026-04-15..2026-06-25"))
    assert (found.period.code, found.n) == ("2026-05", 100)
    alone = figure_of(letters, branch, Period.parse("2026-05-15..2026-06-25"))
    assert (alone.is_by_month, alone.value) == (True, None)


def test_a_month_without_any_whole_month_says_so(letters: Measure, branch: Any, reader: Any) -> None:
    html = html_of(reader, period="2026-03-02..2026-03-20")
    assert "No whole month lies in this period, and results of this measure are by month." in html


def test_the_page_names_the_months_that_the_figures_cover(letters: Measure, branch: Any, reader: Any) -> None:
    html = html_of(reader)
    assert "Covers April 2026 only: results of this measure are by month." in html
    assert "Against February 2026" in html
    assert "Better by 5.0 points" in html


def test_the_board_and_its_export_name_them_too(letters: Measure, branch: Any, reader: Any) -> None:
    address = "/scoreboard/harbour-branch/"
    assert "Covers April 2026 only" in html_of(reader, address)
    export = reader.get(address, {"period": CUT.code, "export": "csv"})
    header, row = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()
    assert header.endswith(",Months covered")
    assert row.endswith(",2026-04")
    assert CUT.code in row


def test_a_program_reads_which_days_are_covered(letters: Measure, branch: Any, reader: Any) -> None:
    asked = {"measure": "letters", "unit": "harbour-branch", "start": "2026-03-02", "end": "2026-05-18"}
    score = reader.get("/api/v1/scores", asked).json()
    assert (score["start"], score["end"]) == ("2026-03-02", "2026-05-18")
    assert (score["covers_start"], score["covers_end"], score["value"]) == ("2026-04-01", "2026-05-01", 95.0)


def test_while_answers_wait_to_be_counted_the_page_says_so(branch: Any, reader: Any) -> None:
    standard = StandardFactory(charter=Charter.objects.get(), key="next-step")
    source, method = Measure.Source.CASES, Measure.Method.SHARE_MET
    cases = MeasureFactory(standard=standard, key="letters", source=source, method=method)
    assert "Not tracked in this period" in html_of(reader)
    stale(cases, branch, date(2026, 4, 5))
    html = html_of(reader)
    assert "Being counted" in html
    assert "Not tracked in this period" not in html
    assert "Being counted" not in html_of(reader, period="2026-06")
