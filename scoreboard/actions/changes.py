"""Dated changes: where the limits of control charts are reckoned anew."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.models import Measure, Standard
from organisation.audit import note_change
from organisation.models import Unit, User
from scoreboard.models import DatedChange
from scoreboard.periods import FIRST_YEAR


class ChangeRefused(ValidationError):
    """The day cannot be, or has its change already. `message_dict` names the field and the reason."""


@transaction.atomic
def mark_change(
    *,
    unit: Unit,
    on: date,
    words: str,
    by: User | None,
    measure: Measure | None = None,
    standard: Standard | None = None,
    at: datetime | None = None,
) -> DatedChange:
    """From this day on something is done differently; the charts of the unit and below split here.

    It concerns either one `measure` or every measure of a `standard`. Raises ChangeRefused for a day to
    come in the unit, one before the years that are counted, and one that has its change already.
    """
    at = at or timezone.now()
    if on > at.astimezone(ZoneInfo(unit.timezone)).date():
        raise ChangeRefused({"on": ValidationError(_("This day has not come yet."), code="future")})
    if on.year < FIRST_YEAR:
        raise ChangeRefused({"on": ValidationError(_("This day is too long ago."), code="too_long_ago")})
    change = DatedChange(
        measure=measure, standard=standard, unit=unit, on=on, words=words, by=by, marked_at=at
    )
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as error:
        raise _marked_already() from error
    return change


def _marked_already() -> ChangeRefused:
    told = ValidationError(_("A change is marked on this day already."), code="marked_already")
    return ChangeRefused({"on": told})


@transaction.atomic
def archive_change(*, change: DatedChange, by: User | None, at: datetime | None = None) -> bool:
    """The charts split here no longer; it can be put back. Says whether it stood until now."""
    at = at or timezone.now()
    won = DatedChange.objects.standing().filter(pk=change.pk).update(archived_at=at)
    if won:
        note_change(change, "archived_at", None, at, by=by)
    return bool(won)


@transaction.atomic
def restore_change(*, change: DatedChange, by: User | None) -> bool:
    """The charts split here again. Raises ChangeRefused where another change has taken the day."""
    archived = DatedChange.objects.filter(pk=change.pk, archived_at__isnull=False)
    try:
        with transaction.atomic():
            won = archived.update(archived_at=None)
    except IntegrityError as error:
        raise _marked_already() from error
    if won:
        note_change(change, "archived_at", change.archived_at, None, by=by)
    return bool(won)
