"""A file of any room: checked without writing anything, then taken in whole or not at all.

The person asks (`ask_to_check`, `ask_to_take`), a job does the work (`check_import`, `take_import`).
Both pieces of work may be broken off anywhere and begun again. What is particular to a kind of file is
its intake, which its room registers.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.actions.jobs import LeaseLost, enqueue_job
from organisation.imports import ImportRefused, Report, WrongState, chunks, move_import, refuse_import
from organisation.models import Import, ImportMapping, User

CHECK_JOB = "check_results"
TAKE_JOB = "take_results"
State = Import.State
Progress = Callable[[int, int], None]
INTAKES: dict[str, type[Any]] = {}


def register_intake(kind: str, intake: type[Any]) -> None:
    """`intake(import_)` reads a file of this kind once, with the rights of the person as they are now.

    It gives `table`, `rows(report)`, `count_made(report)`, `stage_before(at)`, `stage(rows, at)` and
    `reveal(at)`; its class gives `refuse_mapping`, `clash`, `remove_staged` and `undo`.
    """
    INTAKES[kind] = intake


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def ask_to_check(import_: Import, *, mapping: dict[str, Any], by: User, at: datetime | None = None) -> None:
    """Try the file with a mapping. Raises ImportRefused for a mapping that cannot be, WrongState."""
    INTAKES[import_.kind].refuse_mapping(mapping)
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
        intake = INTAKES[import_.kind](import_)
        table = intake.table
        report = Report(table.header, table.count_rows(), progress)
        for _taken in intake.rows(report):
            pass
    except ImportRefused as refused:
        refuse_import(import_, refused.text, at=at)
        return None
    intake.count_made(report)
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
    intake = INTAKES[import_.kind]
    try:
        return _take(import_, progress, at)
    except (ImportRefused, IntegrityError) as error:
        intake.remove_staged(import_)
        refused = error if isinstance(error, ImportRefused) else intake.clash()
        refuse_import(import_, refused.text, at=at)
        return None
    except (LeaseLost, WrongState):
        raise
    except Exception:
        intake.remove_staged(import_)
        why = _("The file could not be stored, and nothing of it was taken in. An administrator can see why.")
        refuse_import(import_, why, at=at)
        raise


def _take(import_: Import, progress: Progress, at: datetime) -> Report:
    INTAKES[import_.kind].remove_staged(import_)
    intake = INTAKES[import_.kind](import_)
    header, rows = intake.table.header, intake.table.count_rows()
    tried = Report(header, rows, lambda done, total: progress(done, 2 * total))
    for _taken in intake.rows(tried):
        pass
    if tried.bad_rows and not import_.mapping.get("skip_bad"):
        raise _bad_rows_refused(tried.bad_rows)
    intake.count_made(tried)
    intake.stage_before(at)
    staged = Report(header, rows, lambda done, total: progress(total + done, 2 * total))
    for chunk in chunks(intake.rows(staged)):
        intake.stage(chunk, at)
    if staged.bad_rows != tried.bad_rows:
        raise intake.clash()
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
        intake.reveal(at)
    return tried


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
    """Take what the file brought back out of every figure, and archive what only that hung on.

    Raises WrongState where it is not done, or a later file has built on it.
    """
    at = at or timezone.now()
    words = _("Taken back by %(person)s.") % {"person": by}
    move_import(import_, to=State.UNDONE, out_of=[State.DONE], message=words, finished_at=at)
    INTAKES[import_.kind].undo(import_, at)


def save_mapping(*, kind: str, name: str, mapping: dict[str, Any], by: User) -> ImportMapping:
    """Keep a mapping under a name; an older one of that name is replaced."""
    saved, _created = ImportMapping.objects.update_or_create(
        kind=kind, name=name, defaults={"mapping": mapping, "created_by": by}
    )
    return saved
