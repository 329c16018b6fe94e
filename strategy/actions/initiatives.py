"""Initiatives: begun from a template, their stakes, factors and steps."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.models import User
from scoreboard.settled import local_date
from strategy.actions.moved_on import MovedOn
from strategy.models import Factor, Initiative, InitiativeEvent, Stake, Step
from strategy.starters import starters

What = InitiativeEvent.What


class InitiativeMovedOn(MovedOn):
    """Somebody else has saved the initiative meanwhile. Nothing was written."""


class InitiativeRefused(ValidationError):
    """It cannot be. The messages name the field and the reason."""


def _note(initiative: Initiative, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    InitiativeEvent.objects.create(initiative=initiative, what=what, note=note[:500], by=by, at=at)


def _refuse(fields: dict[str, Any]) -> None:
    if fields["ends_on"] <= fields["starts_on"]:
        raise InitiativeRefused({"ends_on": _("The period ends before it begins.")})


@transaction.atomic
def begin_initiative(
    *, fields: dict[str, Any], starter: str, by: User | None, at: datetime | None = None
) -> Initiative:
    """Begin with the steps of a template (its key), which are copied: a later template changes nothing.

    Raises InitiativeRefused.
    """
    at = at or timezone.now()
    _refuse(fields)
    initiative = Initiative(starter=starter, **fields)
    initiative.save()
    planned = starters()[starter].steps if starter in starters() else ()
    Step.objects.bulk_create(
        Step(initiative=initiative, position=number, title=step.title, done=step.done, rule=step.check)
        for number, step in enumerate(planned, start=1)
    )
    _note(initiative, What.BEGUN, by=by, at=at, note=initiative.name)
    return initiative


@transaction.atomic
def change_initiative(
    initiative: Initiative,
    *,
    fields: dict[str, Any],
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Raises InitiativeRefused, InitiativeMovedOn."""
    at = at or timezone.now()
    _refuse(fields)
    rows = Initiative.objects.standing().filter(pk=initiative.pk)
    guarded = rows if expected_version is None else rows.filter(version=expected_version)
    if not guarded.update(version=F("version") + 1):
        raise InitiativeMovedOn(initiative.reference)
    initiative.refresh_from_db()
    for name, value in fields.items():
        setattr(initiative, name, value)
    initiative.save()
    _note(initiative, What.CHANGED, by=by, at=at)


def _hold(initiative: Initiative) -> None:
    """Until the transaction ends nobody archives it. Nothing of the row changes.

    Raises InitiativeMovedOn where it is in the archive.
    """
    if not Initiative.objects.standing().filter(pk=initiative.pk).update(version=F("version")):
        raise InitiativeMovedOn(initiative.reference)


@transaction.atomic
def add_part(part: Stake | Factor, *, by: User | None, at: datetime | None = None) -> None:
    """Keep a stake or a critical success factor that a form has checked. Raises InitiativeMovedOn."""
    _hold(part.initiative)
    part.save()
    _note(part.initiative, What.ADDED, by=by, at=at or timezone.now(), note=str(part))


@transaction.atomic
def change_part(
    part: Stake | Factor,
    *,
    fields: dict[str, Any],
    by: User,
    expected_version: int,
    at: datetime | None = None,
) -> None:
    """Save other words of a stake or a success factor, over the version that the form was opened on.

    Raises InitiativeMovedOn: also where it has been taken away.
    """
    _hold(part.initiative)
    part.refresh_from_db()
    if part.archived_at is not None or part.version != expected_version:
        raise InitiativeMovedOn(part.initiative.reference)
    for name, value in fields.items():
        setattr(part, name, value)
    part.save()
    _note(part.initiative, What.CHANGED, by=by, at=at or timezone.now(), note=str(part))


@transaction.atomic
def remove_part(part: Stake | Factor, *, by: User, at: datetime | None = None) -> bool:
    """Take it out of sight; it can be put back. False where that was done already.

    Raises InitiativeMovedOn.
    """
    _hold(part.initiative)
    at = at or timezone.now()
    won = type(part)._default_manager.filter(pk=part.pk, archived_at__isnull=True).update(archived_at=at)
    if won:
        _note(part.initiative, What.REMOVED, by=by, at=at, note=str(part))
    return bool(won)


@transaction.atomic
def restore_part(part: Stake | Factor, *, by: User, at: datetime | None = None) -> bool:
    """False where it stands already. Raises InitiativeMovedOn."""
    _hold(part.initiative)
    at = at or timezone.now()
    won = type(part)._default_manager.filter(pk=part.pk, archived_at__isnull=False).update(archived_at=None)
    if won:
        _note(part.initiative, What.RESTORED, by=by, at=at, note=str(part))
    return bool(won)


@transaction.atomic
def say_step(step: Step, *, is_done: bool, by: User, at: datetime | None = None) -> bool:
    """A person says that a step is done, or that it is not: only of those that the product cannot tell.

    Raises InitiativeRefused for the others, InitiativeMovedOn.
    """
    _hold(step.initiative)
    at = at or timezone.now()
    if step.rule:
        raise InitiativeRefused(_("The product tells this by itself."))
    on = local_date(step.initiative.unit, at) if is_done else None
    rows = Step.objects.filter(pk=step.pk, said_on__isnull=is_done)
    won = rows.update(said_on=on, said_by=by if is_done else None)
    if won:
        _note(step.initiative, What.SAID if is_done else What.UNSAID, by=by, at=at, note=step.title)
    return bool(won)


@transaction.atomic
def archive_initiative(initiative: Initiative, *, by: User, at: datetime | None = None) -> bool:
    at = at or timezone.now()
    won = Initiative.objects.standing().filter(pk=initiative.pk).update(archived_at=at)
    if won:
        _note(initiative, What.ARCHIVED, by=by, at=at)
    return bool(won)


@transaction.atomic
def restore_initiative(initiative: Initiative, *, by: User, at: datetime | None = None) -> bool:
    at = at or timezone.now()
    won = Initiative.objects.filter(pk=initiative.pk, archived_at__isnull=False).update(archived_at=None)
    if won:
        _note(initiative, What.TAKEN_OUT, by=by, at=at)
    return bool(won)
