"""Invitations: the only way to an account."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from organisation.actions.installation import secret_hash
from organisation.audit import note_change
from organisation.models import Installation, Invitation, Membership, OutgoingMail, Unit, User

VALID_FOR = timedelta(days=7)


class InvitationRefused(ValidationError):
    """The invitation may not be sent; the message says why."""


class NoLongerValid(Exception):
    """The link was used, revoked or is too old, or who sent it may no longer invite."""


class AddressHasAccount(Exception):
    """The address has an account already: sign in with it to accept."""


@transaction.atomic
def invite(
    *, email: str, unit: Unit, role: str, level: str, by: User, at: datetime | None = None
) -> Invitation:
    """Send a single-use link that is valid for seven days. Replaces an open one for the same place.

    Raises InvitationRefused where `by` may not grant the role, where the unit is archived, and where
    the person has a role there already.
    """
    at = at or timezone.now()
    email = email.lower()
    if not by.may_grant(role, unit):
        raise InvitationRefused(_("You may not give this role in this unit."))
    if unit.archived_at is not None:
        raise InvitationRefused(_("“%(unit)s” is archived."), params={"unit": unit.name})
    if Membership.objects.filter(user__email=email, unit=unit).exists():
        raise InvitationRefused(
            _("%(email)s has a role in “%(unit)s” already."), params={"email": email, "unit": unit.name}
        )
    Invitation.objects.open(at).filter(email=email, unit=unit).update(revoked_at=at)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        secret_hash=secret_hash(secret),
        email=email,
        unit=unit,
        role=role,
        level=level,
        invited_by=by,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    _write_letter(invitation, secret, at)
    return invitation


def _write_letter(invitation: Invitation, secret: str, at: datetime) -> None:
    installation = Installation.current()
    context = {
        "invitation": invitation,
        "organisation": installation.name if installation else invitation.unit.name,
        "link": settings.BASE_URL + reverse("organisation:invitation_accept", args=[secret]),
    }
    with translation.override(installation.language if installation else settings.LANGUAGE_CODE):
        subject = _("Your invitation to %(organisation)s") % context
        body = render_to_string("organisation/letters/invitation.txt", context)
    OutgoingMail.objects.create(
        to=invitation.email, subject=subject[:200], body=body, due_at=at, created_at=at
    )


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User, at: datetime | None = None) -> bool:
    """Make the link worthless. False where it is used, too old or revoked already."""
    at = at or timezone.now()
    won = Invitation.objects.open(at).filter(pk=invitation.pk).update(revoked_at=at)
    if won:
        note_change(invitation, "revoked_at", None, at, by=by)
    return bool(won)


def find_invitation(secret: str) -> Invitation | None:
    """The invitation behind a link, in whatever state it is."""
    return (
        Invitation.objects.select_related("unit", "invited_by")
        .filter(secret_hash=secret_hash(secret))
        .first()
    )


def still_stands(invitation: Invitation, at: datetime) -> bool:
    """Open, and who sent it may still grant the role in a unit that is still in use."""
    return invitation.is_open(at) and _may_be_granted(invitation)


def _may_be_granted(invitation: Invitation) -> bool:
    return invitation.unit.archived_at is None and invitation.invited_by.may_grant(
        invitation.role, invitation.unit
    )


@transaction.atomic
def accept_as_newcomer(
    invitation: Invitation, *, name: str, password: str, at: datetime | None = None
) -> User:
    """Use up the link and make the account with its first role.

    Raises NoLongerValid (the second of two acceptances included) and AddressHasAccount.
    """
    at = at or timezone.now()
    _use_up(invitation, at)
    if User.objects.with_address(invitation.email).exists():
        raise AddressHasAccount(invitation.reference)
    person = User(email=invitation.email, name=name, joined_at=at, language=translation.get_language() or "")
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise AddressHasAccount(invitation.reference) from None
    _give_role(invitation, person)
    return person


@transaction.atomic
def accept_as_member(invitation: Invitation, *, by: User, at: datetime | None = None) -> None:
    """Use up the link and add its role to the account of the address. A role that stands there stays."""
    at = at or timezone.now()
    if by.email != invitation.email:
        raise NoLongerValid(invitation.reference)
    _use_up(invitation, at)
    _give_role(invitation, by)


def _use_up(invitation: Invitation, at: datetime) -> None:
    won = Invitation.objects.open(at).filter(pk=invitation.pk).update(accepted_at=at)
    now_standing = Invitation.objects.select_related("unit", "invited_by").get(pk=invitation.pk)
    if not won or not _may_be_granted(now_standing):
        raise NoLongerValid(invitation.reference)


def _give_role(invitation: Invitation, person: User) -> None:
    Membership.objects.get_or_create(
        user=person, unit=invitation.unit, defaults={"role": invitation.role, "level": invitation.level}
    )
    note_change(invitation, "accepted_at", None, invitation.email, by=person)
