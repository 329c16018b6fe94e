"""Calendar months, and until when a certificate holds. Every day named here is the last one inside."""

from calendar import monthrange
from datetime import date, timedelta


def add_calendar_months(day: date, months: int) -> date:
    """The same day of the month so many months later, clamped to the month's end.

    31 January + 1 month is 28 or 29 February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def window_opens(expires_on: date, window_days: int) -> date:
    """The first day on which an early renewal extends from the old expiry."""
    return expires_on - timedelta(days=window_days)


def expiry(
    completed_on: date, *, refresh_months: int, old_expiry: date | None = None, window_days: int = 0
) -> date | None:
    """The last day on which the certificate counts; None where it never expires (0 months).

    A renewal between the opening of the window and the old expiry, that day included, extends from
    the old expiry: nobody loses days by being early. Otherwise the day of completion counts.
    """
    if not refresh_months:
        return None
    start = completed_on
    if old_expiry is not None and window_opens(old_expiry, window_days) <= completed_on <= old_expiry:
        start = old_expiry
    return add_calendar_months(start, refresh_months)
