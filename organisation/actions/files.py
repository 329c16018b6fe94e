"""Files that nothing points to any more: uploads that were never used, files that others have replaced."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from organisation.models import Attachment

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)
"""Long enough for whoever looks at an upload before using it, and for every transaction."""
FOLDER = "attachments"
ROWS_AT_ONCE = 500


def delete_forgotten_files(*, at: datetime | None = None) -> int:
    """Delete attachments to which no row leads, and files that no attachment knows; returns how many.

    Both only where they are more than a day old. One that cannot be deleted never stops the rest.
    """
    before = (at or timezone.now()) - KEPT
    deleted = 0
    for attachment in forgotten_attachments(before).iterator(ROWS_AT_ONCE):
        deleted += _tried(partial(_delete, attachment), attachment.reference)
    storage = Attachment._meta.get_field("file").storage  # type: ignore[union-attr]
    for name in list(_unknown_files(storage, before)):
        deleted += _tried(partial(storage.delete, name), name)
    return deleted


def forgotten_attachments(before: datetime) -> "QuerySet[Attachment]":
    """Those that no foreign key of any room leads to."""
    found = Attachment.objects.filter(created_at__lt=before)
    for relation in Attachment._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete:
            pointing: Any = relation.field  # type: ignore[union-attr]
            rows = pointing.model._base_manager.filter(**{pointing.name: OuterRef("pk")})
            found = found.filter(~Exists(rows))
    return found


def _tried(delete: Any, name: str) -> bool:
    try:
        delete()
    except Exception:
        logger.exception("file %s not deleted", name)
        return False
    return True


@transaction.atomic
def _delete(attachment: Attachment) -> None:
    """The row, and its file once the row is gone for good. Refused where a row leads to it by now."""
    attachment.delete()
    if attachment.file:
        transaction.on_commit(partial(attachment.file.storage.delete, str(attachment.file.name)), robust=True)


def _unknown_files(storage: Storage, before: datetime) -> Iterator[str]:
    """Files of attachments whose row was never kept: what wrote it was taken back."""
    for folder in _folders(storage, FOLDER):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        for start in range(0, len(names), ROWS_AT_ONCE):
            some = names[start : start + ROWS_AT_ONCE]
            known = set(Attachment.objects.filter(file__in=some).values_list("file", flat=True))
            yield from (
                name for name in some if name not in known and storage.get_modified_time(name) < before
            )


def _folders(storage: Storage, folder: str) -> Iterator[str]:
    """The folder and all below it."""
    if not storage.exists(folder):
        return
    yield folder
    for name in storage.listdir(folder)[0]:
        yield from _folders(storage, f"{folder}/{name}")
