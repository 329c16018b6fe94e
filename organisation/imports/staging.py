"""The states of an import. Each step is one guarded update, so that two persons cannot take it twice."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, TypeVar, cast

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.imports.reading import ImportRefused, Table, refuse_size
from organisation.imports.workbook import as_csv
from organisation.models import Attachment, Import, Unit, User

CHUNK = 500
Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in order, so many at a time: what one short transaction writes."""
    waiting = iter(items)
    while chunk := list(islice(waiting, size)):
        yield chunk


class WrongState(Exception):
    """The import is not (or no longer) in a state from which this step leads on."""


@transaction.atomic
def begin_import(
    content: "File[bytes]",
    *,
    kind: str,
    by: User | None,
    mapping: dict[str, Any] | None = None,
    unit: Unit | None = None,
    at: datetime | None = None,
) -> Import:
    """Keep an uploaded file as the beginning of an import. Nothing of it counts yet.

    Raises ImportRefused where the file is too large or empty, or cannot be read as CSV at all.
    """
    refuse_size(content.size)
    content = as_csv(content)
    name = (content.name or "file.csv").rsplit("/", 1)[-1].replace("\x00", "")
    name = name.encode("utf-8", "replace").decode()
    attachment = Attachment.store(content, name=name, content_type="text/csv")
    try:
        table_of(attachment)
    except ImportRefused:
        attachment.file.delete(save=False)
        raise
    return Import.objects.create(
        kind=kind,
        file=attachment,
        unit=unit,
        mapping=mapping or {},
        created_by=by,
        created_at=at or timezone.now(),
    )


def table_of(attachment: Attachment, separator: str = "") -> Table:
    def source() -> BinaryIO:
        return cast(BinaryIO, attachment.file.storage.open(str(attachment.file.name), "rb"))

    return Table(source, attachment.size, separator)


def open_table(import_: Import) -> Table:
    """The file of an import, ready to be read. Raises ImportRefused, also where it is not kept any more."""
    if not import_.file.file:
        raise ImportRefused(_("This file is not kept any more. Please send it once more."))
    return table_of(import_.file, str(import_.mapping.get("separator", "")))


def earlier_import(import_: Import) -> Import | None:
    """An import of the same kind that has already taken in a file with exactly the same content."""
    return (
        Import.objects.filter(kind=import_.kind, file__sha256=import_.file.sha256, state=Import.State.DONE)
        .exclude(pk=import_.pk)
        .order_by("created_at")
        .first()
    )


def move_import(import_: Import, *, to: Import.State, out_of: Iterable[Import.State], **fields: Any) -> None:
    """Change the state if it is still one of `out_of`. Raises WrongState otherwise."""
    moved = Import.objects.filter(pk=import_.pk, state__in=list(out_of)).update(state=to, **fields)
    if not moved:
        raise WrongState(import_.reference)
    import_.state = to
    for name, value in fields.items():
        setattr(import_, name, value)


def refuse_import(import_: Import, why: str, *, at: datetime | None = None, **fields: Any) -> None:
    """Set down that the file was refused, and why. What was staged must be gone before."""
    move_import(
        import_,
        to=Import.State.FAILED,
        out_of=[Import.State.UPLOADED, Import.State.CHECKING, Import.State.CHECKED, Import.State.STAGING],
        message=why[:500],
        finished_at=at or timezone.now(),
        **fields,
    )


@transaction.atomic
def forget_import(import_: Import) -> None:
    """Remove an import that never took anything in, with its files (a dry run of the command)."""
    deleted, _models = (
        Import.objects.exclude(state__in=[Import.State.DONE, Import.State.UNDONE, Import.State.STAGING])
        .filter(pk=import_.pk)
        .delete()
    )
    if not deleted:
        raise WrongState(import_.reference)
    for attachment in filter(None, (import_.file, import_.bad_rows)):
        attachment.delete()
        transaction.on_commit(partial(attachment.file.delete, save=False), robust=True)
