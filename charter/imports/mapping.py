"""The mapping of a file of recorded results: which column says what. See docs/imports.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from charter.models import Standard
from common.period import Period, add_months
from organisation.imports import Cell, ImportRefused, RowProblem, time_formats

ENTRIES = {
    "kind", "name", "source", "note", "separator", "skip_bad", "language",
    "unit", "new_units", "standard", "measure", "period", "met", "total", "departures",
    "departure_reason", "target", "not_tracked", "create_missing",
}  # fmt: skip
_FISCAL = re.compile(r"(\d{4})(?:\s*[-/–]\s*(\d{2}|\d{4}))?")
Columns = tuple[str, ...]


@dataclass(frozen=True)
class PeriodRule:
    """How the span of a row is told: `way` is fiscal_year, month, dates or period."""

    way: str
    cells: tuple[Cell, ...]
    formats: Columns = ("%Y-%m-%d",)
    first_month: int = 1
    end_included: bool = True

    @classmethod
    def parse(cls, data: Any) -> "PeriodRule":
        if isinstance(data, dict):
            formats = time_formats(data.get("formats", []))
            if "fiscal_year" in data and data.get("first_month", 1) in range(1, 13):
                cell = Cell.parse("period", data["fiscal_year"])
                return cls("fiscal_year", (cell,), first_month=data.get("first_month", 1))
            if "month" in data:
                return cls("month", (Cell.parse("period", data["month"]),), formats or ("%Y-%m", "%m/%Y"))
            if "start" in data and "end" in data:
                cells = (Cell.parse("period", data["start"]), Cell.parse("period", data["end"]))
                included = bool(data.get("end_included", True))
                return cls("dates", cells, formats or ("%Y-%m-%d",), end_included=included)
            if "period" in data:
                return cls("period", (Cell.parse("period", data["period"]),))
        raise ImportRefused(_("The mapping does not say clearly where the period comes from."))

    def read(self, cells: dict[str, str]) -> Period:
        """The span of the row. Raises RowProblem."""
        texts = [cell.read(cells) for cell in self.cells]
        try:
            return getattr(self, f"_read_{self.way}")(*texts)
        except (ValueError, OverflowError, ValidationError) as error:
            words = _("“%(text)s” is no period.") % {"text": " – ".join(texts)[:60]}
            raise RowProblem("period", words) from error

    def _read_fiscal_year(self, text: str) -> Period:
        found = _FISCAL.fullmatch(text)
        if not found:
            raise ValueError(text)
        year = int(found[1])
        if found[2] and int(found[2]) % 100 != (year + 1) % 100:
            raise ValueError(text)
        start = date(year, self.first_month, 1)
        return Period(start, add_months(start, 12))

    def _read_month(self, text: str) -> Period:
        start = self._day(text).replace(day=1)
        return Period(start, add_months(start, 1))

    def _read_dates(self, start: str, end: str) -> Period:
        last = self._day(end)
        return Period(self._day(start), last + timedelta(days=1) if self.end_included else last)

    def _read_period(self, text: str) -> Period:
        return Period.parse(text)

    def _day(self, text: str) -> date:
        for wanted in self.formats:
            try:
                return datetime.strptime(text, wanted).date()
            except ValueError:
                continue
        raise ValueError(text)


@dataclass(frozen=True)
class ResultsMapping:
    """A row names its unit, its measure (by key, or as standard and channel), its span, met and total.

    A file of counts has no total.
    """

    unit: Cell
    period: PeriodRule
    met: Cell
    total: Cell | None = None
    measure: Cell | None = None
    reference: Columns = ()
    told_apart_by: str = ""
    promise: dict[str, Columns] = field(default_factory=dict)
    discretion: str = Standard.Discretion.RIGID
    channel: Cell | None = None
    measure_name: Columns = ()
    departures: Cell | None = None
    departure_reason: Cell | None = None
    target: Cell | None = None
    target_type: Cell | None = None
    percentages: frozenset[str] = frozenset()
    not_tracked: frozenset[str] = frozenset({"", "na", "nd", "n/a"})
    create_missing: bool = False
    zone: str = "UTC"

    @classmethod
    def parse(cls, data: dict[str, Any]) -> "ResultsMapping":
        """Read the JSON of a mapping. Raises ImportRefused, naming what is missing or unknown."""
        unknown = sorted(set(data) - ENTRIES)
        if unknown:
            text = _("The mapping has an unknown entry: %(name)s.")
            raise ImportRefused(text, params={"name": unknown[0][:60]})
        standard, measure, target = (_object(data, name) for name in ("standard", "measure", "target"))
        mapping = cls(
            unit=Cell.parse("unit", data.get("unit")),
            period=PeriodRule.parse(data.get("period")),
            met=Cell.parse("met", data.get("met")),
            total=Cell.optional("total", data.get("total")),
            measure=Cell.optional("measure", measure.get("key")),
            reference=_columns("standard", standard.get("reference")),
            told_apart_by=str(standard.get("told_apart_by", "")),
            promise={
                str(language): _columns("promise", columns)
                for language, columns in _object(standard, "promise").items()
            },
            discretion=_choice("discretion", standard.get("discretion", "rigid"), Standard.Discretion.values),
            channel=Cell.optional("channel", measure.get("channel")),
            measure_name=_columns("measure", measure.get("name")),
            departures=Cell.optional("departures", data.get("departures")),
            departure_reason=Cell.optional("departure_reason", data.get("departure_reason")),
            target=Cell.optional("target", target.get("column")),
            target_type=Cell.optional("target", target.get("type")),
            percentages=_texts("target", target.get("percentages", [])),
            not_tracked=_texts("not_tracked", data.get("not_tracked", ["", "NA", "ND", "N/A"])),
            create_missing=bool(data.get("create_missing", False)),
            zone=_choice(
                "timezone", _object(data, "new_units").get("timezone", "UTC"), available_timezones()
            ),
        )
        if mapping.measure is None and not mapping.reference:
            raise ImportRefused(_("The mapping must name the column of the measure or of the standard."))
        return mapping

    def columns(self) -> Iterator[str]:
        """Every column that the mapping reads."""
        cells = [self.unit, self.met, self.total, self.measure, self.channel, self.departures]
        cells += [self.departure_reason, self.target, self.target_type, *self.period.cells]
        yield from (cell.column for cell in cells if cell)
        yield from (*self.reference, *self.measure_name, self.told_apart_by)
        for columns in self.promise.values():
            yield from columns

    def joined(self, columns: Columns, cells: dict[str, str], glue: str = ": ") -> str:
        return glue.join(" ".join(cells[name].split()) for name in columns if cells[name])


def _object(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name, {})
    if not isinstance(value, dict):
        raise ImportRefused(_("In the mapping “%(name)s” must be an object."), params={"name": name})
    return value


def _columns(name: str, value: Any) -> Columns:
    if value in (None, "", []):
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
        return tuple(value)
    raise ImportRefused(_("In the mapping “%(name)s” must be a list of columns."), params={"name": name})


def _texts(name: str, value: Any) -> frozenset[str]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return frozenset(each.strip().casefold() for each in value)
    raise ImportRefused(_("In the mapping “%(name)s” must be a list of texts."), params={"name": name})


def _choice(name: str, value: Any, allowed: Any) -> str:
    if value not in allowed:
        raise ImportRefused(
            _("In the mapping “%(name)s” cannot be “%(value)s”."),
            params={"name": name, "value": str(value)[:60]},
        )
    return str(value)
