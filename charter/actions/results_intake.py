"""A file of recorded results as `charter.actions.imports` takes it in: read, staged, revealed, undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from charter.actions.import_staging import (
    chunks,
    prefix_of,
    recorded_meanwhile,
    refuse_collisions,
    remove_staged,
    reveal,
    stage_directory,
    stage_results,
)
from charter.imports import Directory, ResultLine, ResultsMapping, Spans, UnitEntry, read_line
from charter.imports.directory import MeasureEntry
from charter.models import Measure, RecordedResult, Standard
from organisation.imports import (
    ImportRefused,
    Report,
    Row,
    RowProblem,
    allowed_units,
    open_table,
    required_columns,
)
from organisation.models import Import

Taken = tuple[ResultLine, UnitEntry, MeasureEntry]


class ResultsIntake:
    """One reading of the file, with the rights of the person as they are now."""

    def __init__(self, import_: Import) -> None:
        self.import_ = import_
        mapping = ResultsMapping.parse(import_.mapping)
        self.table = open_table(import_)
        required_columns(self.table.header, mapping.columns())
        self.directory = Directory(mapping, allowed_units(import_.created_by), import_.created_at)
        if mapping.told_apart_by:
            self.directory.learn_promises(self._lines(mapping))

    @staticmethod
    def refuse_mapping(mapping: dict[str, Any]) -> None:
        ResultsMapping.parse(mapping)

    @staticmethod
    def clash() -> ImportRefused:
        return recorded_meanwhile()

    def _lines(self, mapping: ResultsMapping) -> Iterator[ResultLine]:
        for row in self.table.rows():
            try:
                yield read_line(row, mapping)
            except RowProblem:
                continue

    def rows(self, report: Report) -> Iterator[Taken]:
        """The rows that can be taken, in order; the report hears of every row."""
        spans = Spans()
        for chunk in chunks(self.table.rows()):
            candidates = [Candidate(row, self.directory) for row in chunk]
            spans.look_up(each.measure.pk for each in candidates if each.measure)
            for each in candidates:
                try:
                    line, unit, measure = each.taken()
                    spans.claim((measure, unit), (measure.pk, unit.pk), line.period, line.number)
                except RowProblem as problem:
                    report.bad(each.row, problem)
                    continue
                self.directory.keep(line, unit, measure, each.notes)
                report.outcome("taken" if line.is_tracked else "not_tracked", [*line.notes, *each.notes])
                yield line, unit, measure

    def count_made(self, report: Report) -> None:
        report.made("units", len(self.directory.new_units))
        report.made("standards", len(self.directory.new_standards))
        report.made("measures", len(self.directory.new_measures))
        report.made("goals", len(self.directory.goals))

    def stage_before(self, at: datetime) -> None:
        stage_directory(self.import_, self.directory, at)

    def stage(self, rows: Sequence[Taken], at: datetime) -> None:
        stage_results(self.import_, rows, at)

    def reveal(self, at: datetime) -> None:
        refuse_collisions(self.import_)
        reveal(self.import_, self.directory, at)

    @staticmethod
    def remove_staged(import_: Import) -> None:
        remove_staged(import_)

    @staticmethod
    def undo(import_: Import, at: datetime) -> None:
        """Units, charters and the goals of older measures stay."""
        RecordedResult.objects.filter(batch=import_, deleted_at__isnull=True).update(deleted_at=at)
        mine = Measure.objects.active().filter(key__startswith=prefix_of(import_))
        standing = RecordedResult.objects.filter(measure=OuterRef("pk"), deleted_at__isnull=True)
        mine.filter(~Exists(standing)).update(archived_at=at)
        standards = Standard.objects.active().filter(key__startswith=prefix_of(import_))
        in_use = Measure.objects.filter(standard=OuterRef("pk"), archived_at__isnull=True)
        standards.filter(~Exists(in_use)).update(archived_at=at)


class Candidate:
    """A row with what it refers to, or with the problem that keeps it out."""

    def __init__(self, row: Row, directory: Directory) -> None:
        self.row = row
        self.notes: list[str] = []
        self.problem: RowProblem | None = None
        self.line: ResultLine | None = None
        self.unit: UnitEntry | None = None
        self.measure: MeasureEntry | None = None
        try:
            self.line = read_line(row, directory.mapping, directory.method_of(row))
            self.unit = directory.unit_of(self.line)
            self.measure = directory.measure_of(self.line, self.unit, row, self.notes)
        except RowProblem as problem:
            self.problem = problem

    def taken(self) -> Taken:
        """Raises the row's problem."""
        if self.line is None or self.unit is None or self.measure is None:
            raise self.problem or RowProblem("measure", "")
        return self.line, self.unit, self.measure
