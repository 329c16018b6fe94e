"""What the rows refer to: units, standards and measures that stand, and those the file brings with it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from charter.actions.results import refuse_impossible
from charter.imports.mapping import ResultsMapping
from charter.imports.rows import ResultLine, promise_of
from charter.imports.standing_goals import StandingGoals
from charter.models import Measure, Standard
from common.period import Period
from common.text import search_form
from organisation.imports import ImportRefused, Row, RowProblem, units_by_name

MOST_NEW_UNITS = 500
MOST_NEW_STANDARDS = 20_000


@dataclass(eq=False, slots=True)
class UnitEntry:
    name: str
    pk: int | None = None
    zone: str = "UTC"
    first_day: date = date.max
    used: bool = False

    @property
    def saved_pk(self) -> int:
        return _saved(self.pk)


@dataclass(eq=False, slots=True)
class StandardEntry:
    """A standard, by the file's reference; `words` only where the file brings it."""

    unit: UnitEntry
    reference: str
    standard: Standard
    pk: int | None = None
    words: dict[str, str] = field(default_factory=dict)
    worded_by: date = date.min
    used: bool = False
    measures: "dict[str, MeasureEntry]" = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class MeasureEntry:
    """A measure, saved (`pk`) or still to be made; `measure` answers what its numbers may be."""

    measure: Measure
    pk: int | None = None
    standard: StandardEntry | None = None
    channel: str = ""
    used: bool = False

    @property
    def saved_pk(self) -> int:
        return _saved(self.pk)


def _saved(pk: int | None) -> int:
    """The primary key of what must have been made by now."""
    if pk is None:
        raise LookupError("This entry has not been made yet.")
    return pk


class Directory:
    """Finds a row's unit and measure; remembers what is missing, for the staging to make.

    `allowed` are the units in which the person may record (None: all of them); only who may record
    everywhere brings new units. No row may end after the day on which the file was sent, `sent_at`.
    Reads everything it may need in a few queries.
    """

    def __init__(self, mapping: ResultsMapping, allowed: set[int] | None, sent_at: datetime) -> None:
        self.mapping = mapping
        self.sent_at = sent_at
        self.allowed = allowed
        self._new_units: list[UnitEntry] = []
        self._new_standards: list[StandardEntry] = []
        self._new_measures: list[MeasureEntry] = []
        self.goals: dict[tuple[MeasureEntry, UnitEntry, date], tuple[date, Decimal]] = {}
        self.several_promises: set[tuple[str, str]] = set()
        self._by_pk: dict[int, UnitEntry] = {}
        self._units = self._read_units()
        self._measures: dict[str, list[MeasureEntry]] = {}
        self._standards: dict[tuple[UnitEntry | None, str], StandardEntry] = {}
        self._read_measures()
        self._standing_goals = StandingGoals()

    @property
    def new_units(self) -> list[UnitEntry]:
        """Those on which a row that is taken hangs; so are the other two lists."""
        return [entry for entry in self._new_units if entry.used]

    @property
    def new_standards(self) -> list[StandardEntry]:
        return [entry for entry in self._new_standards if entry.used]

    @property
    def new_measures(self) -> list[MeasureEntry]:
        return [entry for entry in self._new_measures if entry.used]

    def learn_promises(self, lines: Iterable[ResultLine]) -> int:
        """Find references under which one unit, channel and period has several promises.

        Their standards are told apart by the promise. Returns how many references those are.
        """
        seen: dict[tuple[str, str, str, date], str] = {}
        for line in lines:
            key = (line.unit, line.standard, line.channel, line.period.start)
            if line.apart and seen.setdefault(key, line.apart) != line.apart:
                self.several_promises.add((line.unit, line.standard))
        return len(self.several_promises)

    def unit_of(self, line: ResultLine) -> UnitEntry:
        """Raises RowProblem for an unknown unit, one in which the person may not record, and for days
        that had not come yet in the unit."""
        entry = self._units.get(search_form(line.unit))
        if entry is None:
            entry = self._new_unit(line)
        if self.allowed is not None and entry.pk not in self.allowed:
            text = _("You do not manage “%(unit)s”, so you cannot record its results.")
            raise RowProblem("foreign_unit", text % {"unit": entry.name[:80]})
        if line.period.last_day > self.sent_at.astimezone(ZoneInfo(entry.zone)).date():
            raise RowProblem("future", _("The last day has not come yet."))
        entry.first_day = min(entry.first_day, line.period.start)
        return entry

    def method_of(self, row: Row) -> str:
        """The method of the measure that the row names; share met where it names none, or none of ours."""
        if self.mapping.measure is None or row.problem:
            return Measure.Method.SHARE_MET
        found = self._measures.get(search_form(self.mapping.measure.read(row.cells).strip()), [])
        return found[0].measure.method if len(found) == 1 else Measure.Method.SHARE_MET

    def measure_of(self, line: ResultLine, unit: UnitEntry, row: Row, notes: list[str]) -> MeasureEntry:
        """Raises RowProblem for an unknown measure, or numbers that it does not allow."""
        if line.measure:
            entry = self._named_measure(line.measure)
        else:
            entry = self._measure_by_standard(line, unit, row, notes)
        try:
            refuse_impossible(
                entry.measure,
                met=line.met,
                total=line.total,
                departures=line.departures,
                reason=line.departure_reason,
            )
        except ValidationError as error:
            raise RowProblem("measure", " ".join(error.messages)) from error
        return entry

    def keep(self, line: ResultLine, unit: UnitEntry, measure: MeasureEntry, notes: list[str]) -> None:
        """The row is taken: so is what it hangs on, and its goal unless another one stands already."""
        unit.used = measure.used = True
        if measure.standard:
            measure.standard.used = True
        if line.target is None:
            return
        own, promised = self._standing_targets(measure, unit, line.period)
        _end, planned = self.goals.get((measure, unit, line.period.start), (None, line.target))
        if own | promised | {planned} != {line.target}:
            notes.append("goal_stands")
        elif not own:
            self.goals[measure, unit, line.period.start] = (line.period.end, line.target)

    def _standing_targets(
        self, measure: MeasureEntry, unit: UnitEntry, days: Period
    ) -> tuple[set[Decimal], set[Decimal]]:
        """The unit's own goals on these days, and those that an edition promised for it.

        A measure or unit that the file brings has none.
        """
        if not self._standing_goals.knows(measure.pk) or unit in self._new_units:
            return set(), set()
        ids = (measure.saved_pk, unit.saved_pk, days)
        return self._standing_goals.own(*ids), self._standing_goals.promised(*ids)

    def goals_refused_meanwhile(self) -> bool:
        """Reads the standing goals anew: does one stand against a goal that the file would set?"""
        self._standing_goals = StandingGoals()
        for (measure, unit, start), (end, target) in self.goals.items():
            own, promised = self._standing_targets(measure, unit, Period(start, end))
            if own or promised - {target}:
                return True
        return False

    def _read_units(self) -> dict[str, UnitEntry]:
        found = units_by_name()
        for unit in found.values():
            self._by_pk.setdefault(unit.pk, UnitEntry(unit.name, unit.pk, unit.timezone))
        return {text: self._by_pk[unit.pk] for text, unit in found.items()}

    def _read_measures(self) -> None:
        entries = {}
        for standard in Standard.objects.active().select_related("charter"):
            unit = self._by_pk.get(standard.charter.unit_id) or UnitEntry("", standard.charter.unit_id)
            entry = StandardEntry(unit, standard.external_reference, standard, standard.pk)
            entries[standard.pk] = self._standards[None, standard.key] = entry
            if standard.external_reference:
                self._standards[unit, standard.external_reference] = entry
        for measure in Measure.objects.active().filter(source=Measure.Source.RESULTS):
            owner = entries[measure.standard_id]
            measure.standard = owner.standard
            found = MeasureEntry(measure, measure.pk, owner)
            if measure.method == Measure.Method.SHARE_MET:
                owner.measures[measure.key] = found
            for text in {search_form(measure.key), search_form(measure.name)}:
                self._measures.setdefault(text, []).append(found)

    def _named_measure(self, text: str) -> MeasureEntry:
        found = self._measures.get(search_form(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            words = _("Several measures are called “%(name)s”. Use the measure's key instead.")
        else:
            words = _("There is no measure of recorded results called “%(name)s”.")
        raise RowProblem("measure", words % {"name": text[:80]})

    def _measure_by_standard(
        self, line: ResultLine, unit: UnitEntry, row: Row, notes: list[str]
    ) -> MeasureEntry:
        standard = self._standard_of(line, unit, row, notes)
        channel = slugify(line.channel)[:15] or "all"
        found = standard.measures.get(f"{standard.standard.key}-{channel}") or standard.measures.get(channel)
        if found:
            return found
        if not self.mapping.channel and len(standard.measures) == 1:
            return next(iter(standard.measures.values()))
        if not self.mapping.create_missing or not self._may_add_to(standard):
            text = _("The standard “%(reference)s” has no measure of recorded results that fits the row.")
            raise RowProblem("measure", text % {"reference": line.standard[:80]})
        return self._new_measure(line, standard, channel, row)

    def _may_add_to(self, standard: StandardEntry) -> bool:
        return self.allowed is None or standard.unit.pk in self.allowed

    def _new_measure(self, line: ResultLine, standard: StandardEntry, channel: str, row: Row) -> MeasureEntry:
        words = [self.mapping.joined(self.mapping.measure_name, row.cells), line.channel_name]
        measure = Measure(
            standard=standard.standard,
            name=(": ".join(filter(None, words)) or _("Share met"))[:200],
            method=Measure.Method.SHARE_MET,
            source=Measure.Source.RESULTS,
        )
        entry = standard.measures[channel] = MeasureEntry(measure, None, standard, channel)
        self._new_measures.append(entry)
        return entry

    def _standard_of(self, line: ResultLine, unit: UnitEntry, row: Row, notes: list[str]) -> StandardEntry:
        reference = line.standard
        if (line.unit, reference) in self.several_promises:
            reference += "/" + hashlib.sha256(line.apart.encode()).hexdigest()[:8]
            notes.append("told_apart")
        entry = self._standards.get((unit, reference)) or self._standards.get((None, reference))
        if entry is None:
            entry = self._new_standard(line, unit, reference, row)
        if entry.pk is None:
            self._word(entry, line, row, notes)
        return entry

    def _word(self, entry: StandardEntry, line: ResultLine, row: Row, notes: list[str]) -> None:
        """Keep the wording of the latest period."""
        words, cut = promise_of(row, self.mapping)
        if cut:
            notes.append("wording_cut")
        if entry.words and words != entry.words:
            notes.append("other_wording")
        if line.period.start >= entry.worded_by:
            entry.words, entry.worded_by = words, line.period.start

    def _new_standard(self, line: ResultLine, unit: UnitEntry, reference: str, row: Row) -> StandardEntry:
        if not self.mapping.create_missing:
            text = _("“%(unit)s” has no standard with the reference “%(reference)s”.")
            raise RowProblem("standard", text % {"unit": unit.name[:80], "reference": line.standard[:80]})
        promise_of(row, self.mapping)
        standard = Standard(discretion=self.mapping.discretion, external_reference=reference)
        entry = self._standards[unit, reference] = StandardEntry(unit, reference, standard)
        self._new_standards.append(entry)
        _refuse_too_many(_("standards"), len(self._new_standards), MOST_NEW_STANDARDS)
        return entry

    def _new_unit(self, line: ResultLine) -> UnitEntry:
        if not self.mapping.create_missing or self.allowed is not None:
            text = _("There is no unit called “%(unit)s”.")
            raise RowProblem("unit", text % {"unit": line.unit[:80]})
        entry = UnitEntry(line.unit, zone=self.mapping.zone)
        self._units[search_form(line.unit)] = entry
        self._new_units.append(entry)
        _refuse_too_many(_("units"), len(self._new_units), MOST_NEW_UNITS)
        return entry


def _refuse_too_many(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise ImportRefused(
            _("The file would add more than %(limit)d %(what)s. Is the right column chosen?"),
            params={"limit": limit, "what": what},
        )
