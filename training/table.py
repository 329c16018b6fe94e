"""Reading what others wrote as nested tables (TOML, JSON), with a reason for everything that is wrong.

Nothing raises: each fault goes to the list of problems with the place where it stands, and a harmless
value takes its place, so that one reading names all faults at once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.text import clean_text

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
MOST_ROWS = 500


@dataclass(frozen=True)
class Problem:
    """One fault: where (“lesson “three-rings””), and why. `part` (“lesson”, “quiz”) with its `key` and
    `language` is where it can be mended, where the fault knows."""

    where: str
    reason: str
    part: str = ""
    key: str = ""
    language: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}" if self.where else self.reason


@dataclass
class Table:
    """One table of the file. Every value is asked for by name; `close` names what nobody asked for."""

    data: dict[str, Any]
    where: str
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def wrong(self, reason: str) -> None:
        self.problems.append(Problem(self.where, reason))

    def _value(self, name: str, kinds: type | tuple[type, ...], default: Any) -> Any:
        """The value, or the default where there is none or one of another kind. True is no number."""
        self.asked.add(name)
        if name not in self.data:
            return default
        value = self.data[name]
        is_flag = isinstance(value, bool)
        if not isinstance(value, kinds) or (is_flag and kinds is not bool):
            self.wrong(_("“%(name)s” is of the wrong kind.") % {"name": name})
            return default
        return value

    def text(self, name: str, most: int, *, required: bool = True, lines: bool = True) -> str:
        """Text of at most so many characters; on one line where `lines` is False."""
        raw = self._value(name, str, "")
        try:
            value = clean_text(raw, max_length=most)
        except ValidationError as error:
            self.wrong(f"“{name}”: {' '.join(error.messages)}")
            return ""
        if required and not value:
            self.wrong(_("“%(name)s” is missing.") % {"name": name})
        return value if lines else " ".join(value.split())

    def slug(self, name: str) -> str:
        value = self._value(name, str, "")
        if not SLUG.fullmatch(value):
            self.wrong(
                _("“%(name)s” has to be a short name of small letters, digits and hyphens.") % {"name": name}
            )
            return ""
        return value

    def slugs(self, name: str) -> list[str]:
        values = self._value(name, list, [])
        good = [each for each in values if isinstance(each, str) and SLUG.fullmatch(each)]
        if len(good) != len(values):
            self.wrong(_("“%(name)s” holds something that is no short name.") % {"name": name})
        return list(dict.fromkeys(good))

    def whole(self, name: str, low: int, high: int, default: int) -> int:
        value = self._value(name, int, default)
        if not low <= value <= high:
            self.wrong(
                _("“%(name)s” has to lie between %(low)s and %(high)s.")
                % {"name": name, "low": low, "high": high}
            )
            return default
        return value

    def decimal(self, name: str, low: Any, high: Any, default: Any) -> Decimal:
        raw = self._value(name, (int, float, Decimal), default)
        value = Decimal(str(raw))
        if not value.is_finite() or not Decimal(low) <= value <= Decimal(high):
            self.wrong(
                _("“%(name)s” has to lie between %(low)s and %(high)s.")
                % {"name": name, "low": low, "high": high}
            )
            return Decimal(default)
        return value

    def flag(self, name: str, default: bool) -> bool:
        return self._value(name, bool, default)

    def choice(self, name: str, choices: Sequence[str], default: str = "") -> str:
        value = self._value(name, str, default)
        if value not in choices:
            self.wrong(
                _("“%(name)s” has to be one of: %(choices)s.") % {"name": name, "choices": ", ".join(choices)}
            )
            return default or choices[0]
        return value

    def texts(self, name: str, most: int, *, least_rows: int = 1) -> list[str]:
        """A list of texts, each of at most so many characters."""
        values = self._value(name, list, [])
        found = []
        for number, value in enumerate(values[:MOST_ROWS], start=1):
            if not isinstance(value, str):
                self.wrong(_("“%(name)s”, %(number)s: is no text.") % {"name": name, "number": number})
                continue
            found.append(Table({name: value}, self.where, self.problems).text(name, most))
        if len(values) < least_rows or len(values) > MOST_ROWS:
            self.wrong(
                _("“%(name)s” needs at least %(least)s and at most %(most)s entries.")
                % {"name": name, "least": least_rows, "most": MOST_ROWS}
            )
        return found

    def tables(self, name: str, label: str, *, least: int = 0) -> "list[Table]":
        """The tables below, each with its place: its key where it has one, else its number."""
        rows = self._value(name, list, [])
        if len(rows) < least:
            self.wrong(_("It has no “%(name)s”.") % {"name": name})
        if len(rows) > MOST_ROWS:
            self.wrong(_("“%(name)s” has more than %(most)s entries.") % {"name": name, "most": MOST_ROWS})
        found = []
        for number, row in enumerate(rows[:MOST_ROWS], start=1):
            if not isinstance(row, dict):
                self.wrong(_("“%(name)s”, %(number)s: is no table.") % {"name": name, "number": number})
                continue
            key = row.get("key")
            named = f"“{key[:60]}”" if isinstance(key, str) and key else str(number)
            where = f"{self.where} › {label} {named}" if self.where else f"{label} {named}"
            found.append(Table(row, where, self.problems))
        return found

    def table(self, name: str, label: str) -> "Table | None":
        row = self._value(name, dict, None)
        return None if row is None else Table(row, label, self.problems)

    def close(self) -> None:
        """Name the values that nobody asked for: a misspelt name would be lost in silence."""
        for name in self.data:
            if name not in self.asked:
                self.wrong(_("“%(name)s” is not known here.") % {"name": name[:60]})


def refuse_doubles(tables: Iterable[Table], keys: Iterable[str]) -> None:
    """A key stands once among its neighbours."""
    seen: set[str] = set()
    for table, key in zip(tables, keys, strict=True):
        if key and key in seen:
            table.wrong(_("The key “%(key)s” stands twice.") % {"key": key})
        seen.add(key)
