"""Cases out of a file: one row judged by its limit, or the reason why it cannot be taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from charter.imports.case_mapping import CasesMapping, LimitRule, as_utc
from charter.imports.rows import whole
from charter.models import Case, Measure
from common.clock import Limit, Unit
from common.text import search_form
from organisation.imports import ImportRefused, Row, RowProblem, text_of, units_by_name
from organisation.models import BusinessCalendar, FrozenCalendar, Import
from organisation.models import Unit as OrganisationUnit

Held = tuple[int, str]
"""Measure and reference in the file: what a later file tells anew. Not the unit: a case may move."""
Arrival = tuple[int, int, datetime]
"""Measure, unit and receipt: where a reference is missing, only these tell whether a case is known."""


@dataclass(frozen=True)
class CaseLine:
    """A row that can be taken: the case, not saved, and what is remarkable about it."""

    number: int
    case: Case
    calendar: BusinessCalendar | None
    notes: tuple[str, ...] = ()


class CaseReader:
    """Turns rows into cases. `allowed` are the units in which the person may record (None: all).

    Calendars are those of today, the same for the whole file. Reads units, measures and calendars in a
    few queries; standing cases chunk by chunk (`look_up`).
    """

    def __init__(self, import_: Import, mapping: CasesMapping, allowed: set[int] | None) -> None:
        self.import_ = import_
        self.mapping = mapping
        self.allowed = allowed
        self._units = units_by_name()
        self._measures: dict[str, list[Measure]] = {}
        for measure in (
            Measure.objects.active().filter(source=Measure.Source.CASES).select_related("standard")
        ):
            for text in {search_form(measure.key), search_form(measure.name)}:
                self._measures.setdefault(text, []).append(measure)
        self._calendars: dict[str, BusinessCalendar] = {}
        self._frozen: dict[int, FrozenCalendar] = {}
        self._seen: dict[Held, int] = {}
        self._standing: dict[Held, Case] = {}
        self._arrived: dict[Arrival, set[str]] = {}

    def begin(self) -> None:
        """Forget the rows of an earlier reading."""
        self._seen = {}

    def look_up(self, lines: Iterable[CaseLine]) -> None:
        """Read the standing cases that the next rows tell anew, or that came when they came; two queries."""
        cases = [line.case for line in lines]
        standing = Case.objects.countable().filter(measure__in={case.measure_id for case in cases})
        named = standing.filter(external_reference__in={each.external_reference for each in cases} - {""})
        self._standing = {
            (case.measure_id, case.external_reference): case
            for case in named.select_related("unit").only("measure", "external_reference", "as_of", "unit")
        }
        arrived = standing.filter(
            unit__in={case.unit_id for case in cases},
            day__in={case.day for case in cases},
            received_at__in={case.received_at for case in cases},
        )
        self._arrived = {}
        for case in arrived.only("measure", "unit", "received_at", "external_reference"):
            arrival = (case.measure_id, case.unit_id, case.received_at)
            self._arrived.setdefault(arrival, set()).add(case.external_reference)

    def read(self, row: Row) -> CaseLine:
        """Raises RowProblem with the first reason why the row cannot be taken.

        Raises ImportRefused where the whole file belongs to a moment after it was sent.
        """
        if row.problem:
            raise row.problem
        cells, mapping = row.cells, self.mapping
        unit = self._unit_of(mapping.unit.read(cells))
        measure = self._measure_of(mapping.measure.read(cells))
        received = mapping.moment("received", cells[mapping.received], unit.timezone)
        if received is None:
            raise RowProblem("received", _("The row does not say when it was received."))
        done = None
        if mapping.done:
            done = mapping.moment("done", cells[mapping.done], unit.timezone, not_before=received)
        as_of = self._as_of(unit)
        _refuse_order(received, done, as_of)
        case = Case(
            measure=measure,
            unit=unit,
            external_reference=text_of("text", cells.get(mapping.reference, ""), max_length=100),
            received_at=received,
            done_at=done,
            as_of=as_of,
            day=received.astimezone(ZoneInfo(unit.timezone)).date(),
            seconds_taken=int((done - received).total_seconds()) if done else None,
            batch=self.import_,
        )
        case.search = search_form(case.external_reference)
        calendar = self._set_due(case, cells, unit)
        case.outcome = Case.judge(due_at=case.due_at, done_at=done, as_of=as_of)
        return CaseLine(row.number, case, calendar, tuple(self._compare(case, cells)))

    def freeze(self, line: CaseLine) -> Case:
        """The case with the calendar by which it is due, as it is now; each is written once."""
        calendar = line.calendar
        if calendar:
            if calendar.pk not in self._frozen:
                self._frozen[calendar.pk] = calendar.freeze()
            line.case.calendar = self._frozen[calendar.pk]
        return line.case

    def claim(self, line: CaseLine) -> list[str]:
        """Note the row's reference; what is remarkable about the case that it tells anew.

        Raises RowProblem where an earlier row or a newer file has the reference, where the case stands
        in a unit in which the person may not record, and where it may stand already without a reference.
        """
        case = line.case
        self._refuse_known_arrival(case)
        if not case.external_reference:
            return []
        held = (case.measure_id, case.external_reference)
        first = self._seen.setdefault(held, line.number)
        if first != line.number:
            raise RowProblem("same_row", _("The same reference as in row %(row)d.") % {"row": first})
        standing = self._standing.get(held)
        if standing is None:
            return []
        if self.allowed is not None and standing.unit_id not in self.allowed:
            words = _("The case stands with “%(unit)s”, which you do not manage.")
            raise RowProblem("foreign_unit", words % {"unit": standing.unit.name[:80]})
        if standing.as_of >= case.as_of:
            raise RowProblem(
                "case_exists", _("A file of that moment, or a later one, holds this case already.")
            )
        return ["case_moves"] if standing.unit_id != case.unit_id else []

    def _refuse_known_arrival(self, case: Case) -> None:
        """Two cases of one moment are told apart by their references, or not at all."""
        there = self._arrived.get((case.measure_id, case.unit_id, case.received_at), set())
        if there and (not case.external_reference or "" in there):
            words = _(
                "A case of this unit, received at the same moment, counts already. Without a reference in "
                "both files nobody can tell whether it is the same one."
            )
            raise RowProblem("maybe_known", words)

    def _as_of(self, unit: OrganisationUnit) -> datetime:
        if not self.mapping.as_of:
            return self._sent_at
        found = as_utc("future", self.mapping.as_of, self.mapping.zone or unit.timezone)
        if found > self._sent_at:
            raise ImportRefused(_("The moment to which the file belongs had not come yet when it was sent."))
        return found

    @property
    def _sent_at(self) -> datetime:
        return self.import_.created_at

    def _unit_of(self, text: str) -> OrganisationUnit:
        unit = self._units.get(search_form(text))
        if unit is None:
            raise RowProblem("unit", _("There is no unit called “%(unit)s”.") % {"unit": text[:80]})
        if self.allowed is not None and unit.pk not in self.allowed:
            words = _("You do not manage “%(unit)s”, so you cannot record its cases.")
            raise RowProblem("foreign_unit", words % {"unit": unit.name[:80]})
        return unit

    def _measure_of(self, text: str) -> Measure:
        found = self._measures.get(search_form(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            words = _("Several measures are called “%(name)s”. Use the measure's key instead.")
        else:
            words = _("There is no measure of cases with a time limit called “%(name)s”.")
        raise RowProblem("measure", words % {"name": text[:80]})

    def _set_due(self, case: Case, cells: dict[str, str], unit: OrganisationUnit) -> BusinessCalendar | None:
        mapping = self.mapping
        if mapping.due:
            case.due_at = mapping.moment("due", cells[mapping.due], unit.timezone, end_of_day=True)
            return None
        rule = mapping.limit
        assert rule is not None  # the mapping has one of both
        if rule.amount and rule.amount.read(cells).casefold() in mapping.blank:
            return None
        calendar = self._calendar_of(rule, unit)
        try:
            limit = self._limit_of(case, rule, cells)
            case.due_at = calendar.clock.due(case.received_at, limit)
        except (ValidationError, OverflowError) as error:
            raise RowProblem("limit", _("The time limit is none that can be reckoned with.")) from error
        case.limit = limit.as_rule()
        return calendar

    def _limit_of(self, case: Case, rule: LimitRule, cells: dict[str, str]) -> Limit:
        """What the mapping says, else the limit of the measure's standard."""
        if rule.amount and rule.unit:
            return Limit(whole("limit", rule.amount.read(cells)), rule.unit)
        standard = case.measure.standard
        if not standard.limit_amount:
            raise RowProblem("limit", _("The standard has no time limit."))
        return Limit(standard.limit_amount, Unit(standard.limit_unit))

    def _calendar_of(self, rule: LimitRule, unit: OrganisationUnit) -> BusinessCalendar:
        """The calendar by name, or that which the unit keeps; each looked up once."""
        key = rule.calendar or f"unit {unit.pk}"
        if key not in self._calendars:
            if rule.calendar:
                wanted = search_form(rule.calendar)
                calendar = BusinessCalendar.objects.active().filter(search=wanted).first()
            else:
                calendar = BusinessCalendar.objects.kept_by(unit, self._sent_at.date())
            if calendar is None:
                words = _("There is no business calendar for “%(name)s”. Make one in the settings.")
                raise RowProblem("calendar", words % {"name": (rule.calendar or unit.name)[:80]})
            self._calendars[key] = calendar
        return self._calendars[key]

    def _compare(self, case: Case, cells: dict[str, str]) -> Iterable[str]:
        if case.outcome in (Case.Outcome.OPEN, Case.Outcome.NO_TARGET):
            yield str(case.outcome)
        if case.outcome == Case.Outcome.MISSED and case.done_at is None:
            yield "overdue"
        if not self.mapping.on_time:
            return
        text = cells[self.mapping.on_time].casefold()
        if text in self.mapping.blank:
            return
        case.said_on_time = text in self.mapping.on_time_texts
        yield "flag_differs" if case.differs_from_file else "flag_agrees"


def _refuse_order(received: datetime, done: datetime | None, as_of: datetime) -> None:
    if received > as_of:
        raise RowProblem("future", _("Received after the moment to which the file belongs."))
    if done and done < received:
        raise RowProblem("done_first", _("Done before it was received."))
    if done and done > as_of:
        raise RowProblem("future", _("Done after the moment to which the file belongs."))
