"""A file of cases as `charter.actions.imports` takes it in: read, staged, made to count, undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
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
from organisation.models import Import

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
                    self.reader.claim(lines[row.number])
                except RowProblem as problem:
                    report.bad(row, problem)
                    continue
                line = lines[row.number]
                report.outcome("taken", list(line.notes))
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

        Part of the last transaction, in which nobody else brings cases for these measures.
        """
        import_ = self.import_
        mine = Case.objects.filter(batch=import_)
        measures = list(mine.order_by().values_list("measure_id", flat=True).distinct())
        Measure.objects.filter(pk__in=measures).update(minimum_n=F("minimum_n"))
        for measure in measures:
            named = mine.filter(measure=measure).exclude(external_reference="")
            older = (
                Case.objects.taken_in()
                .filter(measure=measure, superseded_by__isnull=True)
                .filter(external_reference__in=named.values("external_reference"))
                .exclude(batch=import_)
            )
            if older.filter(as_of__gte=_moment_of(mine.filter(measure=measure))).exists():
                raise self.clash()
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
        if Case.objects.filter(batch=import_, superseded_by__isnull=False).exists():
            raise WrongState(import_.reference)
        mark_stale(import_, at)
        Case.objects.filter(superseded_by=import_).update(superseded_by=None)


def _moment_of(cases: Any) -> datetime:
    """The earliest moment to which the file's cases belong."""
    found: datetime = cases.order_by("as_of").values_list("as_of", flat=True).first()
    return found


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
    return {name: value for name, value in mapping.items() if name not in ("skip_bad", "name", "note")}
