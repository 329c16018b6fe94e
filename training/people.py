"""Whose training a manager sees: the active people with a role in the units that he manages."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from organisation.models import Membership, Unit, User
from training.models import Course


def looked_after(
    user: Any, *, units: Collection[int] | None = None, role: str = "", level: str = ""
) -> "QuerySet[User]":
    """Administrators look after everybody, managers after who has a role in their subtrees.

    `units`, `role` and `level` narrow it to people with such a role, one and the same, in those units.
    """
    people = User.objects.filter(is_active=True)
    places = Membership.objects.filter(user=OuterRef("pk"))
    if user.is_administrator:
        if units is None and not role and not level:
            return people
    else:
        places = places.filter(unit__in=user.managed_unit_ids)
    if units is not None:
        places = places.filter(unit__in=units)
    if role:
        places = places.filter(role=role)
    if level:
        places = places.filter(level=level)
    return people.filter(Exists(places))


def managed_units(user: Any, on: date) -> list[Unit]:
    """The units that the person manages, each before what stands below it on a day, with `depth`."""
    units = Unit.objects.all().in_tree_order(on)
    if user.is_administrator:
        return units
    return [unit for unit in units if unit.pk in user.managed_unit_ids]


def taught_courses(user: Any) -> list[Course]:
    """The released and the archived courses that the person sees, by title, with their words."""
    courses = Course.objects.visible_to(user).exclude(state=Course.State.DRAFT).prefetch_related("texts")
    return sorted(courses, key=lambda course: (str(course).casefold(), course.pk))
