"""The business calendar and its clock: open hours, due times and elapsed open time (rules 6).

Pure arithmetic, no rows. Hours are local wall times of the calendar's zone and half-open; moments are
aware and come back in UTC. A wall time that a clock change skips stands for the moment of the change;
one that comes twice stands for its first coming.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
FIRST_YEAR, LAST_YEAR = 2, 9998
"""Within these years a moment is one in every time zone."""
LONGEST_SEARCH = 18_300
"""Days, fifty years of them, after which a due time counts as never reached."""

Hours = tuple[tuple[int, int], ...]
"""Open hours of one day: (opening, closing) in minutes after midnight, in order, apart from each other."""


class CalendarRefused(ValidationError):
    """The calendar cannot be: no open time at all, hours that overlap, a zone that does not exist."""


class NeverDue(ValidationError):
    """The calendar holds no open time for so long that the moment is never reached."""


class OutOfReach(ValidationError):
    """The moment lies so far away that no calendar holds it."""


def refuse_far(moment: datetime) -> None:
    """Raise OutOfReach for a moment or a wall time outside the years that every time zone has."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise OutOfReach(_("The time lies too far away."))


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """From `start` up to but not including `end`; both aware, in UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class Unit(StrEnum):
    """In what a limit is told. The units are never converted into each other."""

    MINUTES = "business_minutes"
    WORKING_DAYS = "working_days"
    DAYS = "calendar_days"
    WEEKS = "calendar_weeks"


MOST = {
    Unit.MINUTES: 3660 * DAY_MINUTES,
    Unit.WORKING_DAYS: 3660,
    Unit.DAYS: 3660,
    Unit.WEEKS: 522,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many business minutes, working days, calendar days or weeks: one at least, ten years at most."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValidationError(_("A time limit is at least one."))
        if self.amount > MOST[self.unit]:
            raise ValidationError(_("A time limit is ten years at most."))

    @classmethod
    def from_rule(cls, data: Mapping[str, Any]) -> "Limit":
        return cls(int(data["amount"]), Unit(data["unit"]))

    def as_rule(self) -> dict[str, Any]:
        return {"amount": self.amount, "unit": self.unit.value}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something is due when it is due.

    `begins` is when the clock starts to run. `intervals` are the open hours that were used (of a
    limit in working days: the open hours of each day that counted; of calendar days and weeks:
    nothing, for every day counts). `closed` are the named closed dates that were passed over.
    """

    due: datetime
    begins: datetime
    intervals: tuple[Interval, ...]
    closed: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Calendar:
    """Weekly open hours, closed dates by name, special days that replace the weekday, and a zone.

    Raises CalendarRefused where it is not one.
    """

    zone: str
    week: tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
    closed: Mapping[date, str] = field(default_factory=dict)
    special: Mapping[date, Hours] = field(default_factory=dict)
    _days: dict[date, tuple[Interval, ...]] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        if self.zone not in available_timezones():
            raise CalendarRefused(_("“%(name)s” is no time zone."), params={"name": self.zone[:60]})
        for hours in (*self.week, *self.special.values()):
            refuse_hours(hours)
        special = (hours for day, hours in self.special.items() if day not in self.closed)
        if not any((*self.week, *special)):
            raise CalendarRefused(_("A calendar needs some open time."))

    @classmethod
    def from_rule(cls, rule: Mapping[str, Any]) -> "Calendar":
        """Read what `as_rule` wrote. Raises CalendarRefused."""
        try:
            week = [read_hours(rule["week"].get(name, ())) for name in DAYS]
            return cls(
                rule["zone"],
                (week[0], week[1], week[2], week[3], week[4], week[5], week[6]),
                {date.fromisoformat(day): str(name) for day, name in rule.get("closed", {}).items()},
                {date.fromisoformat(day): read_hours(each) for day, each in rule.get("special", {}).items()},
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CalendarRefused(_("This is no business calendar.")) from error

    def as_rule(self) -> dict[str, Any]:
        """The calendar as JSON, equal for equal calendars: to be frozen beside a due time."""
        return {
            "zone": self.zone,
            "week": {name: write_hours(hours) for name, hours in zip(DAYS, self.week, strict=True) if hours},
            "closed": {day.isoformat(): self.closed[day] for day in sorted(self.closed)},
            "special": {day.isoformat(): write_hours(self.special[day]) for day in sorted(self.special)},
        }

    def hours_on(self, day: date) -> Hours:
        """The open hours of a local date: a closed date has none, a special day its own."""
        if day in self.closed:
            return ()
        return self.special.get(day, self.week[day.weekday()])

    def open_on(self, day: date) -> tuple[Interval, ...]:
        """The same as moments."""
        found = self._days.get(day)
        if found is None:
            moments = [
                (self._moment(day, start), self._moment(day, end)) for start, end in self.hours_on(day)
            ]
            found = tuple(Interval(start, end) for start, end in moments if start < end)
            self._days[day] = found
        return found

    def local_day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def elapsed(self, start: datetime, end: datetime, pauses: Iterable[Interval] = ()) -> timedelta:
        """Open time from `start` to `end`, less what the pauses take of it. Zero where it ends first."""
        held = merged(pauses)
        total = timedelta()
        for interval in self._open_between(start.astimezone(UTC), end.astimezone(UTC)):
            total += interval.length - _overlap(interval, held)
        return total

    def due(self, start: datetime, limit: Limit, pauses: Iterable[Interval] = ()) -> datetime:
        """When a limit that starts to run at `start` is used up. Raises NeverDue and OutOfReach."""
        return self.explain(start, limit, pauses).due

    def explain(self, start: datetime, limit: Limit, pauses: Iterable[Interval] = ()) -> Explanation:
        """The due time with the open hours that lead to it. Raises NeverDue and OutOfReach.

        Business minutes run in open time outside the pauses. A working day counts at its last
        closing and a calendar day at its end, where no pause holds the clock at that moment.
        """
        refuse_far(start)
        try:
            found = self._explain(start.astimezone(UTC), limit, merged(pauses))
        except OverflowError as error:
            raise OutOfReach(_("The time lies too far away.")) from error
        refuse_far(found.due)
        return found

    def _explain(self, start: datetime, limit: Limit, held: list[Interval]) -> Explanation:
        if limit.unit == Unit.MINUTES:
            return self._after_minutes(start, timedelta(minutes=limit.amount), held)
        if limit.unit == Unit.WORKING_DAYS:
            return self._after_working_days(start, limit.amount, held)
        days = limit.amount * (7 if limit.unit == Unit.WEEKS else 1)
        return self._after_calendar_days(start, days, held)

    def _after_minutes(self, start: datetime, left: timedelta, held: list[Interval]) -> Explanation:
        used: list[Interval] = []
        for interval in self._open_from(start):
            for part in _without(interval, held):
                taken = min(left, part.length)
                used.append(Interval(part.start, part.start + taken))
                left -= taken
                if not left:
                    return self._explained(used[-1].end, used[0].start, used)
        raise AssertionError("the search either ends or raises")

    def _after_working_days(self, start: datetime, count: int, held: list[Interval]) -> Explanation:
        counted: list[Interval] = []
        received = self.local_day(start)
        for day in self._open_days_after(received):
            opened = self.open_on(day)
            if _is_held(opened[-1].end, held):
                continue
            counted += opened
            count -= 1
            if not count:
                return self._explained(opened[-1].end, start, counted)
        raise AssertionError("the search either ends or raises")

    def _after_calendar_days(self, start: datetime, count: int, held: list[Interval]) -> Explanation:
        day = self.local_day(start)
        while count:
            day = _next(day)
            count -= not _is_held(self._end_of(day), held)
        return self._explained(self._end_of(day), start, [])

    def _explained(self, due: datetime, begins: datetime, used: list[Interval]) -> Explanation:
        first, last = self.local_day(begins), self.local_day(due)
        closed = sorted((day, name) for day, name in self.closed.items() if first <= day <= last)
        return Explanation(due, begins, tuple(used), tuple(closed))

    def _open_from(self, start: datetime) -> Iterator[Interval]:
        """Open hours from a moment on, the one under way cut. Raises NeverDue, so it never runs dry."""
        for day in self._open_days_after(_before(self.local_day(start))):
            for interval in self.open_on(day):
                if interval.end > start:
                    yield Interval(max(interval.start, start), interval.end)

    def _open_between(self, start: datetime, end: datetime) -> Iterator[Interval]:
        day, last = self.local_day(start), _next(self.local_day(end))
        while day <= last:
            for interval in self.open_on(day):
                if interval.end > start and interval.start < end:
                    yield Interval(max(interval.start, start), min(interval.end, end))
            day = _next(day)

    def _open_days_after(self, day: date) -> Iterator[date]:
        for _number in range(min(LONGEST_SEARCH, (date.max - day).days - 2)):
            day = _next(day)
            if self.open_on(day):
                yield day
        raise NeverDue(_("The calendar holds no open time for this limit."))

    def _end_of(self, day: date) -> datetime:
        """The last microsecond of a local date, so that it is shown as that date."""
        return self._moment(day, DAY_MINUTES) - timedelta(microseconds=1)

    def _moment(self, day: date, minutes: int) -> datetime:
        """The moment of a wall time; `minutes` may be those of the midnight that ends the day."""
        zone = ZoneInfo(self.zone)
        wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
        return _change_between(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), moment)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment at which the clocks change, to the second: `before` < moment ≤ `after`."""
    new = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before).total_seconds() // 2)
        if middle.astimezone(zone).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _before(day: date) -> date:
    return day - timedelta(days=1)


def merged(pauses: Iterable[Interval]) -> list[Interval]:
    """The pauses in order, overlapping and touching ones as one, empty ones left out."""
    found: list[Interval] = []
    for pause in sorted(pauses):
        if pause.start >= pause.end:
            continue
        if found and pause.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, pause.end))
        else:
            found.append(pause)
    return found


def _overlap(interval: Interval, held: list[Interval]) -> timedelta:
    shared = (min(interval.end, pause.end) - max(interval.start, pause.start) for pause in held)
    return sum((each for each in shared if each > timedelta()), timedelta())


def _without(interval: Interval, held: list[Interval]) -> Iterator[Interval]:
    """What the pauses, merged, leave of an interval."""
    start = interval.start
    for pause in held:
        if pause.end <= start or pause.start >= interval.end:
            continue
        if pause.start > start:
            yield Interval(start, pause.start)
        start = pause.end
    if start < interval.end:
        yield Interval(start, interval.end)


def _is_held(moment: datetime, held: list[Interval]) -> bool:
    """A pause is under way at the moment; one that ends in it no longer is, one that begins in it not yet."""
    return any(pause.start < moment < pause.end for pause in held)


def read_hours(texts: Iterable[str]) -> Hours:
    """Read `["09:00-12:00", "13:00-17:00"]`. Raises ValueError."""
    if isinstance(texts, str):
        raise ValueError(texts)
    return tuple(_read_span(text) for text in texts)


def _read_span(text: str) -> tuple[int, int]:
    start, end = text.split("-")
    return read_clock(start), read_clock(end)


def read_clock(text: str) -> int:
    """Minutes after midnight of `9:30` or `24:00`. Raises ValueError."""
    hours, minutes = text.strip().split(":")
    if not (hours.isascii() and hours.isdecimal() and minutes.isascii() and minutes.isdecimal()):
        raise ValueError(f"no time of day: {text!r}")
    if len(hours) > 2 or len(minutes) != 2 or int(minutes) > 59:
        raise ValueError(f"no time of day: {text!r}")
    found = int(hours) * 60 + int(minutes)
    if found > DAY_MINUTES:
        raise ValueError(f"no time of day: {text!r}")
    return found


def write_hours(hours: Hours) -> list[str]:
    return [f"{write_clock(start)}-{write_clock(end)}" for start, end in hours]


def write_clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def refuse_hours(hours: Hours) -> None:
    """Raise CalendarRefused for hours that end before they begin, overlap or are out of order."""
    for start, end in hours:
        if not 0 <= start < end <= DAY_MINUTES:
            raise CalendarRefused(_("Open hours must end after they begin."))
    for (_start, closing), (opening, _end) in pairwise(hours):
        if opening < closing:
            raise CalendarRefused(_("Open hours must be in order and must not overlap."))
