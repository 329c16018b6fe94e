"""Tables out: CSV (streamed, with a byte order mark) and XLSX, formula characters neutralised."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Sheet = tuple[list[Any], Iterable[Iterable[Any]]]

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: Any) -> Any:
    """The cell so that a spreadsheet shows it instead of computing it. Numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return "'" + cell
    return cell


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(header: list[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([harmless(str(cell)) for cell in header])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def csv_response(name: str, header: list[Any], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A download called `name`.csv."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def json_lines(names: list[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A JSON list of objects, written while the rows are read; dates and decimals as text."""
    before = "["
    for row in rows:
        yield before + json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str)
        before = ",\n"
    yield "[]" if before == "[" else "]\n"


def json_response(name: str, names: list[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A download called `name`.json. Nothing is made harmless for a spreadsheet: programs read it."""
    response = StreamingHttpResponse(json_lines(names, rows), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_WIDEST_COLUMN = 60


def _cell(value: Any) -> Any:
    """The value as a spreadsheet holds it: numbers and dates as such, moments without a zone."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float) or hasattr(value, "isoformat"):
        return value
    return _NOT_IN_XML.sub("", str(harmless(str(value))))


def workbook(sheets: dict[str, Sheet]) -> bytes:
    """An XLSX file: name of each sheet → its header and rows. The header row is bold and stays in sight."""
    book = Workbook()
    del book["Sheet"]
    for name, (header, rows) in sheets.items():
        sheet = book.create_sheet(_NOT_IN_A_SHEET_NAME.sub(" ", name)[:31])
        sheet.append([_cell(str(each)) for each in header])
        for row in rows:
            sheet.append([_cell(each) for each in row])
        for number, column in enumerate(sheet.columns, start=1):
            column[0].font = Font(bold=True)
            widest = max(len(str(cell.value)) for cell in column if cell.value is not None)
            sheet.column_dimensions[get_column_letter(number)].width = min(widest + 2, _WIDEST_COLUMN)
        sheet.freeze_panes = "A2"
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def xlsx_response(name: str, sheets: dict[str, Sheet]) -> HttpResponse:
    """A download called `name`.xlsx."""
    response = HttpResponse(workbook(sheets), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def table_response(
    kind: str, name: str, header: list[Any], rows: Iterable[Iterable[Any]]
) -> HttpResponseBase:
    """One table as the reader asked for it: “xlsx”, else CSV."""
    if kind == "xlsx":
        return xlsx_response(name, {name: (header, rows)})
    return csv_response(name, header, rows)


_COLUMN_WIDTH = 22


def long_sheet(name: str, header: list[Any], rows: Iterable[Iterable[Any]]) -> IO[bytes]:
    """The XLSX file of one table, written row by row into a temporary file, read from its beginning."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_A_SHEET_NAME.sub(" ", name)[:31])
    sheet.freeze_panes = "B2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _COLUMN_WIDTH
    titles = [WriteOnlyCell(sheet, value=_cell(str(each))) for each in header]
    for title in titles:
        title.font = Font(bold=True)
    sheet.append(titles)
    for row in rows:
        sheet.append([_cell(each) for each in row])
    made = TemporaryFile()  # noqa: SIM115  (whoever asked closes it)
    book.save(made)
    made.seek(0)
    return made


def streamed_response(
    kind: str, name: str, header: list[Any], rows: Iterable[Iterable[Any]]
) -> HttpResponseBase:
    """The same for tables of any length, which are never held in memory as a whole: CSV goes out while it
    is read, XLSX by way of a temporary file."""
    if kind != "xlsx":
        return csv_response(name, header, rows)
    return FileResponse(
        long_sheet(name, header, rows),
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type=XLSX_TYPE,
    )
