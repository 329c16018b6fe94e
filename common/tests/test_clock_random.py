"""Twenty thousand random cases against a count of single minutes.

The count knows nothing of intervals: it lays out every local minute as a byte, open or not, follows the
zone's clock from minute to minute (a clock set back waits until its first reading comes again), and
counts.
"""

import random
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from itertools import compress, pairwise
from zoneinfo import ZoneInfo

import pytest

from common.clock import Calendar, Hours, Interval, Limit, Unit

FIRST = date(2026, 2, 14)
DAYS = 360
START = datetime(2026, 2, 16, tzinfo=UTC)
MINUTES = (DAYS - 6) * 1440
MINUTE = timedelta(minutes=1)
ZONES = [
    "UTC",
    "Europe/London",
    "America/Santiago",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
]
CASES = 20_000 // len(ZONES)


def some_hours(chance: random.Random) -> Hours:
    marks = sorted(chance.sample(range(0, 1441, 5), 2 * chance.choice([1, 1, 2, 3])))
    return tuple(zip(marks[::2], marks[1::2], strict=True))


def some_calendar(zone: str, chance: random.Random) -> Calendar:
    week = [some_hours(chance) if chance.random() < 0.75 else () for _day in range(7)]
    week[chance.randrange(7)] = some_hours(chance)
    if chance.random() < 0.2:
        week = [((0, 1440),)] * 7
    days = [FIRST + timedelta(days=number) for number in range(DAYS)]
    closed = dict.fromkeys(chance.sample(days, 12), "closed")
    special = {day: some_hours(chance) for day in chance.sample(days, 12)}
    return Calendar(zone, (week[0], week[1], week[2], week[3], week[4], week[5], week[6]), closed, special)


class MinuteCount:
    """Each minute from START on: is it open, and what does the clock on the wall say (in minutes)?"""

    def __init__(self, calendar: Calendar) -> None:
        self.zone = ZoneInfo(calendar.zone)
        wall = bytearray()
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            minutes = bytearray(1440)
            hours = calendar.week[day.weekday()]
            if day in calendar.special:
                hours = calendar.special[day]
            for opening, closing in hours if day not in calendar.closed else ():
                minutes[opening:closing] = b"\x01" * (closing - opening)
            wall += minutes
        self.wall = wall
        self.shown = self._shown()
        self.bits = bytes(map(wall.__getitem__, self.shown))
        self.open = list(compress(range(MINUTES), self.bits))

    def _offset(self, minute: int) -> int:
        offset = (START + minute * MINUTE).astimezone(self.zone).utcoffset()
        return int(offset.total_seconds()) // 60 if offset else 0

    def _shown(self) -> list[int]:
        """What the wall clock shows, in minutes since FIRST; it never goes back."""
        begin = int((START - datetime(2026, 2, 14, tzinfo=UTC)) / MINUTE)
        marks = [0]
        for low, high in pairwise([*range(0, MINUTES, 360), MINUTES]):
            if self._offset(low) != self._offset(high):
                marks += [m for m in range(low + 1, high + 1) if self._offset(m) != self._offset(m - 1)]
        shown: list[int] = []
        for low, high in pairwise([*marks, MINUTES]):
            reading = low + begin + self._offset(low)
            latest = shown[-1] if shown else reading
            waiting = min(max(0, latest - reading), high - low)
            shown += [latest] * waiting
            shown += range(reading + waiting, reading + high - low)
        return shown

    def first_showing(self, wall_minute: int) -> int:
        return bisect_left(self.shown, wall_minute)

    def due_minute(self, start: int, count: int, pauses: list[tuple[int, int]]) -> int:
        if not pauses:
            return self.open[bisect_left(self.open, start) + count - 1] + 1
        window = bytearray(self.bits[start : start + 45_000])
        for low, high in pauses:
            begin, end = max(0, low - start), max(0, high - start)
            window[begin:end] = bytes(end - begin)
        low, high = 0, len(window)
        assert window.count(1) >= count
        while low < high:
            middle = (low + high) // 2
            if window.count(1, 0, middle) >= count:
                high = middle
            else:
                low = middle + 1
        return start + low

    def due_closing(self, start: int, count: int) -> int:
        day = (self.shown[start] // 1440) + 1
        while True:
            found = self.wall.rfind(b"\x01", day * 1440, (day + 1) * 1440)
            closing = self.first_showing(found + 1)
            was_open = found >= 0 and self.bits.find(b"\x01", self.first_showing(day * 1440), closing) >= 0
            count -= was_open
            if not count:
                return closing
            day += 1

    def elapsed(self, start: int, end: int) -> int:
        return bisect_left(self.open, end) - bisect_left(self.open, start)


def some_pauses(chance: random.Random, start: int) -> list[tuple[int, int]]:
    pauses = []
    for _number in range(chance.choice([0, 0, 0, 0, 0, 1, 2, 3])):
        low = start + chance.randrange(-500, 4000)
        pauses.append((low, low + chance.randrange(1, 3000)))
    return pauses


@pytest.mark.parametrize("zone", ZONES)
def test_random_cases_agree_with_a_count_of_single_minutes(zone: str) -> None:
    chance = random.Random(f"clock {zone}")
    calendar = some_calendar(zone, chance)
    counted = MinuteCount(calendar)
    for _number in range(CASES):
        start = chance.randrange(1440, MINUTES - 90 * 1440)
        at = START + start * MINUTE
        kind = chance.random()
        if kind < 0.6:
            count, pauses = chance.randrange(1, 1500), some_pauses(chance, start)
            held = [Interval(START + low * MINUTE, START + high * MINUTE) for low, high in pauses]
            due = calendar.due(at, Limit(count, Unit.MINUTES), held)
            assert due == START + counted.due_minute(start, count, pauses) * MINUTE, (at, count, held)
        elif kind < 0.8:
            end = start + chance.randrange(0, 30_000)
            passed = calendar.elapsed(at, START + end * MINUTE)
            assert passed == counted.elapsed(start, end) * MINUTE, (at, end)
        else:
            count = chance.randrange(1, 20)
            due = calendar.due(at, Limit(count, Unit.WORKING_DAYS))
            assert due == START + counted.due_closing(start, count) * MINUTE, (at, count)
