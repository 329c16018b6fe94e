"""The doors of the room's pages: what is not there, or not the person's to see, is 404."""

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from charter.models import Charter, Measure, Policy, RecordedResult, Standard, Value
from common.policy import require
from organisation.drafting import posted
from organisation.models import User

__all__ = [
    "acting",
    "charter_for",
    "own_charter",
    "own_measure",
    "own_policy",
    "own_result",
    "own_standard",
    "own_value",
    "posted",
]


def acting(request: HttpRequest) -> User:
    """The person who acts: every page of this room is behind the sign-in."""
    return cast(User, request.user)


def charter_for(user: Any, unit: str) -> Charter:
    """The unit's charter."""
    charters = Charter.objects.visible_to(user).select_related("unit").prefetch_related("texts")
    return get_object_or_404(charters, unit__slug=unit)


def own_charter(user: Any, unit: str) -> Charter:
    """The unit's charter for somebody who wants to change it: 403 for whoever may only read it."""
    charter = charter_for(user, unit)
    require(user, "charter.edit", charter)
    return charter


def own_value(user: Any, unit: str, key: str) -> Value:
    charter = own_charter(user, unit)
    value = get_object_or_404(charter.values.prefetch_related("texts"), key=key)
    value.charter = charter
    return value


def own_policy(user: Any, unit: str, key: str) -> Policy:
    charter = own_charter(user, unit)
    policy = get_object_or_404(charter.policies.prefetch_related("texts"), key=key)
    policy.charter = charter
    return policy


def own_standard(user: Any, key: str) -> Standard:
    standards = Standard.objects.visible_to(user).select_related("charter__unit", "value", "owner")
    standard = get_object_or_404(standards.prefetch_related("texts", "measures__goals__unit"), key=key)
    require(user, "charter.edit", standard)
    return standard


def own_measure(user: Any, key: str) -> Measure:
    measures = Measure.objects.visible_to(user).select_related("standard__charter__unit")
    measure = get_object_or_404(measures.prefetch_related("goals__unit", "standard__texts"), key=key)
    require(user, "charter.edit", measure)
    return measure


def own_result(user: Any, reference: str) -> RecordedResult:
    results = RecordedResult.objects.visible_to(user).taken_in().select_related("measure__standard", "unit")
    result = get_object_or_404(results, reference=reference)
    require(user, "results.record", result)
    return result
