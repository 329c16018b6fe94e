"""One period type for pages, exports, the API and jobs: half-open `[start, end)` over local dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def add_months(day: date, months: int) -> date:
    """The first day of the month that lies `months` after the day's month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """Local dates from `start` up to but not including `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValidationError(_("The period ends before it begins."))

    @classmethod
    def months(cls, last: date, count: int) -> "Period":
        """The `count` whole months that end with the month of `last`."""
        return cls(add_months(last, 1 - count), add_months(last, 1))

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Read `2026`, `2026-Q3`, `2026-11` or `2026-09-01..2026-11-30` (last day included).

        Raises ValidationError for anything else.
        """
        try:
            if found := _YEAR.fullmatch(code):
                year = int(found[1])
                return cls(date(year, 1, 1), date(year + 1, 1, 1))
            if found := _QUARTER.fullmatch(code):
                start = date(int(found[1]), 3 * int(found[2]) - 2, 1)
                return cls(start, add_months(start, 3))
            if found := _MONTH.fullmatch(code):
                start = date(int(found[1]), int(found[2]), 1)
                return cls(start, add_months(start, 1))
            if found := _DAYS.fullmatch(code):
                last = date.fromisoformat(found[2])
                return cls(date.fromisoformat(found[1]), last + timedelta(days=1))
        except (ValueError, OverflowError):
            pass
        raise ValidationError(
            _("“%(code)s” is no period. Write 2026, 2026-Q3, 2026-11 or 2026-09-01..2026-11-30."),
            params={"code": code[:40]},
        )

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
            if count == 3 and self.start.month % 3 == 1:
                return f"{self.start.year}-Q{self.start.month // 3 + 1}"
            if count == 1:
                return f"{self.start:%Y-%m}"
        return f"{self.start.isoformat()}..{self.last_day.isoformat()}"

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

    def __str__(self) -> str:
        """In words of the active language: “September 2026 to November 2026”."""
        if self.whole_months:
            first = formats.date_format(self.start, "YEAR_MONTH_FORMAT")
            last = formats.date_format(self.last_day, "YEAR_MONTH_FORMAT")
        else:
            first = formats.date_format(self.start, "DATE_FORMAT")
            last = formats.date_format(self.last_day, "DATE_FORMAT")
        if first == last:
            return first
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
