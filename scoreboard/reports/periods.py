"""Which periods a report can be about: months, quarters and years that are over."""

from datetime import date

from common.period import Period, add_months
from scoreboard.models import Report

MONTHS, QUARTERS, YEARS = 14, 5, 3
KINDS = {1: Report.Kind.MONTHLY, 3: Report.Kind.QUARTERLY, 12: Report.Kind.ANNUAL}


def kind_of(period: Period) -> str | None:
    """Monthly, quarterly or annual; None for a period of another shape."""
    length = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    if not period.whole_months or length not in KINDS or (period.start.month - 1) % length:
        return None
    return KINDS[length]


def offered(today: date) -> list[tuple[str, str]]:
    """Code and words, the last month first."""
    month, quarter = today.replace(day=1), add_months(today, -((today.month - 1) % 3))
    periods = [
        *(Period(add_months(month, -back), add_months(month, 1 - back)) for back in range(1, MONTHS + 1)),
        *(
            Period(add_months(quarter, -3 * back), add_months(quarter, 3 - 3 * back))
            for back in range(1, QUARTERS + 1)
        ),
        *(Period.parse(str(today.year - back)) for back in range(1, YEARS + 1)),
    ]
    return [(period.code, str(period)) for period in periods]
