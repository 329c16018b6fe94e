"""What became of each row: counted by outcome and reason, and the bad rows as a file."""

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO

from django.core.files.base import File
from django.utils.translation import gettext as _

from common.export import harmless
from organisation.imports.reading import Row, RowProblem
from organisation.models import Attachment

Progress = Callable[[int, int], None]
STEP = 500


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


class Report:
    """Counts rows by outcome and writes the bad ones down, with the reason before the old columns.

    `counts` holds `rows`, each outcome (`taken`, `not_tracked`, `bad`), each reason of a bad row as
    `bad.<code>` and each remark about a row that was taken as `note.<code>`.
    """

    def __init__(self, header: list[str], total: int = 0, progress: Progress = _silent) -> None:
        self.counts: Counter[str] = Counter()
        self.total = total
        self._header = header
        self._progress = progress
        self._file: IO[str] | None = None

    @property
    def bad_rows(self) -> int:
        return self.counts["bad"]

    def outcome(self, name: str, notes: list[str] | None = None) -> None:
        """One row that is taken, with the codes of what is remarkable about it."""
        self.counts[name] += 1
        for code in notes or []:
            self.counts[f"note.{code}"] += 1
        self._next_row()

    def bad(self, row: Row, problem: RowProblem) -> None:
        """One row that cannot be taken."""
        self.counts["bad"] += 1
        self.counts[f"bad.{problem.code}"] += 1
        self._write(row, problem)
        self._next_row()

    def note(self, code: str, count: int = 1) -> None:
        self.counts[f"note.{code}"] += count

    def made(self, what: str, count: int) -> None:
        """How many units, standards and so on the file brings with it."""
        if count:
            self.counts[f"made.{what}"] = count

    def bad_rows_file(self, name: str) -> Attachment | None:
        """Keep the bad rows as a file to mend and send again; None where all rows are good."""
        if self._file is None:
            return None
        self._file.seek(0)
        content = File(io.BytesIO(self._file.read().encode("utf-8-sig")), name=name)
        return Attachment.store(content, name=name, content_type="text/csv")

    def write_bad_rows(self, path: str) -> None:
        """The same file, to a path of the person's own."""
        with open(path, "w", encoding="utf-8-sig", newline="") as out:
            if self._file is not None:
                self._file.seek(0)
                for line in self._file:
                    out.write(line)

    def _next_row(self) -> None:
        self.counts["rows"] += 1
        if self.counts["rows"] % STEP == 0 or self.counts["rows"] == self.total:
            self._progress(self.counts["rows"], self.total)

    def _write(self, row: Row, problem: RowProblem) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
            self._line([_("Row in the file"), _("Why it was left out"), *self._header])
        self._line([str(row.number), problem.text, *row.raw])

    def _line(self, cells: list[str]) -> None:
        csv.writer(self._file).writerow([harmless(cell) for cell in cells])  # type: ignore[arg-type]


def read_bad_rows(attachment: Attachment) -> Iterator[list[str]]:
    """The lines of a file of bad rows, header first: number, reason, then the cells as they came."""
    with attachment.file.open("rb") as binary:
        yield from csv.reader(io.TextIOWrapper(binary, encoding="utf-8-sig", newline=""))
