"""One period type for pages, exports, the API and jobs: half-open `[start, end)` over local dates.

`Period.parse` reads what is written in dates; `resolve` reads in addition what depends on the day and on
the installation: rolling periods (`last-30-days`) and financial years (`FY2026`).
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_HALF = re.compile(r"(\d{4})-H([12])")
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ROLLING = re.compile(r"last-([1-9]\d{0,2})-(days|months)")
_FINANCIAL = re.compile(r"FY(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
FIRST, END = date(1900, 1, 1), date(2200, 1, 1)
"""Periods that somebody writes lie between these days, so that there is always one before and one after."""


def add_months(day: date, months: int) -> date:
    """The first day of the month that lies `months` after the day's month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def add_calendar_months(day: date, months: int) -> date:
    """The same day of the month so many months later, clamped to the month's end.

    31 January + 1 month is 28 or 29 February.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, order=True)
class Period:
    """Local dates from `start` up to but not including `end`. `named` is the code of a moving period."""

    start: date
    end: date
    named: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValidationError(_("The period ends before it begins."))

    @classmethod
    def months(cls, last: date, count: int) -> "Period":
        """The `count` whole months that end with the month of `last`."""
        return cls(add_months(last, 1 - count), add_months(last, 1))

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Read `2026`, `2026-H2`, `2026-Q3`, `2026-11`, `2026-W48` (Monday to Sunday, ISO 8601),
        `2026-11-25` or `2026-09-01..2026-11-30` (last day included).

        Raises ValidationError for anything else, and for years that nobody means.
        """
        try:
            period = cls._written(code)
        except (ValueError, OverflowError):
            period = None
        if period is None or not period.is_meant:
            raise _no_period(code)
        return period

    @classmethod
    def _written(cls, code: str) -> "Period | None":
        """Raises ValueError or OverflowError where a date is none."""
        if found := _YEAR.fullmatch(code):
            year = int(found[1])
            return cls(date(year, 1, 1), date(year + 1, 1, 1))
        if found := _QUARTER.fullmatch(code):
            start = date(int(found[1]), 3 * int(found[2]) - 2, 1)
            return cls(start, add_months(start, 3))
        if found := _HALF.fullmatch(code):
            start = date(int(found[1]), 6 * int(found[2]) - 5, 1)
            return cls(start, add_months(start, 6))
        if found := _WEEK.fullmatch(code):
            start = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return cls(start, start + timedelta(days=7))
        if _DAY.fullmatch(code):
            start = date.fromisoformat(code)
            return cls(start, start + timedelta(days=1))
        if found := _MONTH.fullmatch(code):
            start = date(int(found[1]), int(found[2]), 1)
            return cls(start, add_months(start, 1))
        if found := _DAYS.fullmatch(code):
            last = date.fromisoformat(found[2])
            return cls(date.fromisoformat(found[1]), last + timedelta(days=1))
        return None

    @property
    def is_meant(self) -> bool:
        return self.start >= FIRST and self.end <= END

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def whole_months(self) -> bool:
        return self.start.day == 1 and self.end.day == 1

    @property
    def code(self) -> str:
        """The shortest text that `parse` reads back as this period."""
        if self.whole_months:
            count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
            if count == 12 and self.start.month == 1:
                return f"{self.start.year}"
            if count == 6 and self.start.month in (1, 7):
                return f"{self.start.year}-H{self.start.month // 6 + 1}"
            if count == 3 and self.start.month % 3 == 1:
                return f"{self.start.year}-Q{self.start.month // 3 + 1}"
            if count == 1:
                return f"{self.start:%Y-%m}"
        days = (self.end - self.start).days
        if days == 1:
            return self.start.isoformat()
        if days == 7 and self.start.isoweekday() == 1:
            return "{}-W{:02}".format(*self.start.isocalendar())
        return f"{self.start.isoformat()}..{self.last_day.isoformat()}"

    @property
    def asked(self) -> str:
        """The code for addresses: a moving period stays one, so that a bookmark moves with the days."""
        return self.named or self.code

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def before(self) -> "Period":
        """The period of the same length just before this one (whole months where it has them)."""
        if self.whole_months:
            count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
            return Period(add_months(self.start, -count), self.start)
        return Period(self.start - (self.end - self.start), self.start)

    def month_starts(self) -> Iterator[date]:
        """The first days of the whole months inside the period, in order."""
        first = self.start if self.start.day == 1 else add_months(self.start, 1)
        while add_months(first, 1) <= self.end:
            yield first
            first = add_months(first, 1)

    @property
    def month_count(self) -> int:
        """How many whole months lie inside the period."""
        return len(list(self.month_starts()))

    def __str__(self) -> str:
        """The dates in words of the active language: “September 2026 to November 2026”."""
        if self.whole_months:
            first = formats.date_format(self.start, "YEAR_MONTH_FORMAT")
            last = formats.date_format(self.last_day, "YEAR_MONTH_FORMAT")
        else:
            first = formats.date_format(self.start, "DATE_FORMAT")
            last = formats.date_format(self.last_day, "DATE_FORMAT")
        if first == last:
            return first
        return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _no_period(code: str) -> ValidationError:
    words = _("“%(code)s” is no period. Write 2026, 2026-Q3, 2026-11, 2026-W48 or 2026-09-01..2026-11-30.")
    return ValidationError(words, params={"code": code[:40]})


def resolve(code: str, *, today: date, first_month: int = 1) -> Period:
    """The period of any code: those of `Period.parse`, `last-7-days` and `last-3-months` (today and the
    running month included), and `FY2026`, the financial year that begins in `first_month` of 2026.

    Raises ValidationError for anything else.
    """
    try:
        if found := _ROLLING.fullmatch(code):
            count = int(found[1])
            if found[2] == "months":
                return replace(Period.months(today, count), named=code)
            return Period(today - timedelta(days=count - 1), today + timedelta(days=1), named=code)
        if found := _FINANCIAL.fullmatch(code):
            start = date(int(found[1]), first_month, 1)
            period = Period(start, add_months(start, 12), named=code)
            if period.is_meant:
                return period
    except (ValueError, OverflowError):
        pass
    return Period.parse(code)


def financial_year(day: date, first_month: int) -> int:
    """The year in which the financial year of a day begins."""
    return day.year if day.month >= first_month else day.year - 1
