"""A file of cases as `charter.actions.imports` takes it in: read, staged, made to count, undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from charter.actions.import_staging import CHUNK, chunks
from charter.imports import CaseLine, CaseReader, CasesMapping
from charter.models import Case, Measure, StaleBucket
from common.nudge import nudge
from organisation.imports import (
    ImportRefused,
    Report,
    RowProblem,
    WrongState,
    allowed_units,
    open_table,
    required_columns,
)
from organisation.models import Import, User

RECOMPUTE = "scoreboard.tasks.recompute_stale_results"


class CasesIntake:
    """One reading of the file, with the rights of the person as they are now."""

    def __init__(self, import_: Import) -> None:
        self.import_ = import_
        mapping = CasesMapping.parse(import_.mapping)
        _refuse_the_same_again(import_)
        self.table = open_table(import_)
        required_columns(self.table.header, mapping.columns())
        self.reader = CaseReader(import_, mapping, allowed_units(import_.created_by))

    @staticmethod
    def refuse_mapping(mapping: dict[str, Any]) -> None:
        CasesMapping.parse(mapping)

    @staticmethod
    def clash() -> ImportRefused:
        return ImportRefused(
            _("Meanwhile another file has brought some of these cases. Please check the file again.")
        )

    def rows(self, report: Report) -> Iterator[CaseLine]:
        """The rows that can be taken, in order; the report hears of every row."""
        self.reader.begin()
        for chunk in chunks(self.table.rows()):
            lines: dict[int, CaseLine] = {}
            problems: dict[int, RowProblem] = {}
            for row in chunk:
                try:
                    lines[row.number] = self.reader.read(row)
                except RowProblem as problem:
                    problems[row.number] = problem
            self.reader.look_up(lines.values())
            for row in chunk:
                try:
                    if row.number in problems:
                        raise problems[row.number]
                    line = lines[row.number]
                    more = self.reader.claim(line)
                except RowProblem as problem:
                    report.bad(row, problem)
                    continue
                report.outcome("taken", [*line.notes, *more])
                yield line

    def count_made(self, report: Report) -> None:
        """A file of cases brings nothing along."""

    def stage_before(self, at: datetime) -> None:
        """Nothing comes before the cases themselves."""

    @transaction.atomic
    def stage(self, rows: Sequence[CaseLine], at: datetime) -> None:
        """One chunk of cases under the import: `countable()` leaves them out until it is done."""
        Case.objects.bulk_create([self.reader.freeze(line) for line in rows])

    def reveal(self, at: datetime) -> None:
        """Older tellings of the same cases give way; every bucket that changes is stale.

        Part of the last transaction, in which nobody else brings cases for these measures or takes them
        back. What was asked of each row is asked of all of them again.
        """
        import_ = self.import_
        measures = hold_measures(import_)
        _refuse_the_same_again(import_)
        mine = Case.objects.filter(batch=import_)
        others = Case.objects.countable().exclude(batch=import_).filter(measure__in=measures)
        if mine.filter(Exists(others.filter(_same_arrival()))).exists():
            raise self.clash()
        told = mine.filter(measure=OuterRef("measure"), external_reference=OuterRef("external_reference"))
        older = others.exclude(external_reference="").filter(Exists(told))
        if older.filter(Exists(told.filter(as_of__lte=OuterRef("as_of")))).exists():
            raise self.clash()
        _refuse_foreign_units(import_, mine | older)
        older.update(superseded_by=import_)
        mark_stale(import_, at)

    @staticmethod
    def remove_staged(import_: Import) -> None:
        if Import.objects.filter(pk=import_.pk, state=Import.State.STAGING).exists():
            staged = Case.objects.filter(batch=import_)
            while pks := list(staged.values_list("pk", flat=True)[:CHUNK]):
                staged.filter(pk__in=pks).delete()

    @staticmethod
    def undo(import_: Import, at: datetime) -> None:
        """The older tellings count again. Raises WrongState where a later file has built on this one."""
        hold_measures(import_)
        if Case.objects.filter(batch=import_, superseded_by__isnull=False).exists():
            raise WrongState(import_.reference)
        mark_stale(import_, at)
        Case.objects.filter(superseded_by=import_).update(superseded_by=None)


def hold_measures(import_: Import) -> list[int]:
    """The measures of the import's cases: until the transaction ends nobody else brings cases for them,
    or takes them back. Held one after the other, so that two imports do not wait for each other.
    """
    mine = Case.objects.filter(batch=import_)
    measures = list(mine.order_by("measure_id").values_list("measure_id", flat=True).distinct())
    for measure in measures:
        Measure.objects.filter(pk=measure).update(minimum_n=F("minimum_n"))
    return measures


def _refuse_foreign_units(import_: Import, cases: "QuerySet[Case]") -> None:
    """Raise ImportRefused for cases of units in which the person, as rights are now, may not record."""
    person = import_.created_by and User.objects.get(pk=import_.created_by.pk)
    allowed = allowed_units(person)
    if allowed is not None and cases.exclude(unit__in=allowed).exists():
        text = _("The file holds cases of units that you do not manage now. Please check it again.")
        raise ImportRefused(text)


def _same_arrival() -> Q:
    """Of a case and an outer one: the same measure, unit and receipt, and not a reference on both sides."""
    same = {name: OuterRef(name) for name in ("measure", "unit", "day", "received_at")}
    is_unnamed_there = Q(Exact(OuterRef("external_reference"), Value("")))
    return Q(**same) & (Q(external_reference="") | is_unnamed_there)


def mark_stale(import_: Import, at: datetime) -> None:
    """Every bucket that holds a case of the import, or one that gave way to it, is reckoned again."""
    touched = Case.objects.filter(Q(batch=import_) | Q(superseded_by=import_)).order_by()
    buckets = touched.values_list("measure_id", "unit_id", "day").distinct()
    StaleBucket.objects.bulk_create(
        (
            StaleBucket(measure_id=measure, unit_id=unit, day=day, since=at)
            for measure, unit, day in buckets.iterator(chunk_size=2000)
        ),
        batch_size=1000,
    )
    nudge(RECOMPUTE)


def _refuse_the_same_again(import_: Import) -> None:
    """Raise ImportRefused where exactly this file was taken in already with the same mapping."""
    ours = _core(import_.mapping)
    done = Import.objects.filter(
        kind=import_.kind, file__sha256=import_.file.sha256, state=Import.State.DONE
    ).exclude(pk=import_.pk)
    first = next((each for each in done if _core(each.mapping) == ours), None)
    if first:
        text = _("Exactly this file has been taken in already (%(reference)s).")
        raise ImportRefused(text, params={"reference": first.reference})


def _core(mapping: dict[str, Any]) -> dict[str, Any]:
    """What decides on the rows.

    Without references a file that comes again under another moment could only be counted twice, so the
    moment is left out; with them it tells which open cases have become late.
    """
    apart = {"skip_bad", "name", "note", *(() if mapping.get("reference") else ("as_of",))}
    return {name: value for name, value in mapping.items() if name not in apart}
