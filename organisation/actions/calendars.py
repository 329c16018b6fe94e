"""Changes of business calendars. What is due already keeps the calendar under which it became due."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from common.clock import CalendarRefused
from organisation.audit import note_change
from organisation.models import BusinessCalendar, CalendarDay, CalendarUse, Unit, User


class CalendarChangedMeanwhile(ValidationError):
    """A colleague saved the calendar after the form was opened. Nothing was written."""


class CalendarInUse(ValidationError):
    """Units keep the calendar, so it cannot be archived."""


@transaction.atomic
def create_calendar(
    *, name: str, zone: str, week: Mapping[str, list[str]], by: User | None
) -> BusinessCalendar:
    """A new calendar. Raises CalendarRefused where it would have no open time."""
    calendar = BusinessCalendar(name=name, zone=zone, week=dict(week))
    calendar.save()
    _refuse_impossible(calendar)
    return calendar


@transaction.atomic
def save_calendar(
    calendar: BusinessCalendar,
    *,
    name: str,
    zone: str,
    week: Mapping[str, list[str]],
    expected_version: int,
    by: User | None,
) -> BusinessCalendar:
    """Change name, zone and weekly hours. Raises CalendarRefused and CalendarChangedMeanwhile."""
    won = BusinessCalendar.objects.filter(pk=calendar.pk, version=expected_version).update(
        version=F("version") + 1
    )
    if not won:
        raise CalendarChangedMeanwhile(
            _("A colleague has just changed this calendar. Please look at it again.")
        )
    fresh = BusinessCalendar.objects.get(pk=calendar.pk)
    fresh.name, fresh.zone, fresh.week = name, zone, dict(week)
    fresh.save()
    _refuse_impossible(fresh)
    return fresh


@transaction.atomic
def set_day(
    calendar: BusinessCalendar, *, day: date, name: str, hours: list[str], by: User | None
) -> CalendarDay:
    """Make a date closed (no hours), or open only in these hours. Replaces what was said of it before."""
    _hold(calendar)
    row, _created = CalendarDay.objects.update_or_create(
        calendar=calendar, day=day, defaults={"name": name, "hours": hours}
    )
    _refuse_impossible(calendar)
    return row


@transaction.atomic
def remove_day(calendar: BusinessCalendar, *, day: date, by: User | None) -> bool:
    """Let the date be like its weekday again. False where it was already."""
    _hold(calendar)
    row = CalendarDay.objects.filter(calendar=calendar, day=day).first()
    if row is None:
        return False
    row.delete()
    _refuse_impossible(calendar)
    return True


@transaction.atomic
def add_holidays(calendar: BusinessCalendar, *, days: Iterable[tuple[date, str]], by: User | None) -> int:
    """Close on these dates; how many are new. A date that is set already stays as it is."""
    _hold(calendar)
    standing = set(calendar.days.values_list("day", flat=True))
    new = [(day, name) for day, name in days if day not in standing]
    for day, name in new:
        CalendarDay.objects.create(calendar=calendar, day=day, name=name[:100], hours=[])
    _refuse_impossible(calendar)
    return len(new)


@transaction.atomic
def use_calendar(unit: Unit, *, calendar: BusinessCalendar | None, by: User | None) -> None:
    """The unit, and those below it without a calendar of their own, keep this calendar from now on.

    None takes the unit's own away: it then keeps that of the nearest unit above. Raises
    CalendarRefused for an archived calendar.
    """
    if calendar is None:
        for use in CalendarUse.objects.filter(unit=unit):
            use.delete()
        return
    _hold(calendar)
    if not BusinessCalendar.objects.active().filter(pk=calendar.pk).exists():
        raise CalendarRefused(_("This calendar is archived. Restore it first."))
    CalendarUse.objects.update_or_create(unit=unit, defaults={"calendar": calendar})


@transaction.atomic
def archive_calendar(calendar: BusinessCalendar, *, by: User | None, at: datetime | None = None) -> bool:
    """Offer the calendar no longer; what became due by it stays. False where it is archived already.

    Raises CalendarInUse while a unit keeps it.
    """
    at = at or timezone.now()
    _hold(calendar)
    use = calendar.uses.select_related("unit").first()
    if use:
        raise CalendarInUse(
            _("“%(unit)s” keeps this calendar. Give it another one first."), params={"unit": use.unit.name}
        )
    won = BusinessCalendar.objects.active().filter(pk=calendar.pk).update(archived_at=at)
    if won:
        note_change(calendar, "archived_at", None, at, by=by)
    return bool(won)


@transaction.atomic
def restore_calendar(calendar: BusinessCalendar, *, by: User | None) -> bool:
    """Offer the calendar again. False where it is not archived."""
    archived = BusinessCalendar.objects.filter(pk=calendar.pk, archived_at__isnull=False)
    won = archived.update(archived_at=None)
    if won:
        note_change(calendar, "archived_at", calendar.archived_at, None, by=by)
    return bool(won)


def _hold(calendar: BusinessCalendar) -> None:
    """One change of the calendar at a time: the guarded row makes a second writer wait."""
    BusinessCalendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)


def _refuse_impossible(calendar: Any) -> None:
    """Raise CalendarRefused, and so undo the change, where no open time would be left."""
    BusinessCalendar.objects.get(pk=calendar.pk).as_rule()
