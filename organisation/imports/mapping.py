"""How a file's columns become rows of ours: the pieces that the mappings of every room share.

A mapping is JSON. Where it asks for a *cell* it takes the name of a column, or an object with `column`
(and `values`, text in the file → text of ours), or an object with a `constant`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.text import clean_text, search_form
from organisation.imports.reading import ImportRefused, RowProblem

SHIPPED = "mappings"
SOME_TIME = datetime(2000, 2, 29, 14, 5, 59, tzinfo=UTC)


@dataclass(frozen=True)
class Cell:
    """Where one piece of a row comes from: a column, through a table of values, or a constant."""

    column: str = ""
    constant: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, what: str, data: Any) -> "Cell":
        """Read a cell of a mapping; `what` names it in the message of a refusal."""
        if isinstance(data, str) and data:
            return cls(column=data)
        if isinstance(data, dict) and set(data) <= {"column", "values", "constant"}:
            column, constant = data.get("column", ""), data.get("constant", "")
            values = data.get("values", {})
            is_text = isinstance(column, str) and isinstance(constant, str)
            if is_text and isinstance(values, dict) and bool(column) != bool(constant):
                return cls(column, constant, values)
        raise ImportRefused(
            _("The mapping does not say clearly where “%(what)s” comes from."), params={"what": what}
        )

    @classmethod
    def optional(cls, what: str, data: Any) -> "Cell | None":
        return None if data in (None, "") else cls.parse(what, data)

    def raw(self, cells: dict[str, str]) -> str:
        """The text as it stands in the file (or the constant)."""
        return cells[self.column] if self.column else self.constant

    def read(self, cells: dict[str, str]) -> str:
        """The text after the table of values; what the table does not name stays as it is."""
        text = self.raw(cells)
        return str(self.values.get(text, text))


def time_formats(value: Any) -> tuple[str, ...]:
    """The ways in which times or dates are written, as `strptime` takes them.

    Each is tried once, so that no row has to. Raises ImportRefused.
    """
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise ImportRefused(
            _("In the mapping “%(name)s” must be a list of texts."), params={"name": "formats"}
        )
    for wanted in value:
        try:
            datetime.strptime(SOME_TIME.strftime(wanted), wanted)
        except (ValueError, OverflowError, re.error) as error:
            text = _("In the mapping “%(text)s” is no way to write a date or a time.")
            raise ImportRefused(text, params={"text": wanted[:40]}) from error
    return tuple(each.strip() for each in value)


def text_of(code: str, value: str, *, max_length: int) -> str:
    """A cell's text as we keep it. Raises RowProblem under `code` for what we cannot keep."""
    try:
        return clean_text(value, max_length=max_length)
    except ValidationError as error:
        raise RowProblem(code, " ".join(error.messages)) from error


def required_columns(header: list[str], wanted: Iterable[str]) -> None:
    """Raises ImportRefused naming the columns that the mapping wants and the file lacks."""
    missing = sorted({name for name in wanted if name and name not in header})
    if missing:
        raise ImportRefused(
            _("The file has no column called %(names)s."),
            params={"names": ", ".join(f"“{name[:60]}”" for name in missing[:8])},
        )


def guess_columns(header: Iterable[str], words_of: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Field → the column whose name fits it best: a first proposal. No column is proposed twice."""
    folded = {search_form(name).strip(): name for name in header}
    found: dict[str, str] = {}
    for field_name, words in words_of.items():
        for word in words:
            name = folded.get(word)
            if name and name not in found.values():
                found[field_name] = name
                break
    return found


def load_mapping(path: str | Path) -> dict[str, Any]:
    """Read a mapping file. Raises ImportRefused where it is missing or no JSON object."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ImportRefused(_("The mapping file cannot be opened.")) from error
    except ValueError as error:
        raise ImportRefused(
            _("The mapping file is no JSON: %(why)s"), params={"why": str(error)[:200]}
        ) from error
    if not isinstance(data, dict):
        raise ImportRefused(_("The mapping file must hold one JSON object."))
    return data


def shipped_mappings(kind: str) -> dict[str, dict[str, Any]]:
    """The mappings that come with the product, by file name, for one kind of import."""
    found = {}
    for path in sorted((settings.BASE_DIR / SHIPPED).glob("*.json")):
        data = load_mapping(path)
        if data.get("kind") == kind:
            found[path.stem] = data
    return found
