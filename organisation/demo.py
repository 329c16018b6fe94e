"""Demo data of the organisation room: Harbour City Services, its units, its people, its calendar."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from common.period import add_months
from organisation.actions import calendars
from organisation.actions.installation import set_up_installation
from organisation.actions.units import create_unit
from organisation.models import BusinessCalendar, Installation, Membership, Unit, User
from organisation.public_holidays import public_holidays

PASSWORD = "charterwell-demo"  # noqa: S105  (the demo's sign-in, printed by `make run`)
ZONE = "Europe/London"
UNITS = [
    ("harbour-branch", "Harbour branch"),
    ("hill-branch", "Hill branch"),
    ("letters-office", "Letters and e-mail"),
    ("parks-team", "Parks team"),
]
PEOPLE = [
    ("admin@harbour.example", "Ada Lindqvist", "harbour-city", "administrator", "leadership"),
    ("manager@harbour.example", "Marek Novak", "harbour-branch", "manager", "middle"),
    ("staff@harbour.example", "Sofia Reyes", "harbour-branch", "staff", "front"),
    ("hill@harbour.example", "Hana Okafor", "hill-branch", "manager", "middle"),
]
CALENDAR = "Harbour City counters"
WEEK = {day: ["08:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": ["09:00-12:00"]}
COLLEAGUES = [
    ("amira@people.harbour.example", "Amira Haddad", "harbour-branch", "staff", "front"),
    ("tom@people.harbour.example", "Tom Whitfield", "harbour-branch", "staff", "front"),
    ("lena@people.harbour.example", "Lena Vogt", "hill-branch", "staff", "front"),
    ("joao@people.harbour.example", "João Pires", "hill-branch", "staff", "front"),
    ("grace@people.harbour.example", "Grace Mbeki", "letters-office", "staff", "front"),
    ("piotr@people.harbour.example", "Piotr Zając", "letters-office", "manager", "middle"),
    ("nora@people.harbour.example", "Nora Lindh", "parks-team", "staff", "front"),
]


@transaction.atomic
def seed(at: datetime) -> None:
    """Make what is missing; what stands already stays as it is."""
    start = add_months(at.date(), -36)
    if Installation.current() is None:
        set_up_installation(
            name="Harbour City Services",
            short_name="Harbour City",
            slug="harbour-city",
            zone=ZONE,
            starts_on=start,
            colour="#0f6b6b",
            language="en",
        )
    root = Unit.objects.get(slug="harbour-city")
    for slug, name in UNITS:
        if not Unit.objects.filter(slug=slug).exists():
            create_unit(name=name, slug=slug, zone=ZONE, parent=root, starts_on=start)
    password = make_password(PASSWORD)  # once for all: it takes half a second on purpose
    for number, (email, name, slug, role, level) in enumerate(PEOPLE):
        if not User.objects.with_address(email).exists():
            hired_on = add_months(at.date(), -8 - 11 * number)
            _person(email, name, Unit.objects.get(slug=slug), role, level, hired_on, at, password)
    for number, (email, name, slug, role, level) in enumerate(COLLEAGUES):
        if not User.objects.with_address(email).exists():
            hired_on = add_months(at.date(), -20 - 5 * number)
            _person(email, name, Unit.objects.get(slug=slug), role, level, hired_on, at)
    if not BusinessCalendar.objects.exists():
        _calendar(root, at)


def _calendar(root: Unit, at: datetime) -> None:
    """The whole organisation's calendar, with England's holidays and an early closing at Christmas."""
    calendar = calendars.create_calendar(name=CALENDAR, zone=ZONE, week=WEEK, by=None)
    years = range(at.year - 1, at.year + 2)
    calendars.add_holidays(calendar, days=public_holidays("GB", "ENG", years), by=None)
    for year in years:
        eve = date(year, 12, 24)
        if eve.weekday() < 5:
            calendars.set_day(calendar, day=eve, name="Christmas Eve", hours=["08:00-12:00"], by=None)
    calendars.use_calendar(root, calendar=calendar, by=None)


def _person(
    email: str,
    name: str,
    unit: Unit,
    role: str,
    level: str,
    hired_on: date,
    at: datetime,
    password: str | None = None,
) -> None:
    """`password` is hashed. Without one the person is only there: nobody signs in as them."""
    person = User(email=email, name=name, hired_on=hired_on, joined_at=at)
    person.password = password or make_password(None)
    person.save()
    Membership.objects.create(user=person, unit=unit, role=role, level=level)
