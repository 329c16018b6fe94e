"""Until when a certificate holds. Every day named here is the last one inside."""

from datetime import date, timedelta

from common.period import add_calendar_months


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
