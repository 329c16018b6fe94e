"""Changes of persons and their roles."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisation.actions.installation import hold_the_tree
from organisation.audit import note_change
from organisation.models import Membership, Unit, User


class RoleRefused(ValidationError):
    """The change of roles is not allowed; the message says why."""


@transaction.atomic
def set_role(person: User, *, unit: Unit, role: str, level: str, by: User) -> Membership:
    """Give the person a role in the unit, or change the one that the person has there.

    Raises RoleRefused where `by` may not grant it, where the unit is archived, and where the
    installation would be left without an administrator.
    """
    hold_the_tree()
    if not by.may_grant(role, unit):
        raise RoleRefused(_("You may not give this role in this unit."))
    if unit.archived_at is not None:
        raise RoleRefused(_("“%(unit)s” is archived."), params={"unit": unit.name})
    standing = Membership.objects.filter(user=person, unit=unit).first()
    if standing and not by.may_grant(standing.role, unit):
        raise RoleRefused(_("You may not change this role."))
    membership, _created = Membership.objects.update_or_create(
        user=person, unit=unit, defaults={"role": role, "level": level}
    )
    _keep_an_administrator()
    return membership


@transaction.atomic
def remove_role(membership: Membership, *, by: User) -> None:
    """Take a role away. The last one of a person stays; deactivate the person instead."""
    hold_the_tree()
    if not by.may_grant(membership.role, membership.unit):
        raise RoleRefused(_("You may not take away this role."))
    if not Membership.objects.filter(user=membership.user_id).exclude(pk=membership.pk).exists():
        raise RoleRefused(_("This is the only role. Deactivate the person instead."))
    membership.delete()
    _keep_an_administrator()


@transaction.atomic
def deactivate_person(person: User, *, by: User, at: datetime | None = None) -> bool:
    """Shut the person out at once; everything the person did stays. False where it is done already."""
    hold_the_tree()
    if person.pk == by.pk:
        raise RoleRefused(_("You cannot deactivate yourself. Ask another administrator."))
    won = User.objects.filter(pk=person.pk, is_active=True).update(is_active=False)
    _keep_an_administrator()
    if won:
        note_change(person, "is_active", True, False, by=by)
    return bool(won)


@transaction.atomic
def reactivate_person(person: User, *, by: User, at: datetime | None = None) -> bool:
    """Let the person sign in again, with the roles as they stand. False where it is done already."""
    won = User.objects.filter(pk=person.pk, is_active=False).update(is_active=True)
    if won:
        note_change(person, "is_active", False, True, by=by)
    return bool(won)


def _keep_an_administrator() -> None:
    if not User.objects.administrators().exists():
        raise RoleRefused(_("Somebody must stay administrator."))
