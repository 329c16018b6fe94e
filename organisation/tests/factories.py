"""Working rows of the organisation room for tests."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from organisation.models import BusinessCalendar, Installation, Membership, Unit, UnitPlacement, User


class UnitFactory(DjangoModelFactory):
    """A unit at the top of the tree, or below `parent` from the first day there is."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"unit-{n}")
    name = factory.Sequence(lambda n: f"Unit {n}")
    timezone = "Europe/London"

    @factory.post_generation
    def parent(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        UnitPlacement.objects.create(unit=self, parent=extracted, starts_on=date(2015, 1, 1))


class InstallationFactory(DjangoModelFactory):
    class Meta:
        model = Installation
        django_get_or_create = ("pk",)

    pk = 1
    name = "Harbour City Services"
    short_name = "Harbour City"
    root = factory.SubFactory(UnitFactory, name="Harbour City", slug="harbour-city")


class CalendarFactory(DjangoModelFactory):
    """Monday to Friday, 9 to 17, in London."""

    class Meta:
        model = BusinessCalendar

    name = factory.Sequence(lambda n: f"Calendar {n}")
    zone = "Europe/London"
    week = factory.LazyFunction(lambda: {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")})


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password("correct horse battery")
    joined_at = datetime(2026, 1, 1, tzinfo=UTC)


def person_in(unit: Unit, role: str = "staff", level: str = "front", **kwargs: Any) -> User:
    """A user with one role in a unit."""
    user = UserFactory(**kwargs)
    Membership.objects.create(user=user, unit=unit, role=role, level=level)
    return user
