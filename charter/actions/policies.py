"""Policies in the customer's favour: written, archived, moved."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from charter.actions.draft import called, hold, next_policy_version, next_position, record, swap, write_words
from charter.models import Charter, CharterEvent, Policy
from organisation.models import User

What = CharterEvent.What


@transaction.atomic
def save_policy(
    *,
    charter: Charter,
    policy: Policy | None,
    language: str,
    words: dict[str, str],
    fields: dict[str, Any],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Policy:
    """Write a policy: its words in one language and its fields (`standards` among them); or add one.

    `expected_version` is the version that the form was opened on. Raises PolicyChangedMeanwhile; then
    nothing is written.
    """
    hold(charter)
    fields = dict(fields)
    standards = fields.pop("standards", None)
    if policy is None:
        policy = Policy(charter=charter, position=next_position(charter.policies.all()))
    else:
        policy = next_policy_version(policy, expected_version)
    for name, value in fields.items():
        setattr(policy, name, value)
    policy.save()
    if standards is not None:
        policy.standards.set(standards)
    write_words(policy, language=language, words=words)
    record(charter, What.POLICY_SAVED, by=by, at=at or timezone.now(), note=called(policy))
    return policy


@transaction.atomic
def archive_policy(*, policy: Policy, by: User | None, at: datetime | None = None) -> None:
    """Take the policy out of the draft; editions keep it. Twice does no harm."""
    at = at or timezone.now()
    hold(policy.charter)
    if Policy.objects.active().filter(pk=policy.pk).update(archived_at=at, version=F("version") + 1):
        record(policy.charter, What.POLICY_ARCHIVED, by=by, at=at, note=str(policy))


@transaction.atomic
def restore_policy(*, policy: Policy, by: User | None, at: datetime | None = None) -> None:
    """Put the policy back. Twice does no harm."""
    at = at or timezone.now()
    hold(policy.charter)
    archived = Policy.objects.filter(pk=policy.pk, archived_at__isnull=False)
    if archived.update(archived_at=None, version=F("version") + 1):
        record(policy.charter, What.POLICY_RESTORED, by=by, at=at, note=str(policy))


@transaction.atomic
def move_policy(*, policy: Policy, up: bool, by: User | None, at: datetime | None = None) -> None:
    """Exchange an active policy with the one before or after it."""
    hold(policy.charter)
    swap(policy.charter.policies.active(), policy, up=up)
    record(policy.charter, What.REORDERED, by=by, at=at or timezone.now(), note=str(policy))
