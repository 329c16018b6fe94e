"""Changes of the installation itself: its set-up, its logo and its API keys."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organisation.audit import note_change
from organisation.models import ApiToken, Attachment, Installation, Unit, UnitPlacement, User


def hold_the_tree() -> None:
    """One change of the tree or of the administrators at a time, until the transaction ends.

    The guarded row makes a second writer wait on PostgreSQL; on SQLite every writer waits anyway.
    """
    Installation.objects.update(tree_version=F("tree_version") + 1)


@transaction.atomic
def set_up_installation(
    *, name: str, short_name: str, slug: str, zone: str, starts_on: date, colour: str, language: str
) -> Installation:
    """The first row of everything: the installation and the unit at the top of its tree."""
    root = Unit.objects.create(slug=slug, name=name, timezone=zone)
    UnitPlacement.objects.create(unit=root, parent=None, starts_on=starts_on)
    return Installation.objects.create(
        pk=1, name=name, short_name=short_name, colour=colour, language=language, root=root
    )


@transaction.atomic
def replace_logo(
    installation: Installation, *, file: "File[Any] | None", content_type: str = "", by: User
) -> None:
    """Show another logo, or none. The old file stays, because the audit trail names it."""
    installation.logo = (
        Attachment.store(file, name=file.name or "logo", content_type=content_type) if file else None
    )
    installation.save(update_fields=["logo"])


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def create_token(
    *, name: str, scopes: list[str], by: User, at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new API key and its secret, which is not kept and cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        secret_hash=secret_hash(secret),
        scopes=sorted(scopes),
        created_by=by,
        created_at=at or timezone.now(),
    )
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: datetime | None = None) -> bool:
    """Shut the key for good. False where somebody has done it already."""
    at = at or timezone.now()
    won = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at)
    if won:
        note_change(token, "revoked_at", None, at, by=by)
    return bool(won)
