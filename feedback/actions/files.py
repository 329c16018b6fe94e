"""Uploaded files hold what was written, and addresses: they are kept for a while, then only their imprint."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback.actions.invitation_lists import KIND as INVITATIONS
from feedback.imports import KIND as RESPONSES
from organisation.models import Attachment, Import

KEEP_FILES = timedelta(days=30)
"""Long enough to mend rows and send them again."""
AT_WORK = (Import.State.CHECKING, Import.State.STAGING)


def files_kept_too_long(at: datetime) -> "QuerySet[Import]":
    """Files of responses and of people to invite whose time is over."""
    held = ~Q(file__file="") | Q(bad_rows__isnull=False)
    ours = Import.objects.filter(held, kind__in=(INVITATIONS, RESPONSES))
    return ours.filter(created_at__lt=at - KEEP_FILES).exclude(state__in=AT_WORK)


@transaction.atomic
def forget_files(imports: "QuerySet[Import]") -> int:
    """Delete the files and their bad rows. What came in by them stays, and so does the imprint by which the
    same file is known again. Returns how many imports had any."""
    forgotten = 0
    for import_ in imports.select_related("file", "bad_rows"):
        bad_rows = import_.bad_rows
        if bad_rows is not None:
            Import.objects.filter(pk=import_.pk).update(bad_rows=None)
            bad_rows.delete()
            _delete_after_commit(bad_rows)
        if import_.file.file:
            Attachment.objects.filter(pk=import_.file_id).update(file="")
            _delete_after_commit(import_.file)
        forgotten += bool(bad_rows or import_.file.file)
    return forgotten


def _delete_after_commit(attachment: Attachment) -> None:
    storage, name = attachment.file.storage, str(attachment.file.name)
    transaction.on_commit(partial(storage.delete, name), robust=True)


def forget_old_files(*, at: datetime | None = None) -> int:
    """Run by the schedule; each file in a transaction of its own."""
    overdue = files_kept_too_long(at or timezone.now())
    return sum(forget_files(Import.objects.filter(pk=pk)) for pk in overdue.values_list("pk", flat=True))
