"""The predicates of every permission: who a person is, and in which units.

Each room names its permissions in its own `rules.py` with these predicates. Asked without a target a
predicate says whether the person holds the permission anywhere; with a target (a unit, or anything
with a `unit`) it says whether the person holds it there.
"""

from typing import Any, cast

import rules
from django.http import HttpRequest

from organisation.models import Unit, User


def person_of(request: HttpRequest) -> User:
    """The signed-in person of a view whose policy lets nobody else in."""
    return cast(User, request.user)


def _unit_id(target: Any) -> int | None:
    return target.pk if isinstance(target, Unit) else target.unit_id


@rules.predicate
def is_signed_in(user: Any) -> bool:
    return user.is_authenticated


@rules.predicate
def works_in(user: Any, target: Any) -> bool:
    """Has a role in the unit or above it; administrators everywhere."""
    if not user.is_authenticated:
        return False
    if target is None or user.is_administrator:
        return True
    return _unit_id(target) in user.unit_ids


@rules.predicate
def manages(user: Any, target: Any) -> bool:
    """Manages the unit or one above it; administrators everywhere."""
    if not user.is_authenticated:
        return False
    if user.is_administrator:
        return True
    if target is None:
        return user.is_manager
    return _unit_id(target) in user.managed_unit_ids


@rules.predicate
def is_administrator(user: Any) -> bool:
    return user.is_authenticated and user.is_administrator
