"""When a month counts as told: late cards and typed results have had two days to arrive."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from common.period import Period, add_months
from organisation.models import Unit

LATE_ARRIVALS = timedelta(days=2)


def local_date(unit: Unit, at: datetime) -> date:
    """The unit's local date at a moment."""
    return at.astimezone(ZoneInfo(unit.timezone)).date()


def settled_month(today: date) -> date:
    """The first day of the last month that is over, two days later: from the 3rd on the month before."""
    return add_months(today - LATE_ARRIVALS, -1)


def is_settled(period: Period, today: date) -> bool:
    return period.end + LATE_ARRIVALS <= today


def settled_quarters(today: date, count: int) -> list[Period]:
    """The last quarters that are settled, oldest first."""
    on = today - LATE_ARRIVALS
    end = add_months(on, -((on.month - 1) % 3))
    return [Period(add_months(end, -3 * back), add_months(end, 3 - 3 * back)) for back in range(count, 0, -1)]
