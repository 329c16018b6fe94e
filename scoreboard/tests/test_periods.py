"""Which periods the switch offers, and which ones it refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from common.period import Period
from scoreboard import periods

TODAY = date(2026, 11, 25)  # a Wednesday


def flat(first_month=1):
    return {code: words for _group, entries in periods.offered(TODAY, first_month) for code, words in entries}


def test_every_kind_of_period_is_offered_and_can_be_read_back():
    choices = flat(4)
    for code in (
        *("last-7-days", "last-30-days", "last-90-days"),
        *("last-3-months", "last-6-months", "last-12-months"),
        *("2026-11-25", "2026-11-24", "2026-W48", "2026-11", "2026-10", "2026-Q4", "2026-Q3"),
        *("2026-H2", "2026-H1", "2026", "2025", "2024", "FY2026", "FY2025"),
    ):
        assert code in choices
        assert periods.read(code, today=TODAY, first_month=4).asked == code


def test_the_usual_period_comes_first():
    assert next(iter(flat())) == periods.usual(TODAY).asked == "last-3-months"


def test_periods_are_named_as_people_name_them():
    choices = flat(4)
    assert choices["2026-Q3"] == "Quarter 3 of 2026"
    assert choices["2026-H2"] == "Half-year 2 of 2026"
    assert choices["FY2026"] == "Financial year 2026/27"
    assert choices["2026-W48"].startswith("Week 48: 23 November 2026")
    assert flat(1)["FY2026"] == "Financial year 2026"


@pytest.mark.parametrize(("language", "code"), [("de", "2026-W48"), ("ar", "2026-11-22..2026-11-28")])
def test_a_week_begins_where_the_readers_language_begins_it(language, code):
    with translation.override(language):
        assert periods.week_of(TODAY).code == code


@pytest.mark.parametrize("code", ["1989", "2200", "last-999-months", "FY2199", "soon"])
def test_years_that_nobody_counts_are_refused(code):
    with pytest.raises(ValidationError):
        periods.read(code, today=TODAY, first_month=4)


def test_two_days_are_a_period_with_the_last_one_inside():
    assert periods.between(date(2026, 7, 1), date(2026, 9, 30)) == Period.parse("2026-Q3")
    for first, last in ((None, TODAY), (TODAY, None), (TODAY, date(2026, 1, 1)), (TODAY, date.max)):
        with pytest.raises(ValidationError):
            periods.between(first, last)
