"""When a collector asked, and what came: so that silence is not read as zero.

An hour without a card means something only while the collector was asking. It was not asking before
it was made or opened, after it closed, outside the opening hours of its unit, or (a kiosk) while no device
ran.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min

from feedback.actions.receive import LATEST_ARRIVAL
from feedback.models import Collector, KioskHour, Response
from feedback.models.response import CONFIDENTIAL
from organisation.models import BusinessCalendar

DAYS_SHOWN = 14
USUAL_HOURS = (8, 18)
Kind = Collector.Kind
BOUND_TO_OPENING_HOURS = (Kind.PLACE, Kind.KIOSK, Kind.INTERVIEW)
WITHOUT_HOURS = (Kind.PAPER, Kind.MAIL)
"""A sheet carries its day only; an invitation is answered at home, whenever there is time."""


def tells_hours(collector: Collector) -> bool:
    """Nor is it told when a colleague answered: the hour could say who it was."""
    return collector.kind not in WITHOUT_HOURS and collector.questionnaire.kind != CONFIDENTIAL


class State(StrEnum):
    CARDS = "cards"
    NONE = "none"
    CLOSED = "closed"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Cell:
    """One hour: cards came, none came although we asked, we did not ask, or it has not begun."""

    hour: int
    state: State
    cards: int


@dataclass(frozen=True)
class Day:
    """`without_hour` cards count for the day, but nobody knows for which hour of it."""

    day: date
    cells: tuple[Cell, ...]
    cards: int
    without_hour: int
    asked: bool


@dataclass(frozen=True)
class Coverage:
    hours: tuple[int, ...]
    days: tuple[Day, ...]

    @property
    def cards(self) -> int:
        return sum(each.cards for each in self.days)

    @property
    def some_without_hour(self) -> bool:
        return bool(self.hours) and any(each.without_hour for each in self.days)

    @property
    def hours_asked(self) -> int:
        return sum(cell.state in (State.CARDS, State.NONE) for each in self.days for cell in each.cells)

    @property
    def hours_silent(self) -> int:
        return sum(cell.state == State.NONE for each in self.days for cell in each.cells)

    @property
    def days_asked(self) -> int:
        return sum(each.asked for each in self.days)


def moment_of(received: datetime, answered: datetime | None, sent: datetime | None) -> datetime:
    """When a card was answered, by our clock: of the device's clock only differences are believed."""
    if answered is None:
        return received
    age = (sent or received) - answered
    return received - age if timedelta(0) <= age <= LATEST_ARRIVAL else received


def coverage_of(collector: Collector, *, at: datetime, days: int = DAYS_SHOWN) -> Coverage:
    """The last `days` local days of a collector, today included, hour by hour."""
    today = collector.local_day(at)
    first = today - timedelta(days=days - 1)
    by_hour, by_day = _counted(collector, first)
    asking = Asking(collector, at, first)
    hours = _hours_shown(collector, asking, by_hour, [first + timedelta(days=back) for back in range(days)])
    shown = [_day(today - timedelta(days=back), hours, asking, by_hour, by_day) for back in range(days)]
    return Coverage(hours, tuple(shown))


def _counted(collector: Collector, first: date) -> tuple[Counter[tuple[date, int]], Counter[date]]:
    """Cards by day and hour (where the hour is known), and by day. One query."""
    counted = Response.objects.countable().filter(collector=collector, service_date__gte=first)
    zone = ZoneInfo(collector.unit.timezone)
    by_hour: Counter[tuple[date, int]] = Counter()
    by_day: Counter[date] = Counter()
    rows = counted.order_by().values_list(
        "version__questionnaire__kind", "service_date", "received_at", "answered_at", "sent_at"
    )
    hours = tells_hours(collector)
    for kind, day, received, answered, sent in rows.iterator(chunk_size=2000):
        by_day[day] += 1
        if kind == CONFIDENTIAL:  # the place may ask something else by now
            continue
        local = moment_of(received, answered, sent).astimezone(zone)
        if hours and local.date() == day:
            by_hour[day, local.hour] += 1
    return by_hour, by_day


class Asking:
    """Whether a collector was asking in an hour; reads its calendar once."""

    def __init__(self, collector: Collector, at: datetime, first: date) -> None:
        self.collector = collector
        self.now = at.astimezone(ZoneInfo(collector.unit.timezone))
        bound = collector.kind in BOUND_TO_OPENING_HOURS
        kept = BusinessCalendar.objects.kept_by(collector.unit, self.now.date()) if bound else None
        self.calendar = kept.clock if kept else None
        self.ran = _hours_run(collector, first, at) if collector.kind == Kind.KIOSK else None
        self.began = _began(collector, first)

    def open_hours(self, day: date) -> set[int]:
        """The hours of a day in which the unit is open, in part at least."""
        if self.calendar is None:
            return set(range(24))
        return {
            hour
            for start, end in self.calendar.hours_on(day)
            for hour in range(start // 60, (end + 59) // 60)
        }

    def state(self, day: date, hour: int, cards: int) -> State:
        if (day, hour) > (self.now.date(), self.now.hour):
            return State.AHEAD
        if cards:
            return State.CARDS
        if not self.was_asking(day, hour):
            return State.CLOSED
        return State.NONE

    def was_asking(self, day: date, hour: int) -> bool:
        ran = self.ran is None or (day, hour) in self.ran
        made = self.began is None or (day, hour) >= self.began
        return ran and made and self.asked_on(day) and hour in self.open_hours(day)

    def asked_on(self, day: date) -> bool:
        """Between the opening dates, and not before it was made; an archived collector asked until it was
        archived."""
        collector = self.collector
        made = self.began is None or self.began[0] <= day
        began = made and (collector.opens_on is None or collector.opens_on <= day)
        ended = collector.closes_on is not None and day >= collector.closes_on
        archived = collector.archived_at
        stopped = archived is not None and day > collector.local_day(archived)
        return began and not ended and not stopped


def _began(collector: Collector, first: date) -> tuple[date, int] | None:
    """The local day and hour in which a collector of these days was made, or the day of its first card, if
    that is earlier (of an import, or of paper). None where it is older. One query at most."""
    if collector.created_at is None or collector.local_day(collector.created_at) < first:
        return None
    made = collector.created_at.astimezone(ZoneInfo(collector.unit.timezone))
    card = Response.objects.countable().filter(collector=collector).aggregate(day=Min("service_date"))["day"]
    return (made.date(), made.hour) if card is None or card >= made.date() else (card, 0)


def _hours_run(collector: Collector, first: date, at: datetime) -> set[tuple[date, int]]:
    """The hours in which a device of the kiosk was running, as its unit's clock shows them. One query."""
    zone = ZoneInfo(collector.unit.timezone)
    since = datetime.combine(first, time(), zone)
    ran = KioskHour.objects.filter(device__collector=collector, hour__gte=since, hour__lte=at)
    local = (hour.astimezone(zone) for hour in ran.order_by().values_list("hour", flat=True).distinct())
    return {(each.date(), each.hour) for each in local}


def _hours_shown(
    collector: Collector, asking: Asking, by_hour: Iterable[tuple[date, int]], days: list[date]
) -> tuple[int, ...]:
    """From the first to the last hour that says something; none where hours are not known."""
    if not tells_hours(collector):
        return ()
    found = {hour for _day, hour in by_hour} | set(range(*USUAL_HOURS))
    if asking.calendar is not None:
        found |= set().union(*(asking.open_hours(day) for day in days))
    return tuple(range(min(found), max(found) + 1))


def _day(day: date, hours: tuple[int, ...], asking: Asking, by_hour: Any, by_day: Counter[date]) -> Day:
    cells = tuple(
        Cell(hour, asking.state(day, hour, by_hour[day, hour]), by_hour[day, hour]) for hour in hours
    )
    known = sum(cell.cards for cell in cells)
    asked = any(cell.state in (State.CARDS, State.NONE) for cell in cells) if hours else asking.asked_on(day)
    return Day(day, cells, by_day[day], by_day[day] - known, asked or bool(by_day[day]))
