"""Daily totals that a program brings: as a file would be, in one step, all of them or none."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from customers.imports import ACTIVITY
from customers.models.activity import NUMBERS
from organisation.actions.imports import check_import, take_import
from organisation.imports import (
    ImportRefused,
    begin_import,
    earlier_import,
    forget_import,
    move_import,
    read_bad_rows,
)
from organisation.models import Import, User

COLUMNS = ("unit", "day", "channel", "area", "product", *NUMBERS)
MAPPING: dict[str, Any] = {name: name for name in COLUMNS}
State = Import.State


@dataclass(frozen=True)
class BadRow:
    """`row` counts from 1, as the rows were sent."""

    row: int
    reason: str


class RowsRefused(Exception):
    """Some rows cannot be taken, so none was."""

    def __init__(self, rows: list[BadRow]) -> None:
        super().__init__(len(rows))
        self.rows = rows


@dataclass(frozen=True)
class Taken:
    import_: Import
    rows: int
    is_replay: bool = False


def take_rows(rows: Iterable[Mapping[str, Any]], *, by: User, at: datetime | None = None) -> Taken:
    """Take daily totals in; what was taken in before, word for word, is answered as it was then.

    It stands among the imported files and can be undone there. Raises RowsRefused with the reason of each
    bad row, and ImportRefused where the whole cannot be read or another file was faster.
    """
    content = _as_csv(rows)
    import_ = begin_import(content, kind=ACTIVITY, by=by, mapping=MAPPING, at=at)
    if first := earlier_import(import_):
        forget_import(import_)
        return Taken(first, first.counts.get("taken", 0), is_replay=True)
    move_import(import_, to=State.CHECKING, out_of=[State.UPLOADED])
    report = check_import(import_, at=at)
    if report is None:
        raise ImportRefused(import_.message)
    if report.bad_rows:
        refused = _bad_rows(import_)
        forget_import(import_)
        raise RowsRefused(refused)
    move_import(import_, to=State.STAGING, out_of=[State.CHECKED])
    if take_import(import_, at=at) is None:
        raise ImportRefused(import_.message or _("Not taken in. Please send it again."))
    return Taken(import_, report.counts["taken"])


def _as_csv(rows: Iterable[Mapping[str, Any]]) -> "ContentFile[bytes]":
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(["" if row.get(name) is None else row[name] for name in COLUMNS])
    return ContentFile(text.getvalue().encode("utf-8", "surrogatepass"), name="sent-by-program.csv")


def _bad_rows(import_: Import) -> list[BadRow]:
    """The header is row 1 of a file, so the first row that was sent is row 2 there."""
    if import_.bad_rows is None:
        return []
    lines = read_bad_rows(import_.bad_rows)
    next(lines)
    return [BadRow(int(number) - 1, reason) for number, reason, *_cells in lines]
