"""Changes of the tree of units."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.actions.installation import hold_the_tree
from organisation.audit import note_change
from organisation.models import Installation, Tree, Unit, UnitPlacement, User


class TreeRefused(ValidationError):
    """The change would break the tree; the message says how."""


@transaction.atomic
def create_unit(
    *,
    name: str,
    slug: str,
    zone: str,
    parent: Unit,
    starts_on: date,
    external_reference: str = "",
    by: User | None = None,
) -> Unit:
    """A new unit below `parent`. Its first placement also holds for the time before `starts_on`."""
    hold_the_tree()
    _refuse_archived(parent)
    unit = Unit.objects.create(name=name, slug=slug, timezone=zone, external_reference=external_reference)
    UnitPlacement.objects.create(unit=unit, parent=parent, starts_on=starts_on.replace(day=1))
    return unit


@transaction.atomic
def place_unit(
    unit: Unit, *, parent: Unit, starts_on: date, by: User | None = None, at: datetime | None = None
) -> UnitPlacement:
    """Put the unit below another one from the first of a month on.

    Raises TreeRefused for the top of the tree, for a month that is over (history is not rewritten),
    and wherever the unit would come to stand below itself in the tree of any day.
    """
    hold_the_tree()
    today = (at or timezone.now()).astimezone(ZoneInfo(unit.timezone)).date()
    if starts_on.day != 1:
        raise TreeRefused(_("A unit moves on the first day of a month."))
    if starts_on < today.replace(day=1):
        raise TreeRefused(_("That month is over. A unit can move from this month on."))
    if Installation.objects.filter(root=unit).exists():
        raise TreeRefused(_("The whole organisation stands at the top and cannot move."))
    _refuse_archived(parent)
    placement, _created = UnitPlacement.objects.update_or_create(
        unit=unit, starts_on=starts_on, defaults={"parent": parent}
    )
    _refuse_cycles(unit, UnitPlacement.objects.all())
    return placement


def _refuse_cycles(unit: Unit, placements: Iterable[UnitPlacement]) -> None:
    """The tree changes only on the first days of placements, so those are the days to look at."""
    known = list(placements)
    for day in sorted({each.starts_on for each in known}):
        try:
            Tree.from_placements(known, day).path(unit.pk)
        except ValueError:
            raise TreeRefused(
                _("From %(day)s on, “%(unit)s” would stand below itself. Choose another unit."),
                params={"day": day.isoformat(), "unit": unit.name},
            ) from None


def _refuse_archived(parent: Unit) -> None:
    if Unit.objects.active().filter(pk=parent.pk).exists():
        return
    raise TreeRefused(_("“%(unit)s” is archived. Restore it first."), params={"unit": parent.name})


@transaction.atomic
def archive_unit(unit: Unit, *, by: User, at: datetime | None = None) -> bool:
    """Take the unit out of use; its history stays. False where somebody has done it already.

    Raises TreeRefused for the top of the tree, and while units in use stand below it.
    """
    at = at or timezone.now()
    hold_the_tree()
    if Installation.objects.filter(root=unit).exists():
        raise TreeRefused(_("The whole organisation cannot be archived."))
    below = Tree.on(at.date()).subtree(unit.pk) - {unit.pk}
    if Unit.objects.active().filter(pk__in=below).exists():
        raise TreeRefused(_("Units in use stand below “%(unit)s”."), params={"unit": unit.name})
    won = Unit.objects.active().filter(pk=unit.pk).update(archived_at=at)
    if won:
        note_change(unit, "archived_at", None, at, by=by)
    return bool(won)


@transaction.atomic
def restore_unit(unit: Unit, *, by: User, at: datetime | None = None) -> bool:
    """Take the unit into use again. Raises TreeRefused while the unit above it is archived."""
    at = at or timezone.now()
    hold_the_tree()
    above = Tree.on(at.date()).parents.get(unit.pk)
    if above is not None:
        _refuse_archived(Unit.objects.get(pk=above))
    won = Unit.objects.filter(pk=unit.pk, archived_at__isnull=False).update(archived_at=None)
    if won:
        note_change(unit, "archived_at", unit.archived_at, None, by=by)
    return bool(won)
