"""A file of recorded results: checked without writing anything, then taken in as a whole or not at all.

The person asks (`ask_to_check`, `ask_to_take`), a job does the work (`check_import`, `take_import`).
Both pieces of work may be broken off anywhere and begun again.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
from organisation.actions.jobs import LeaseLost, enqueue_job
from organisation.imports import (
    ImportRefused,
    Report,
    Row,
    RowProblem,
    Table,
    WrongState,
    move_import,
    open_table,
    refuse_import,
    required_columns,
)
from organisation.models import Import, ImportMapping, Unit, User

CHECK_JOB = "check_results"
TAKE_JOB = "take_results"
State = Import.State
Progress = Callable[[int, int], None]
Taken = tuple[ResultLine, UnitEntry, MeasureEntry]


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def ask_to_check(import_: Import, *, mapping: dict[str, Any], by: User, at: datetime | None = None) -> None:
    """Try the file with a mapping. Raises ImportRefused for a mapping that cannot be, WrongState."""
    ResultsMapping.parse(mapping)
    move_import(
        import_,
        to=State.CHECKING,
        out_of=[State.UPLOADED, State.CHECKED, State.FAILED],
        mapping=mapping,
        counts={},
        message="",
        bad_rows=None,
        finished_at=None,
    )
    enqueue_job(kind=CHECK_JOB, subject=import_.reference, by=by, at=at)


@transaction.atomic
def ask_to_take(import_: Import, *, skip_bad: bool, by: User, at: datetime | None = None) -> None:
    """Take in what the check has seen. `skip_bad` says that bad rows may be left out.

    Raises ImportRefused where there are bad rows and nobody said so, WrongState where it is not checked.
    """
    if import_.counts.get("bad") and not skip_bad:
        raise _bad_rows_refused(import_.counts["bad"])
    mapping = {**import_.mapping, "skip_bad": skip_bad}
    move_import(import_, to=State.STAGING, out_of=[State.CHECKED], mapping=mapping)
    enqueue_job(kind=TAKE_JOB, subject=import_.reference, by=by, at=at)


def check_import(
    import_: Import, progress: Progress = _silent, *, at: datetime | None = None
) -> Report | None:
    """Read the whole file and say what would become of each row. Writes nothing but the answer.

    Does nothing (and returns None) where the import is no longer being checked.
    """
    if import_.state != State.CHECKING:
        return None
    try:
        table, directory = _open(import_)
        report = Report(table.header, table.count_rows(), progress)
        for _taken in _read(import_, table, directory, report):
            pass
    except ImportRefused as refused:
        refuse_import(import_, refused.text, at=at)
        return None
    _count_made(report, directory)
    move_import(
        import_,
        to=State.CHECKED,
        out_of=[State.CHECKING],
        counts=dict(report.counts),
        bad_rows=report.bad_rows_file("bad-rows.csv"),
        message=" ".join(note.text for note in table.notes)[:500],
        finished_at=at or timezone.now(),
    )
    return report


def take_import(
    import_: Import, progress: Progress = _silent, *, at: datetime | None = None
) -> Report | None:
    """Stage every row in short transactions; one last change of state makes them count.

    Whatever fails, the staged rows are deleted and the import is refused. Does nothing (and returns
    None) where the import is no longer being staged.
    """
    if import_.state != State.STAGING:
        return None
    at = at or timezone.now()
    try:
        return _take(import_, progress, at)
    except (ImportRefused, IntegrityError) as error:
        remove_staged(import_)
        refused = error if isinstance(error, ImportRefused) else recorded_meanwhile()
        refuse_import(import_, refused.text, at=at)
        return None
    except (LeaseLost, WrongState):
        raise
    except Exception:
        remove_staged(import_)
        why = _("The file could not be stored, and nothing of it was taken in. An administrator can see why.")
        refuse_import(import_, why, at=at)
        raise


def _take(import_: Import, progress: Progress, at: datetime) -> Report:
    remove_staged(import_)
    table, directory = _open(import_)
    rows = table.count_rows()
    tried = Report(table.header, rows, lambda done, total: progress(done, 2 * total))
    for _taken in _read(import_, table, directory, tried):
        pass
    if tried.bad_rows and not import_.mapping.get("skip_bad"):
        raise _bad_rows_refused(tried.bad_rows)
    _count_made(tried, directory)
    stage_directory(import_, directory, at)
    staged = Report(table.header, rows, lambda done, total: progress(total + done, 2 * total))
    for chunk in chunks(_read(import_, table, directory, staged)):
        stage_results(import_, chunk, at)
    if staged.bad_rows != tried.bad_rows:
        raise recorded_meanwhile()
    bad_rows = tried.bad_rows_file("bad-rows.csv")
    with transaction.atomic():
        move_import(
            import_,
            to=State.DONE,
            out_of=[State.STAGING],
            counts=dict(tried.counts),
            bad_rows=bad_rows,
            finished_at=at,
        )
        refuse_collisions(import_)
        reveal(import_, directory, at)
    return tried


def _open(import_: Import) -> tuple[Table, Directory]:
    """The file, the mapping and what they refer to, with the rights of the person as they are now."""
    mapping = ResultsMapping.parse(import_.mapping)
    table = open_table(import_)
    required_columns(table.header, mapping.columns())
    directory = Directory(mapping, allowed_units(import_.created_by), import_.created_at)
    if mapping.told_apart_by:
        directory.learn_promises(_lines(table, mapping))
    return table, directory


def allowed_units(by: User | None) -> set[int] | None:
    """Units in which the person may record results; None stands for everywhere."""
    if by is None or by.is_administrator:
        return None
    return set(Unit.objects.managed_by(by).values_list("pk", flat=True))


def _lines(table: Table, mapping: ResultsMapping) -> Iterator[ResultLine]:
    for row in table.rows():
        try:
            yield read_line(row, mapping)
        except RowProblem:
            continue


def _read(import_: Import, table: Table, directory: Directory, report: Report) -> Iterator[Taken]:
    """The rows that can be taken, in order; the report hears of every row."""
    spans = Spans()
    for chunk in chunks(table.rows()):
        candidates = [Candidate(row, directory) for row in chunk]
        spans.look_up(each.measure.pk for each in candidates if each.measure)
        for each in candidates:
            try:
                line, unit, measure = each.taken()
                spans.claim((measure, unit), (measure.pk, unit.pk), line.period, line.number)
            except RowProblem as problem:
                report.bad(each.row, problem)
                continue
            directory.keep(line, unit, measure, each.notes)
            report.outcome("taken" if line.is_tracked else "not_tracked", [*line.notes, *each.notes])
            yield line, unit, measure


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


def _count_made(report: Report, directory: Directory) -> None:
    report.made("units", len(directory.new_units))
    report.made("standards", len(directory.new_standards))
    report.made("measures", len(directory.new_measures))
    report.made("goals", len(directory.goals))


def _bad_rows_refused(count: int) -> ImportRefused:
    return ImportRefused(
        ngettext(
            "%(count)d row cannot be taken. Mend it, or say that it may be left out.",
            "%(count)d rows cannot be taken. Mend them, or say that they may be left out.",
            count,
        ),
        params={"count": count},
    )


@transaction.atomic
def undo_import(import_: Import, *, by: User, at: datetime | None = None) -> None:
    """Take the file's results back out of every figure, and archive what only they hung on.

    Units, charters and the goals of older measures stay. Raises WrongState where it is not done.
    """
    at = at or timezone.now()
    words = _("Taken back by %(person)s.") % {"person": by}
    move_import(import_, to=State.UNDONE, out_of=[State.DONE], message=words, finished_at=at)
    RecordedResult.objects.filter(batch=import_, deleted_at__isnull=True).update(deleted_at=at)
    mine = Measure.objects.active().filter(key__startswith=prefix_of(import_))
    standing = RecordedResult.objects.filter(measure=OuterRef("pk"), deleted_at__isnull=True)
    mine.filter(~Exists(standing)).update(archived_at=at)
    standards = Standard.objects.active().filter(key__startswith=prefix_of(import_))
    in_use = Measure.objects.filter(standard=OuterRef("pk"), archived_at__isnull=True)
    standards.filter(~Exists(in_use)).update(archived_at=at)


def save_mapping(*, kind: str, name: str, mapping: dict[str, Any], by: User) -> ImportMapping:
    """Keep a mapping under a name; an older one of that name is replaced."""
    saved, _created = ImportMapping.objects.update_or_create(
        kind=kind, name=name, defaults={"mapping": mapping, "created_by": by}
    )
    return saved
