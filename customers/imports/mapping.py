"""The mapping of a file of customer activity: which column says what."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from customers.models.activity import NUMBERS
from organisation.imports import Cell, ImportRefused, RowProblem

ENTRIES = {
    *("kind", "name", "source", "note", "separator", "skip_bad", "formats", "blank"),
    *("unit", "day", "channel", "area", "product", *NUMBERS),
}


@dataclass(frozen=True)
class ActivityMapping:
    """A row names its unit, its day, the way and how many were served; the rest may be missing."""

    unit: Cell
    day: str
    channel: Cell
    numbers: dict[str, str]
    formats: tuple[str, ...]
    area: Cell | None = None
    product: Cell | None = None
    blank: frozenset[str] = frozenset({""})

    @classmethod
    def parse(cls, data: dict[str, Any]) -> "ActivityMapping":
        """Read the JSON of a mapping. Raises ImportRefused, naming what is missing or unknown."""
        unknown = sorted(set(data) - ENTRIES)
        if unknown:
            text = _("The mapping has an unknown entry: %(name)s.")
            raise ImportRefused(text, params={"name": unknown[0][:60]})
        numbers = {name: data[name] for name in NUMBERS if data.get(name)}
        if "served" not in numbers:
            raise ImportRefused(_("The mapping must name the column of the customers served."))
        named = {"day": data.get("day") or None, **numbers}
        for name, column in named.items():
            if not isinstance(column, str):
                raise ImportRefused(
                    _("The mapping does not say clearly where “%(what)s” comes from."), params={"what": name}
                )
        return cls(
            unit=Cell.parse("unit", data.get("unit")),
            day=data["day"],
            channel=Cell.parse("channel", data.get("channel")),
            numbers=numbers,
            formats=_texts("formats", data.get("formats", ["%Y-%m-%d"])),
            area=Cell.optional("area", data.get("area")),
            product=Cell.optional("product", data.get("product")),
            blank=frozenset({"", *(text.casefold() for text in _texts("blank", data.get("blank", [])))}),
        )

    def columns(self) -> Iterator[str]:
        """Every column that the mapping reads."""
        yield from (self.day, *self.numbers.values())
        yield from (cell.column for cell in (self.unit, self.channel, self.area, self.product) if cell)

    def day_of(self, text: str) -> date:
        """Raises RowProblem for what is no day by any of the formats."""
        for wanted in self.formats:
            try:
                return datetime.strptime(text, wanted).date()
            except ValueError:
                continue
        raise RowProblem("day", _("“%(text)s” is no day that the mapping knows.") % {"text": text[:40]})


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(each.strip() for each in value)
    raise ImportRefused(_("In the mapping “%(name)s” must be a list of texts."), params={"name": name})
