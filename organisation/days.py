"""Which day it is: for a person where the person works, for the organisation at the top of its tree."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from organisation.models import Installation, User


def local_day(person: User, at: datetime) -> date:
    """The date at the person's first unit (prefetch `memberships__unit` for many people)."""
    first = next(iter(person.memberships.all()), None)
    return at.astimezone(ZoneInfo(first.unit.timezone)).date() if first else at.date()


def organisation_zone() -> tzinfo:
    """Where the organisation's days begin; ask once for many moments."""
    installation = Installation.current()
    return ZoneInfo(installation.root.timezone) if installation else UTC


def organisation_day(at: datetime) -> date:
    """The date by which the scheduled work goes."""
    return at.astimezone(organisation_zone()).date()


def end_of_day(day: date) -> datetime:
    """The first moment after the day, by the organisation's clock."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=organisation_zone())
