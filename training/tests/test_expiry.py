"""Calendar months and the window of an early renewal."""

from datetime import date

import pytest

from common.period import add_calendar_months
from training.expiry import expiry


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_calendar_months_are_clamped_to_the_end_of_the_month(day, months, expected):
    assert add_calendar_months(day, months) == expected


def test_a_course_without_refresher_never_expires():
    assert expiry(date(2026, 11, 18), refresh_months=0) is None


def test_a_first_certificate_counts_from_the_day_of_completion():
    assert expiry(date(2026, 11, 18), refresh_months=12) == date(2027, 11, 18)


@pytest.mark.parametrize(
    ("completed", "expected"),
    [
        (date(2026, 11, 30), date(2027, 11, 30)),  # a day before the window opens
        (date(2026, 12, 1), date(2027, 12, 31)),  # the day on which it opens
        (date(2026, 12, 31), date(2027, 12, 31)),  # the last day of the old certificate
        (date(2027, 1, 1), date(2028, 1, 1)),  # a day late
    ],
)
def test_an_early_renewal_inside_the_window_extends_from_the_old_expiry(completed, expected):
    got = expiry(completed, refresh_months=12, old_expiry=date(2026, 12, 31), window_days=30)
    assert got == expected
