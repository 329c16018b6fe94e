"""XLSX in: the first sheet of a workbook as the CSV that every import reads."""

import csv
import io
from datetime import date, datetime, time
from itertools import islice
from tempfile import TemporaryFile
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from organisation.imports.reading import LONGEST_CELL, MOST_COLUMNS, ImportRefused

ZIP = b"PK\x03\x04"
MOST_UNPACKED = 20
"""So many times the largest file may a workbook hold: what swells more is no table but an attack."""


def as_csv(content: "File[bytes]") -> "File[bytes]":
    """The file itself, or where it is a workbook its first sheet; days as 2026-11-30, times in ISO 8601.

    Formulas give the value that was stored with them. Raises ImportRefused for a workbook that is broken,
    too large, or has too many rows.
    """
    start = content.read(4)
    content.seek(0)
    name = content.name or ""
    if start != ZIP or not name.lower().endswith((".xlsx", ".xlsm")):
        return content
    _refuse_swelling(content)
    try:
        rows = (
            load_workbook(content, read_only=True, data_only=True).worksheets[0].iter_rows(values_only=True)
        )
        return File(_written(rows), name=f"{name.rsplit('.', 1)[0]}.csv")
    except ImportRefused:
        raise
    except Exception as error:
        raise ImportRefused(
            _("This workbook cannot be read. Please save it as CSV and send that.")
        ) from error


def _refuse_swelling(content: "File[bytes]") -> None:
    try:
        unpacked = sum(part.file_size for part in ZipFile(content).infolist())
    except BadZipFile as error:
        raise ImportRefused(_("This workbook is broken.")) from error
    finally:
        content.seek(0)
    if unpacked > MOST_UNPACKED * settings.IMPORT_MAX_BYTES:
        raise ImportRefused(_("This workbook is too large when it is unpacked."))


def _written(rows: Any) -> Any:
    made = TemporaryFile()  # noqa: SIM115  (the file is read as long as the import is begun)
    text = io.TextIOWrapper(made, encoding="utf-8", newline="")
    writer = csv.writer(text)
    most = settings.IMPORT_MAX_ROWS + 1
    for number, row in enumerate(rows):
        if number > most:
            words = _("The file has more than %(limit)s rows. Please split it into smaller files.")
            raise ImportRefused(words, params={"limit": f"{settings.IMPORT_MAX_ROWS:,}"})
        writer.writerow([_cell(each) for each in islice(row, MOST_COLUMNS)])
    text.flush()
    text.detach()
    made.seek(0)
    return made


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:LONGEST_CELL]
