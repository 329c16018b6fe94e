"""CSV in: streamed and sniffed. One clear message for each way in which a file cannot be read."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 1000
LONGEST_CELL = 100_000
_SNIFFED_ROWS = 50
_CHUNK = 65_536
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN_STARTS = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
)


class ImportRefused(ValidationError):
    """The whole file (or its mapping) cannot be taken; the message is for the person who sent it."""

    @property
    def text(self) -> str:
        return " ".join(self.messages)


class RowProblem(Exception):
    """One row cannot be taken: a `code` to count by, and the reason in words."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True)
class Note:
    """Something about the file that the reader should know, though nothing is refused for it."""

    code: str
    text: str


@dataclass(frozen=True)
class Row:
    """One row; `number` counts as a spreadsheet does: the header is row 1.

    `problem` says why the row has no cells (it does not fit the header).
    """

    number: int
    raw: list[str]
    cells: dict[str, str]
    problem: RowProblem | None = None


class Table:
    """A CSV file with a header, read again from the start by each call of `rows`.

    Raises ImportRefused where the file cannot be read at all. `source` opens it for reading bytes.
    """

    def __init__(self, source: Callable[[], BinaryIO], size: int, separator: str = "") -> None:
        refuse_size(size)
        self._source = source
        self.encoding, self.notes = self._sniff_encoding()
        self.separator = separator or self._sniff_separator()
        self._names = self._read_header()
        self.header = [name for name in self._names if name]

    def rows(self) -> Iterator[Row]:
        """Every row below the header that holds anything, in order."""
        found = 0
        for number, raw in self._records():
            if number == 1 or not any(cell.strip() for cell in raw):
                continue
            found += 1
            if found > settings.IMPORT_MAX_ROWS:
                raise ImportRefused(
                    _("The file has more than %(limit)s rows. Please split it into smaller files."),
                    params={"limit": f"{settings.IMPORT_MAX_ROWS:,}"},
                )
            yield self._row(number, raw)
        if not found:
            raise ImportRefused(_("The file has a header but no rows below it."))

    def count_rows(self) -> int:
        return sum(1 for _row in self.rows())

    def _row(self, number: int, raw: list[str]) -> Row:
        extra = raw[len(self._names) :]
        if len(raw) < len(self._names) or any(cell.strip() for cell in extra):
            text = ngettext(
                "The row has %(cells)d cell, but the header has %(columns)d.",
                "The row has %(cells)d cells, but the header has %(columns)d.",
                len(raw),
            ) % {"cells": len(raw), "columns": len(self._names)}
            return Row(number, raw, {}, RowProblem("ragged", text))
        cells = {name: cell.strip() for name, cell in zip(self._names, raw, strict=False) if name}
        return Row(number, raw, cells)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Numbered records; a broken one refuses the file, for nothing after it can be trusted."""
        number = 0
        with self._source() as binary:
            text = io.TextIOWrapper(binary, encoding=self.encoding, newline="")
            reader = csv.reader(text, delimiter=self.separator, strict=True)
            try:
                for number, raw in enumerate(reader, start=1):
                    yield number, raw
            except csv.Error as error:
                raise _broken_row(number + 1, error) from error
            finally:
                if not text.closed:
                    text.detach()

    def _read_header(self) -> list[str]:
        raw = next((raw for _number, raw in self._records()), [])
        names = [name.strip() for name in raw]
        named = [name for name in names if name]
        if not named:
            raise ImportRefused(_("The first row of the file must hold the names of the columns."))
        if len(names) > MOST_COLUMNS:
            raise ImportRefused(
                _("The file has more than %(limit)d columns."), params={"limit": MOST_COLUMNS}
            )
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise ImportRefused(
                _("Two columns have the same name: %(names)s. Please rename one of them."),
                params={"names": ", ".join(name[:60] for name in twice[:5])},
            )
        return names

    def _sniff_encoding(self) -> tuple[str, list[Note]]:
        with self._source() as binary:
            start = binary.read(4096)
        if not start.strip():
            raise ImportRefused(_("The file is empty."))
        for bom, encoding in _BOMS:
            if start.startswith(bom):
                self._decode(encoding)
                return encoding, []
        if start.startswith(_KNOWN_STARTS):
            raise ImportRefused(
                _("This is not a CSV file. In your spreadsheet, choose “Save as” and the type CSV (UTF-8).")
            )
        try:
            self._decode("utf-8")
        except UnicodeDecodeError:
            return self._older_encoding()
        return "utf-8", []

    def _older_encoding(self) -> tuple[str, list[Note]]:
        try:
            self._decode("utf-8", errors="surrogatepass")
        except UnicodeDecodeError:
            pass
        else:
            raise _broken_character()
        encoding, name = "cp1252", "Windows-1252"
        try:
            self._decode(encoding)
        except UnicodeDecodeError:
            encoding, name = "latin-1", "ISO 8859-1"
            self._decode(encoding)
        text = _("The file is not in UTF-8; it was read as %(name)s. Please look whether accents are right.")
        return encoding, [Note("older_encoding", text % {"name": name})]

    def _decode(self, encoding: str, errors: str = "strict") -> None:
        """Read the whole file once, chunk by chunk. Raises UnicodeDecodeError or ImportRefused."""
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        line = 1
        with self._source() as binary:
            while True:
                chunk = binary.read(_CHUNK)
                try:
                    text = decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError:
                    if encoding.startswith("utf-8") and encoding != "utf-8-sig":
                        raise
                    if encoding in ("cp1252", "latin-1"):
                        raise
                    raise _broken_character() from None
                if "\x00" in text:
                    line += text[: text.index("\x00")].count("\n")
                    raise ImportRefused(
                        _(
                            "Line %(line)d contains an invisible character (NUL). This is either not a "
                            "text file, or it is damaged. Please save it as CSV (UTF-8) again."
                        ),
                        params={"line": line},
                    )
                line += text.count("\n")
                if not chunk:
                    return

    def _sniff_separator(self) -> str:
        """The separator by which the first rows fall into most columns most evenly."""
        best, best_score = SEPARATORS[0], (0.0, 1)
        for separator in SEPARATORS:
            self.separator = separator
            try:
                widths = [len(raw) for _number, raw in islice(self._records(), _SNIFFED_ROWS) if raw]
            except ImportRefused:
                continue
            if not widths or widths[0] < 2:
                continue
            score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
            if score > best_score:
                best, best_score = separator, score
        return best


def refuse_size(size: int) -> None:
    """Raises ImportRefused for a file over the limit, before anything of it is read."""
    if size > settings.IMPORT_MAX_BYTES:
        raise ImportRefused(
            _("The file is too large: %(size)s MB of at most %(limit)s MB. Please split it."),
            params={
                "size": f"{size / 1_000_000:.1f}",
                "limit": f"{settings.IMPORT_MAX_BYTES / 1_000_000:g}",
            },
        )
    if size == 0:
        raise ImportRefused(_("The file is empty."))


def _broken_character() -> ImportRefused:
    return ImportRefused(
        _("The file contains broken characters. Please save it as CSV (UTF-8) again and send it once more.")
    )


def _broken_row(number: int, error: csv.Error) -> ImportRefused:
    if "field larger" in str(error) or "end of data" in str(error):
        text = _("Row %(row)d cannot be read: a quotation mark is opened and never closed.")
    else:
        text = _("Row %(row)d cannot be read: text follows a closing quotation mark, or a line is broken.")
    return ImportRefused(text, params={"row": number})
