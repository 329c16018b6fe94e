"""Periods: what they hold, how they are written, what stands before them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from common.period import Period, add_months, financial_year, resolve


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 10, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-09-01..2026-11-30", date(2026, 9, 1), date(2026, 12, 1)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 3, 1)),
        ("2026-W48", date(2026, 11, 23), date(2026, 11, 30)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 4)),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1)),
        ("2026-H2", date(2026, 7, 1), date(2027, 1, 1)),
        ("2026-11-22..2026-11-28", date(2026, 11, 22), date(2026, 11, 29)),
    ],
)
def test_a_period_is_read_from_its_code_and_written_back(code, start, end):
    period = Period.parse(code)
    assert (period.start, period.end) == (start, end)
    assert period.code == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "soon",
        "2026-13",
        "2026-Q5",
        "0000",
        "9999",
        "2026-02-30..2026-03-01",
        "2026-03-02..2026-03-01",
        "2026-1",
        "2026-H3",
        "2026-W54",
        "2025-W53",
        "2026-02-30",
        "last-30-days",
        "FY2026",
        "2026\n",
        "٢٠٢٦-11-",
        "2026-11-01..9999-12-31",
        "x" * 5000,
    ],
)
def test_what_is_no_period_is_refused_in_words(code):
    with pytest.raises(ValidationError) as refused:
        Period.parse(code)
    assert len(refused.value.messages[0]) < 200


def test_the_last_day_is_inside_and_the_next_is_not():
    quarter = Period.parse("2026-Q3")
    assert date(2026, 9, 30) in quarter
    assert date(2026, 10, 1) not in quarter
    assert date(2026, 6, 30) not in quarter


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2026-Q1", "2025-Q4"),
        ("2026-H1", "2025-H2"),
        ("2026-W01", "2025-W52"),
        ("2026-03-01", "2026-02-28"),
        ("2026", "2025"),
        ("2026-03", "2026-02"),
        ("2026-09-01..2026-11-30", "2026-06-01..2026-08-31"),
        ("2026-11-10..2026-11-16", "2026-11-03..2026-11-09"),
    ],
)
def test_the_period_before_has_the_same_length(code, before):
    assert Period.parse(code).before().code == before


def test_three_months_that_end_with_this_one():
    assert Period.months(date(2026, 11, 18), 3).code == "2026-09-01..2026-11-30"


def test_only_whole_months_are_month_starts():
    period = Period.parse("2026-01-15..2026-04-10")
    assert list(period.month_starts()) == [date(2026, 2, 1), date(2026, 3, 1)]
    assert not period.whole_months


def test_months_are_added_across_the_year():
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 1)
    assert add_months(date(2026, 1, 5), -1) == date(2025, 12, 1)


def test_a_period_is_said_in_words():
    with translation.override("en"):
        assert str(Period.parse("2026-09-01..2026-11-30")) == "September 2026 to November 2026"
        assert str(Period.parse("2026-11")) == "November 2026"


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("last-7-days", date(2026, 11, 19), TODAY),
        ("last-30-days", date(2026, 10, 27), TODAY),
        ("last-3-months", date(2026, 9, 1), date(2026, 11, 30)),
        ("last-12-months", date(2025, 12, 1), date(2026, 11, 30)),
        ("FY2026", date(2026, 4, 1), date(2027, 3, 31)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_moving_periods_and_financial_years_are_read_for_a_day_and_a_first_month(code, first, last):
    period = resolve(code, today=TODAY, first_month=4)
    assert (period.start, period.last_day, period.asked) == (first, last, code)


def test_a_moving_period_is_the_same_as_its_dates_and_has_their_code():
    moving = resolve("last-3-months", today=TODAY)
    assert moving == Period.parse("2026-09-01..2026-11-30")
    assert moving.code == "2026-09-01..2026-11-30"
    assert moving.before().asked == "2026-06-01..2026-08-31"


@pytest.mark.parametrize(
    "code", ["last-0-days", "last-7-weeks", "last-9999-days", "FY0000", "FY9999", "FY26", "last--1-days"]
)
def test_nonsense_of_a_moving_period_is_refused(code):
    with pytest.raises(ValidationError):
        resolve(code, today=TODAY, first_month=4)


def test_the_financial_year_of_a_day_is_named_by_the_year_in_which_it_begins():
    assert [financial_year(date(2026, month, 1), 4) for month in (3, 4)] == [2025, 2026]
    assert financial_year(date(2026, 1, 1), 1) == 2026


@pytest.mark.parametrize(
    "code",
    [
        *("0001", "0001-Q1", "0001-01", "0001-W01", "0001-01-01", "0001-01-01..9999-12-30", "FY0001"),
        *("1899-12", "9999-11", "9999-12-30", "9998", "FY9998", "2199-12-31..2200-01-01"),
    ],
)
def test_years_that_nobody_means_are_no_period(code):
    with pytest.raises(ValidationError, match="is no period"):
        resolve(code, today=date(2026, 11, 18))


@pytest.mark.parametrize("code", ["1900", "2199", "2199-12-31", "FY2198"])
def test_years_that_somebody_may_mean_are_a_period(code):
    assert resolve(code, today=date(2026, 11, 18)).code
