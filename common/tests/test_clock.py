"""The business calendar: the vectors of the rules, clock changes, pauses, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import (
    DAYS,
    Calendar,
    CalendarRefused,
    Interval,
    Limit,
    NeverDue,
    OutOfReach,
    Unit,
    merged,
    read_clock,
    read_hours,
)

LONDON = ZoneInfo("Europe/London")
SPLIT = ["09:00-12:00", "13:00-17:00"]
A = Calendar.from_rule(
    {
        "zone": "Europe/London",
        "week": dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], SPLIT),
        "closed": {"2026-12-25": "Christmas Day", "2026-12-28": "Boxing Day", "2027-01-01": "New Year"},
        "special": {"2026-12-24": ["09:00-12:00"]},
    }
)
ALWAYS = Calendar.from_rule(
    {
        "zone": "Europe/London",
        "week": {day: ["00:00-24:00"] for day in DAYS},
    }
)


def local(text: str) -> datetime:
    return datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=LONDON)


def hours(amount: int) -> Limit:
    return Limit(amount * 60, Unit.MINUTES)


def working_days(amount: int) -> Limit:
    return Limit(amount, Unit.WORKING_DAYS)


def pause(start: str, end: str) -> Interval:
    return Interval(local(start), local(end))


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("20 Nov 2026 16:30", hours(1), "23 Nov 2026 09:30"),
        ("25 Nov 2026 12:30", hours(2), "25 Nov 2026 15:00"),
        ("23 Nov 2026 16:00", hours(1), "23 Nov 2026 17:00"),
        ("23 Nov 2026 17:00", hours(1), "24 Nov 2026 10:00"),
        ("21 Nov 2026 10:00", hours(1), "23 Nov 2026 10:00"),
        ("24 Dec 2026 11:00", hours(4), "29 Dec 2026 12:00"),
        ("23 Nov 2026 09:00", hours(8), "24 Nov 2026 10:00"),
        ("20 Nov 2026 16:59", working_days(5), "27 Nov 2026 17:00"),
        ("23 Dec 2026 10:00", working_days(3), "30 Dec 2026 17:00"),
        ("21 Nov 2026 10:00", working_days(3), "25 Nov 2026 17:00"),
    ],
)
def test_a_limit_on_calendar_a_is_due_as_the_rules_say(start, limit, due):
    assert A.due(local(start), limit) == local(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [("28 Mar 2026 12:00", "29 Mar 2026 13:00"), ("24 Oct 2026 12:00", "25 Oct 2026 11:00")],
)
def test_round_the_clock_a_day_is_24_hours_also_where_the_clocks_change(start, due):
    assert ALWAYS.due(local(start), hours(24)) == local(due)


def test_eight_calendar_weeks_end_with_their_last_day():
    due = A.due(local("20 Nov 2026 11:00"), Limit(8, Unit.WEEKS))
    assert due == local("16 Jan 2027 00:00") - timedelta(microseconds=1)
    assert A.local_day(due) == date(2027, 1, 15)


def test_calendar_days_and_weeks_count_every_day_alike():
    start = local("24 Dec 2026 23:00")
    assert A.due(start, Limit(14, Unit.DAYS)) == A.due(start, Limit(2, Unit.WEEKS))


def test_a_pause_moves_the_due_time_by_the_open_time_that_it_takes():
    due = A.due(local("23 Nov 2026 09:00"), hours(8), [pause("23 Nov 2026 15:00", "24 Nov 2026 11:00")])
    assert due == local("24 Nov 2026 15:00")


def test_overlapping_pauses_are_merged_and_take_their_time_once():
    pauses = [
        pause("23 Nov 2026 16:00", "24 Nov 2026 11:00"),
        pause("23 Nov 2026 15:00", "23 Nov 2026 16:30"),
        pause("23 Nov 2026 16:15", "23 Nov 2026 16:20"),
    ]
    assert merged(pauses) == [pause("23 Nov 2026 15:00", "24 Nov 2026 11:00")]
    assert A.due(local("23 Nov 2026 09:00"), hours(8), pauses) == local("24 Nov 2026 15:00")


def test_a_working_day_at_whose_closing_the_clock_is_paused_does_not_count():
    start, held = local("20 Nov 2026 16:59"), [pause("23 Nov 2026 16:00", "25 Nov 2026 10:00")]
    assert A.due(start, working_days(5), held) == local("1 Dec 2026 17:00")
    within = [pause("23 Nov 2026 10:00", "23 Nov 2026 17:00")]
    assert A.due(start, working_days(5), within) == local("27 Nov 2026 17:00")


def test_open_time_passes_only_in_open_hours():
    start = local("20 Nov 2026 16:30")
    assert A.elapsed(start, local("23 Nov 2026 10:00")) == timedelta(hours=1.5)
    weekend = [pause("20 Nov 2026 18:00", "23 Nov 2026 08:00")]
    assert A.elapsed(start, local("23 Nov 2026 10:00"), weekend) == timedelta(hours=1.5)
    assert A.elapsed(local("20 Nov 2026 18:00"), local("23 Nov 2026 08:00")) == timedelta()
    assert A.elapsed(local("23 Nov 2026 10:00"), start) == timedelta()


def test_seconds_are_kept():
    start = local("20 Nov 2026 16:59") + timedelta(seconds=30)
    assert A.due(start, Limit(1, Unit.MINUTES)) == local("23 Nov 2026 09:00") + timedelta(seconds=30)


def test_a_due_time_is_explained_by_the_open_hours_it_used_and_the_days_passed_over():
    explained = A.explain(local("24 Dec 2026 11:00"), hours(4))
    assert explained.begins == local("24 Dec 2026 11:00")
    assert explained.intervals == (
        Interval(local("24 Dec 2026 11:00"), local("24 Dec 2026 12:00")),
        Interval(local("29 Dec 2026 09:00"), local("29 Dec 2026 12:00")),
    )
    assert explained.closed == ((date(2026, 12, 25), "Christmas Day"), (date(2026, 12, 28), "Boxing Day"))


def test_what_arrives_outside_hours_begins_with_the_next_opening():
    assert A.explain(local("21 Nov 2026 10:00"), hours(1)).begins == local("23 Nov 2026 09:00")
    assert A.explain(local("23 Nov 2026 17:00"), hours(1)).begins == local("24 Nov 2026 09:00")


def test_working_days_are_explained_by_the_days_that_counted():
    explained = A.explain(local("23 Dec 2026 10:00"), working_days(3))
    counted = {A.local_day(each.start) for each in explained.intervals}
    assert counted == {date(2026, 12, 24), date(2026, 12, 29), date(2026, 12, 30)}


NIGHT = Calendar.from_rule(
    {"zone": "Europe/London", "week": {day: ["00:30-01:30", "01:45-06:00"] for day in ("sat", "sun")}}
)


def test_an_hour_that_the_clocks_skip_has_no_open_time():
    opened = NIGHT.open_on(date(2026, 3, 29))
    assert [each.length for each in opened] == [timedelta(minutes=30), timedelta(hours=4)]


def test_an_hour_that_comes_twice_opens_and_closes_at_its_first_coming():
    opened = NIGHT.open_on(date(2026, 10, 25))
    assert [each.length for each in opened] == [timedelta(hours=1), timedelta(hours=5.25)]


def test_a_date_that_a_zone_leaves_out_has_no_open_time():
    apia = Calendar.from_rule({"zone": "Pacific/Apia", "week": {"fri": ["09:00-17:00"]}})
    assert apia.open_on(date(2011, 12, 30)) == ()


@pytest.mark.parametrize(
    "rule",
    [
        {"zone": "Europe/London", "week": {}},
        {"zone": "Europe/London", "week": {}, "special": {"2026-12-24": []}},
        {
            "zone": "Europe/London",
            "week": {},
            "special": {"2026-12-24": SPLIT},
            "closed": {"2026-12-24": "Eve"},
        },
        {"zone": "Europe/Atlantis", "week": {"mon": SPLIT}},
        {"zone": "Europe/London", "week": {"mon": ["12:00-09:00"]}},
        {"zone": "Europe/London", "week": {"mon": ["09:00-09:00"]}},
        {"zone": "Europe/London", "week": {"mon": ["09:00-12:00", "11:00-17:00"]}},
        {"zone": "Europe/London", "week": {"mon": ["13:00-17:00", "09:00-12:00"]}},
        {"zone": "Europe/London", "week": {"mon": ["09:00-24:01"]}},
        {"zone": "Europe/London", "week": {"mon": "09:00-12:00"}},
        {"zone": "Europe/London", "week": {"mon": [9]}},
        {"zone": "Europe/London", "week": ["mon"]},
        {"zone": "Europe/London", "week": {"mon": SPLIT}, "closed": {"Christmas": "x"}},
        {},
    ],
)
def test_what_is_no_calendar_is_refused(rule):
    with pytest.raises(CalendarRefused):
        Calendar.from_rule(rule)


def test_a_limit_that_is_never_reached_is_refused_instead_of_searched_for_ever():
    once = Calendar.from_rule({"zone": "UTC", "week": {}, "special": {"2026-12-24": ["09:00-12:00"]}})
    start = datetime(2026, 12, 1, tzinfo=UTC)
    assert once.due(start, hours(3)) == datetime(2026, 12, 24, 12, tzinfo=UTC)
    with pytest.raises(NeverDue):
        once.due(start, hours(4))
    with pytest.raises(NeverDue):
        once.due(start, working_days(2))


@pytest.mark.parametrize(("amount", "unit"), [(0, Unit.DAYS), (-1, Unit.MINUTES), (523, Unit.WEEKS)])
def test_a_limit_of_nothing_or_of_more_than_ten_years_is_refused(amount, unit):
    with pytest.raises(ValidationError):
        Limit(amount, unit)


def test_adjoining_hours_may_touch():
    assert read_hours(["09:00-12:00", "12:00-17:00"]) == ((540, 720), (720, 1020))


@pytest.mark.parametrize("text", ["", "9", "25:00", "24:01", "9:5", "09:60", "٩:00", "-1:00", "009:00"])
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError, match=r"no time of day|unpack"):
        read_clock(text)


def test_a_calendar_comes_back_from_its_frozen_rule():
    assert Calendar.from_rule(A.as_rule()) == A
    assert Calendar.from_rule(A.as_rule()).as_rule() == A.as_rule()


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1), timezones=st.sampled_from([UTC, LONDON]))


@given(start=MOMENTS, minutes=st.integers(1, 3000))
@settings(max_examples=60, deadline=None)
def test_the_open_time_up_to_the_due_time_is_the_limit(start, minutes):
    for calendar in (A, ALWAYS, NIGHT):
        due = calendar.due(start, Limit(minutes, Unit.MINUTES))
        assert calendar.elapsed(start, due) == timedelta(minutes=minutes)


def test_the_hour_that_comes_twice_in_autumn_is_told_apart():
    summer = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)
    winter = datetime(2026, 10, 25, 1, 20, tzinfo=LONDON, fold=1)
    assert ALWAYS.elapsed(summer, winter) == timedelta(minutes=50)


@given(moments=st.lists(MOMENTS, min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_open_time_adds_up(moments):
    first, middle, last = sorted(moments, key=datetime.timestamp)
    for calendar in (A, ALWAYS, NIGHT):
        parts = calendar.elapsed(first, middle) + calendar.elapsed(middle, last)
        assert parts == calendar.elapsed(first, last)


@pytest.mark.parametrize("start", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 6, 1, tzinfo=UTC)])
def test_a_moment_outside_all_calendars_is_refused(start: datetime) -> None:
    with pytest.raises(OutOfReach):
        A.due(start, Limit(1, Unit.DAYS))


@pytest.mark.parametrize(
    ("year", "unit"), [(9997, Unit.DAYS), (9998, Unit.DAYS), (9989, Unit.WEEKS), (9992, Unit.WEEKS)]
)
def test_a_due_time_outside_all_calendars_is_refused(year: int, unit: Unit) -> None:
    with pytest.raises(OutOfReach):
        A.due(datetime(year, 12, 31, 12, tzinfo=UTC), Limit(500, unit))
