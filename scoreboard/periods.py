"""The periods that the scoreboard offers, and which one an address asks for."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.period import Period, add_months, financial_year, resolve

FIRST_YEAR, LAST_YEAR = 1990, 2200
USUAL = "last-3-months"
ROLLING = {"days": (7, 30, 90), "months": (3, 6, 12)}

Choices = list[tuple[str, Any]]


def usual(today: date) -> Period:
    """What a page shows unless told otherwise: the last three months with the current one."""
    return resolve(USUAL, today=today)


def offered(today: date, first_month: int = 1) -> Choices:
    """Groups of (code, words) to choose from: rolling, by the calendar, financial years."""
    fiscal = financial_year(today, first_month)
    years = [(f"FY{year}", _financial_words(year, first_month)) for year in (fiscal, fiscal - 1, fiscal - 2)]
    return [
        (_("Up to today"), _rolling()),
        (_("By the calendar"), [(each.code, _words(each)) for each in _calendar(today)]),
        (_("Financial years"), years),
    ]


def _rolling() -> Choices:
    days = [
        (
            f"last-{count}-days",
            ngettext("Last %(count)d day", "Last %(count)d days", count) % {"count": count},
        )
        for count in ROLLING["days"]
    ]
    months = [
        (
            f"last-{count}-months",
            ngettext("Last %(count)d month", "Last %(count)d months", count) % {"count": count},
        )
        for count in ROLLING["months"]
    ]
    return [*months, *days]


def _calendar(today: date) -> list[Period]:
    """Day, week, month, quarter, half-year and year: the running one and those before it."""
    month = today.replace(day=1)
    quarter, half = (add_months(month, -((today.month - 1) % size)) for size in (3, 6))
    day, year = timedelta(days=1), today.year
    running = [
        Period(today, today + day),
        week_of(today),
        Period(month, add_months(month, 1)),
        Period(quarter, add_months(quarter, 3)),
        Period(half, add_months(half, 6)),
        Period.parse(f"{year}"),
    ]
    found = [part for period in running for part in (period, period.before())]
    return [*found, Period.parse(f"{year - 2}")]


def week_of(day: date) -> Period:
    """The week of a day as the reader's language begins it; Monday to Sunday is the ISO week."""
    first = int(get_format("FIRST_DAY_OF_WEEK"))  # 0 is Sunday
    start = day - timedelta(days=(day.isoweekday() - first) % 7)
    return Period(start, start + timedelta(days=7))


def _words(period: Period) -> str:
    """The period in a list: short names where people have them."""
    kind, year = period.code[5:6], period.start.year
    if kind == "Q":
        return _("Quarter %(number)s of %(year)s") % {"number": period.code[-1], "year": year}
    if kind == "H":
        return _("Half-year %(number)s of %(year)s") % {"number": period.code[-1], "year": year}
    if kind == "W":
        words = {"number": int(period.code[-2:]), "days": period}
        return _("Week %(number)s: %(days)s") % words
    return period.code if len(period.code) == 4 else str(period)


def _financial_words(year: int, first_month: int) -> str:
    if first_month == 1:
        return _("Financial year %(year)s") % {"year": year}
    words = {"year": year, "next": f"{(year + 1) % 100:02}"}
    return _("Financial year %(year)s/%(next)s") % words


def read(code: str, *, today: date, first_month: int = 1) -> Period:
    """The period of a code that an address carries.

    Raises ValidationError for what is no period, and for one outside the years that the product counts.
    """
    return counted(resolve(code, today=today, first_month=first_month))


def counted(period: Period) -> Period:
    """The period, where it lies in the years that the product counts. Raises ValidationError."""
    if period.start.year < FIRST_YEAR or period.last_day.year >= LAST_YEAR:
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
    if last == date.max:
        last = date(LAST_YEAR, 1, 1)
    return counted(Period(start, last + timedelta(days=1)))
