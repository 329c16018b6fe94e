"""The periods that the scoreboard offers, and which one an address asks for."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.period import Period, add_months

FIRST_YEAR, LAST_YEAR = 1990, 2200
THREE_MONTHS, TWELVE_MONTHS = 3, 12


def usual(today: date) -> Period:
    """What a page shows unless told otherwise: the last three months with the current one."""
    return Period.months(today, THREE_MONTHS)


def offered(today: date) -> list[tuple[str, str]]:
    """Code and words of the periods to choose from, the usual one first."""
    last_month = add_months(today, -1)
    quarter = add_months(today.replace(day=1), -((today.month - 1) % 3))
    periods = [
        usual(today),
        Period.months(today, 1),
        Period.months(last_month, 1),
        Period.parse(Period(quarter, add_months(quarter, 3)).code),
        Period(add_months(quarter, -3), quarter),
        Period.months(today, TWELVE_MONTHS),
        *(Period.parse(f"{year}") for year in (today.year, today.year - 1, today.year - 2)),
    ]
    return [(code, str(Period.parse(code))) for code in dict.fromkeys(each.code for each in periods)]


def read(code: str) -> Period:
    """The period of a code that an address carries.

    Raises ValidationError for what is no period, and for one outside the years that the product counts.
    """
    period = Period.parse(code)
    if period.start.year < FIRST_YEAR or period.end.year > LAST_YEAR:
        raise ValidationError(
            _("Choose a period between %(first)d and %(last)d."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR - 1},
        )
    return period


def between(start: date | None, last: date | None) -> Period:
    """The period from one day to another, both inside. Raises ValidationError where one is missing."""
    if start is None or last is None:
        raise ValidationError(_("Choose a first and a last day."))
    if last < start:
        raise ValidationError(_("The last day lies before the first one."))
    if last.year >= LAST_YEAR or start.year < FIRST_YEAR:
        return read(f"{start.isoformat()}..{last.isoformat()}")
    return Period(start, last + timedelta(days=1))
