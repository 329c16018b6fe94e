"""Business calendars: hours, different days, holidays, which unit keeps which, and the “try it” box."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.clock import CalendarRefused
from organisation.actions import calendars as actions
from organisation.forms.calendars import HoursField, TryForm
from organisation.models import BusinessCalendar, CalendarUse, FrozenCalendar
from organisation.public_holidays import public_holidays, regions
from organisation.tests.factories import CalendarFactory, InstallationFactory, UnitFactory, person_in

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
TYPED = {"name": "Counters", "zone": "Europe/London", "version": 1, **dict.fromkeys(WEEKDAYS, "9-12, 13-17")}


@pytest.fixture
def administrator(db: None) -> Any:
    return person_in(InstallationFactory().root, "administrator")


@pytest.fixture
def admin_client(administrator: Any, client: Any) -> Any:
    client.force_login(administrator)
    return client


def page_of(calendar: BusinessCalendar, name: str = "calendar_detail", *more: Any) -> str:
    return reverse(f"organisation:{name}", args=[calendar.reference, *more])


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("", []),
        ("closed", []),
        ("9-17", ["09:00-17:00"]),
        ("13:30 – 17; 9.00 to 12", ["09:00-12:00", "13:30-17:00"]),
        ("9-12 and 13-17", ["09:00-12:00", "13:00-17:00"]),
        ("0-24", ["00:00-24:00"]),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, hours: list[str]) -> None:
    assert HoursField().clean(typed) == hours


@pytest.mark.parametrize("typed", ["soon", "9", "17-9", "9-13, 12-17", "9-25", "9-9", "9-12-15", "\x009-12"])
def test_hours_that_make_no_sense_are_refused_and_kept_on_the_page(admin_client: Any, typed: str) -> None:
    answer = admin_client.post(reverse("organisation:calendar_add"), {**TYPED, "wed": typed})
    assert (answer.status_code, BusinessCalendar.objects.count()) == (422, 0)
    assert "wed" in answer.context["form"].errors


def test_a_calendar_is_added_with_its_hours(admin_client: Any) -> None:
    admin_client.post(reverse("organisation:calendar_add"), TYPED)
    calendar = BusinessCalendar.objects.get()
    assert calendar.week == {day: ["09:00-12:00", "13:00-17:00"] for day in WEEKDAYS}


def test_a_calendar_without_any_open_time_is_refused(admin_client: Any) -> None:
    typed = {"name": "Never", "zone": "Europe/London"}
    answer = admin_client.post(reverse("organisation:calendar_add"), typed)
    assert (answer.status_code, BusinessCalendar.objects.count()) == (422, 0)
    assert "some open time" in answer.content.decode()


def test_two_calendars_cannot_have_one_name_whatever_its_case(admin_client: Any) -> None:
    CalendarFactory(name="COUNTERS")
    assert admin_client.post(reverse("organisation:calendar_add"), TYPED).status_code == 422


def test_saving_over_a_colleagues_change_is_refused_and_keeps_the_typed_words(admin_client: Any) -> None:
    calendar = CalendarFactory(version=2)
    answer = admin_client.post(page_of(calendar, "calendar_edit"), TYPED)
    assert answer.status_code == 422
    assert answer.context["form"]["name"].value() == "Counters"
    calendar.refresh_from_db()
    assert calendar.name != "Counters"


def test_a_change_is_saved_and_noted_in_the_audit_trail(admin_client: Any, administrator: Any) -> None:
    calendar = CalendarFactory()
    assert admin_client.post(page_of(calendar, "calendar_edit"), TYPED).status_code == 302
    calendar.refresh_from_db()
    assert (calendar.name, calendar.version) == ("Counters", 2)
    assert LogEntry.objects.get_for_object(calendar).filter(actor=administrator).exists()


def test_a_closed_day_and_a_half_day_change_what_is_due(admin_client: Any) -> None:
    calendar = CalendarFactory()
    days = page_of(calendar, "calendar_day_set")
    admin_client.post(days, {"day": "2026-12-25", "name": "Christmas Day", "hours": ""})
    admin_client.post(days, {"day": "2026-12-24", "name": "Christmas Eve", "hours": "9-12"})
    assert calendar.as_rule()["closed"] == {"2026-12-25": "Christmas Day"}
    assert calendar.as_rule()["special"] == {"2026-12-24": ["09:00-12:00"]}


def test_a_day_is_replaced_and_removed(admin_client: Any) -> None:
    calendar = CalendarFactory()
    actions.set_day(calendar, day=date(2026, 12, 24), name="Eve", hours=[], by=None)
    actions.set_day(calendar, day=date(2026, 12, 24), name="Half", hours=["09:00-12:00"], by=None)
    assert [row.name for row in calendar.days.all()] == ["Half"]
    admin_client.post(page_of(calendar, "calendar_day_remove", "2026-12-24"))
    assert not calendar.days.exists()
    assert admin_client.post(page_of(calendar, "calendar_day_remove", "2026-12-24")).status_code == 404
    assert admin_client.post(page_of(calendar, "calendar_day_remove", "soon")).status_code == 404


def test_taking_the_last_open_time_away_is_refused(db: None) -> None:
    calendar = CalendarFactory(week={"mon": ["09:00-10:00"]})
    nothing = {"name": "A", "zone": "UTC", "week": {}, "by": None}
    with pytest.raises(CalendarRefused):
        actions.save_calendar(calendar, **nothing, expected_version=1)
    actions.set_day(calendar, day=date(2026, 12, 24), name="Eve", hours=["09:00-12:00"], by=None)
    actions.save_calendar(calendar, **nothing, expected_version=2)
    with pytest.raises(CalendarRefused):
        actions.remove_day(calendar, day=date(2026, 12, 24), by=None)
    assert calendar.days.exists()


def test_public_holidays_are_previewed_then_added_but_only_the_ticked_ones(admin_client: Any) -> None:
    calendar = CalendarFactory()
    actions.set_day(calendar, day=date(2026, 12, 25), name="Ours", hours=["10:00-11:00"], by=None)
    wanted = {"country": "GB", "region": "ENG", "first": 2026, "last": 2026}
    preview = admin_client.get(page_of(calendar, "calendar_holidays"), wanted)
    assert (date(2026, 8, 31), "Late Summer Bank Holiday", False) in preview.context["found"]
    assert calendar.days.count() == 1
    ticked = ["2026-12-25", "2026-12-28", "2026-07-14"]
    admin_client.post(page_of(calendar, "calendar_holidays"), {**wanted, "day": ticked})
    assert [(row.day, row.name) for row in calendar.days.all()] == [
        (date(2026, 12, 25), "Ours"),
        (date(2026, 12, 28), "Boxing Day (observed)"),
    ]


def test_holidays_differ_by_region() -> None:
    def days(region: str) -> set[date]:
        return {day for day, _name in public_holidays("DE", region, range(2026, 2027))}

    assert date(2026, 1, 6) in days("BY") - days("")
    assert ("BY", "Bayern") in regions("DE")


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("GB", "XX"), ("", "")])
def test_no_holidays_are_known_for_a_place_that_does_not_exist(country: str, region: str) -> None:
    assert public_holidays(country, region, range(2026, 2027)) == []


def test_a_wrong_choice_of_holidays_is_refused(admin_client: Any) -> None:
    wanted = {"country": "GB", "region": "", "first": 2027, "last": 2026}
    assert admin_client.get(page_of(CalendarFactory(), "calendar_holidays"), wanted).status_code == 422


def test_the_nearest_calendar_above_a_unit_wins(db: None) -> None:
    root = UnitFactory()
    region = UnitFactory(parent=root)
    branch = UnitFactory(parent=region)
    day = date(2026, 6, 1)
    assert BusinessCalendar.objects.kept_by(branch, day) is None
    everywhere, own = CalendarFactory(), CalendarFactory()
    actions.use_calendar(root, calendar=everywhere, by=None)
    assert BusinessCalendar.objects.kept_by(branch, day) == everywhere
    actions.use_calendar(region, calendar=own, by=None)
    assert BusinessCalendar.objects.kept_by(branch, day) == own
    assert BusinessCalendar.objects.kept_by(root, day) == everywhere
    actions.use_calendar(region, calendar=None, by=None)
    assert BusinessCalendar.objects.kept_by(branch, day) == everywhere


def test_a_calendar_is_archived_only_when_no_unit_keeps_it_and_can_be_restored(admin_client: Any) -> None:
    calendar, unit = CalendarFactory(), UnitFactory()
    admin_client.post(page_of(calendar, "calendar_use"), {"unit": unit.slug})
    admin_client.post(page_of(calendar, "calendar_archive"))
    assert BusinessCalendar.objects.active().filter(pk=calendar.pk).exists()
    admin_client.post(page_of(calendar, "calendar_unuse", unit.slug))
    admin_client.post(page_of(calendar, "calendar_archive"))
    assert not BusinessCalendar.objects.active().filter(pk=calendar.pk).exists()
    with pytest.raises(CalendarRefused):
        actions.use_calendar(unit, calendar=calendar, by=None)
    admin_client.post(page_of(calendar, "calendar_restore"))
    assert BusinessCalendar.objects.active().filter(pk=calendar.pk).exists()


def test_a_frozen_rule_outlives_changes_and_equal_rules_share_a_row(db: None) -> None:
    calendar = CalendarFactory()
    frozen = calendar.freeze()
    assert BusinessCalendar.objects.get(pk=calendar.pk).freeze() == frozen
    before = frozen.clock
    actions.set_day(calendar, day=date(2026, 12, 25), name="Christmas Day", hours=[], by=None)
    assert BusinessCalendar.objects.get(pk=calendar.pk).freeze() != frozen
    assert FrozenCalendar.objects.get(pk=frozen.pk).clock == before


def test_the_page_reckons_when_something_is_due_and_says_why(admin_client: Any) -> None:
    calendar = CalendarFactory()
    actions.set_day(calendar, day=date(2026, 12, 25), name="Christmas Day", hours=[], by=None)
    tried = {"received": "2026-12-24T16:30", "amount": 60, "unit": "business_minutes"}
    page = admin_client.get(page_of(calendar), tried)
    assert page.context["answer"]["explained"].due == datetime(2026, 12, 28, 9, 30, tzinfo=UTC)
    words = page.content.decode()
    assert "Monday 28 December 2026, 09:30" in words
    assert "Fri 25 Dec 2026: Christmas Day" in words


@pytest.mark.parametrize(
    "tried",
    [
        {"received": "soon", "amount": 60, "unit": "business_minutes"},
        {"received": "2026-12-24T16:30", "amount": 0, "unit": "business_minutes"},
        {"received": "2026-12-24T16:30", "amount": 60, "unit": "moons"},
        {"received": "9999-12-31T16:30", "amount": 60, "unit": "working_days"},
        {"received": "0001-01-01T00:00", "amount": 60, "unit": "business_minutes"},
        {"received": "9999-12-31T23:59", "amount": 1, "unit": "business_minutes"},
        {"received": "9998-12-31T16:30", "amount": 60, "unit": "calendar_days"},
    ],
)
def test_what_cannot_be_reckoned_is_refused_on_the_page(admin_client: Any, tried: dict[str, Any]) -> None:
    assert admin_client.get(page_of(CalendarFactory()), tried).status_code == 422


def test_an_hour_that_the_readers_clock_repeats_or_skips_can_be_tried(db: None) -> None:
    """What was typed is a wall time of the calendar's zone."""
    clock = CalendarFactory(zone="UTC").clock
    for typed in ("2026-10-25T01:30", "2026-03-29T01:30"):
        with timezone.override("Europe/London"):
            form = TryForm({"received": typed, "amount": 60, "unit": "business_minutes"})
            assert form.is_valid()
            assert f"{form.moment_in(clock):%Y-%m-%dT%H:%M}" == typed


def test_the_list_is_searched_whatever_the_case_and_exported(admin_client: Any) -> None:
    CalendarFactory(name="Été")
    CalendarFactory(name="Counters")
    listed = admin_client.get(reverse("organisation:calendar_list"), {"q": "ÉTÉ"})
    assert [each.name for each in listed.context["page"]] == ["Été"]
    exported = admin_client.get(reverse("organisation:calendar_list"), {"export": "csv"})
    assert b"Counters" in b"".join(exported)


def test_a_longer_list_needs_no_more_queries(admin_client: Any) -> None:
    def queries(count: int) -> int:
        while BusinessCalendar.objects.count() < count:
            CalendarUse.objects.create(unit=UnitFactory(), calendar=CalendarFactory())
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(reverse("organisation:calendar_list")).status_code == 200
        return len(captured)

    assert queries(2) == queries(20)
