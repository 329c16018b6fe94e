"""The mapping of a file of cases: which column says when each came, was due and was done."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

from common.clock import OutOfReach, Unit, refuse_far
from organisation.imports import Cell, ImportRefused, RowProblem, time_formats

ENTRIES = {
    "kind", "name", "source", "note", "separator", "skip_bad",
    "unit", "measure", "received", "due", "limit", "done", "reference",
    "on_time", "as_of", "formats", "zone", "blank",
}  # fmt: skip
AS_OF_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
END_OF_DAY = time.max
HOURS = {"H", "I", "c", "X"}
"""Directives of a format that tell the hour; without one of them a text is a bare date."""
_DIRECTIVE = re.compile("%(.)")


@dataclass(frozen=True)
class LimitRule:
    """A time limit: its amount (a column or a constant), its unit, and the calendar by name.

    Without an amount and a unit those of the measure's standard count; without a calendar the one
    that the row's unit keeps.
    """

    amount: Cell | None
    unit: Unit | None
    calendar: str = ""

    @classmethod
    def parse(cls, data: Any) -> "LimitRule | None":
        if not data:
            return None
        if data == "standard":
            return cls(None, None)
        try:
            amount = data["amount"]
            cell = Cell(constant=str(amount)) if isinstance(amount, int) else Cell.parse("limit", amount)
            return cls(cell, Unit(data["unit"]), str(data.get("calendar", "")))
        except (KeyError, TypeError, ValueError) as error:
            raise ImportRefused(
                _("The mapping does not say clearly where the time limit comes from.")
            ) from error


@dataclass(frozen=True)
class CasesMapping:
    """A row names its unit, its measure, when it came, when it was due (or its limit) and when done.

    Times without a zone are wall times of `zone`, else of the row's unit. `as_of` is a wall time too;
    without it the moment at which the file was sent.
    """

    unit: Cell
    measure: Cell
    received: str
    formats: tuple[str, ...]
    due: str = ""
    limit: LimitRule | None = None
    done: str = ""
    reference: str = ""
    on_time: str = ""
    on_time_texts: frozenset[str] = frozenset()
    as_of: datetime | None = None
    zone: str = ""
    blank: frozenset[str] = frozenset({""})

    @classmethod
    def parse(cls, data: dict[str, Any]) -> "CasesMapping":
        """Read the JSON of a mapping. Raises ImportRefused, naming what is missing or unknown."""
        unknown = sorted(set(data) - ENTRIES)
        if unknown:
            text = _("The mapping has an unknown entry: %(name)s.")
            raise ImportRefused(text, params={"name": unknown[0][:60]})
        measure = data.get("measure")
        on_time = data.get("on_time") or {}
        if not isinstance(measure, dict) or not isinstance(on_time, dict):
            raise ImportRefused(_("The mapping must name the measure, as a column or a constant."))
        mapping = cls(
            unit=Cell.parse("unit", data.get("unit")),
            measure=Cell.parse("measure", measure.get("key")),
            received=_column("received", data.get("received"), needed=True),
            formats=time_formats(data.get("formats", ["%Y-%m-%d %H:%M"])),
            due=_column("due", data.get("due")),
            limit=LimitRule.parse(data.get("limit")),
            done=_column("done", data.get("done")),
            reference=_column("reference", data.get("reference")),
            on_time=_column("on_time", on_time.get("column")),
            on_time_texts=frozenset(
                text.casefold() for text in _texts("on_time", on_time.get("values", ["yes"]))
            ),
            as_of=_as_of(data.get("as_of")),
            zone=_zone(data.get("zone", "")),
            blank=frozenset(text.casefold() for text in _texts("blank", data.get("blank", []))) | {""},
        )
        if bool(mapping.due) == bool(mapping.limit):
            raise ImportRefused(
                _("The mapping must say when a case was due: by a column, or by a time limit.")
            )
        return mapping

    def columns(self) -> Iterator[str]:
        """Every column that the mapping reads."""
        yield from (self.unit.column, self.measure.column, self.received, self.due)
        yield from (self.done, self.reference, self.on_time)
        if self.limit and self.limit.amount:
            yield self.limit.amount.column

    def moment(
        self,
        code: str,
        text: str,
        unit_zone: str,
        *,
        end_of_day: bool = False,
        not_before: datetime | None = None,
    ) -> datetime | None:
        """The moment that a cell tells; None for a blank. Raises RowProblem.

        A bare date is its first moment, or with `end_of_day` its last one. One that is the date of
        `not_before` is that moment: done on the day of receipt, nobody wrote down when.
        """
        if text.casefold() in self.blank:
            return None
        zone = self.zone or unit_zone
        for wanted in self.formats:
            try:
                found = datetime.strptime(text, wanted)
            except ValueError:
                continue
            is_bare = not HOURS & set(_DIRECTIVE.findall(wanted))
            if is_bare and not_before and not_before.astimezone(ZoneInfo(zone)).date() == found.date():
                return not_before
            if is_bare and end_of_day:
                found = datetime.combine(found, END_OF_DAY)
            return as_utc(code, found, zone)
        words = _("“%(text)s” is no time that the mapping knows.") % {"text": text[:40]}
        raise RowProblem(code, words)


def as_utc(code: str, found: datetime, zone: str) -> datetime:
    """A wall time of the zone as a moment. Raises RowProblem where it lies outside all calendars."""
    try:
        refuse_far(found)
    except OutOfReach as error:
        words = _("“%(day)s” lies too far away.") % {"day": found.date().isoformat()}
        raise RowProblem(code, words) from error
    aware = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC)


def _column(name: str, value: Any, *, needed: bool = False) -> str:
    if isinstance(value, dict):
        value = value.get("column", "")
    if isinstance(value, str) and (value or not needed):
        return value
    if value is None and not needed:
        return ""
    raise ImportRefused(
        _("The mapping does not say clearly where “%(what)s” comes from."), params={"what": name}
    )


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(each.strip() for each in value)
    raise ImportRefused(_("In the mapping “%(name)s” must be a list of texts."), params={"name": name})


def _as_of(value: Any) -> datetime | None:
    if value in (None, ""):
        return None
    for wanted in AS_OF_FORMATS:
        try:
            return datetime.strptime(str(value), wanted)
        except ValueError:
            continue
    text = _("“%(text)s” is no moment. Write 2016-01-13 00:00.")
    raise ImportRefused(text, params={"text": str(value)[:40]})


def _zone(value: Any) -> str:
    if value == "" or (isinstance(value, str) and value in available_timezones()):
        return str(value)
    raise ImportRefused(_("“%(name)s” is no time zone."), params={"name": str(value)[:60]})
