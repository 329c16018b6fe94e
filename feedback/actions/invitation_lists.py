"""A file of people to invite: tried first without writing anything, then taken in whole or not at all."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.text import search_form
from feedback.actions.invitations import new_invitation, take_turn
from feedback.addresses import address_hash
from feedback.models import Invitation, InvitationRound, Suppression
from organisation.actions.jobs import enqueue_job
from organisation.imports import (
    ImportRefused,
    Report,
    Row,
    RowProblem,
    begin_import,
    move_import,
    open_table,
    refuse_import,
    text_of,
)
from organisation.models import Import, User

KIND = "invitations"
CHECK_JOB = "check_invitations"
TAKE_JOB = "take_invitations"
COLUMNS = {
    "email": ("email", "e-mail", "mail", "e-mail address", "address"),
    "name": ("name", "full name"),
    "language": ("language", "lang"),
}
CHUNK = 500
Progress = Callable[[int, int], None]
State = Import.State


@transaction.atomic
def send_list(about: InvitationRound, *, file: Any, by: User, at: datetime | None = None) -> Import:
    """Keep the file and owe its trial. Raises ImportRefused for what is no CSV or has no addresses."""
    import_ = begin_import(file, kind=KIND, by=by, unit=about.collector.unit, at=at)
    _columns(open_table(import_).header)
    mapping = {"round": about.reference}
    move_import(import_, to=State.CHECKING, out_of=[State.UPLOADED], mapping=mapping)
    enqueue_job(kind=CHECK_JOB, subject=import_.reference, by=by, at=at)
    return import_


@transaction.atomic
def ask_to_take(import_: Import, *, by: User, at: datetime | None = None) -> None:
    """Take in what the trial has found right; bad rows are left out and stay in their file.

    Raises WrongState where it is not checked.
    """
    move_import(import_, to=State.STAGING, out_of=[State.CHECKED])
    enqueue_job(kind=TAKE_JOB, subject=import_.reference, by=by, at=at)


def check_list(import_: Import, progress: Progress, *, at: datetime | None = None) -> None:
    """Say what would become of each row. Does nothing where the file is no longer being tried."""
    if import_.state != State.CHECKING:
        return
    try:
        table = open_table(import_)
        report = Report(table.header, table.count_rows(), progress)
        for _person in _people(import_, report):
            pass
    except ImportRefused as refused:
        refuse_import(import_, refused.text, at=at)
        return
    move_import(
        import_,
        to=State.CHECKED,
        out_of=[State.CHECKING],
        counts=dict(report.counts),
        bad_rows=report.bad_rows_file("bad-rows.csv"),
        message=" ".join(note.text for note in table.notes)[:500],
        finished_at=at or timezone.now(),
    )


def take_list(import_: Import, progress: Progress, *, at: datetime | None = None) -> None:
    """Stage the rows in short transactions; one last change of state puts them on the list.

    Whatever fails, what was staged is deleted. Does nothing where the file is no longer being taken in.
    """
    if import_.state != State.STAGING:
        return
    at = at or timezone.now()
    about = InvitationRound.objects.get(reference=import_.mapping["round"])
    _remove_staged(import_)
    try:
        table = open_table(import_)
        report = Report(table.header, table.count_rows(), progress)
        people = _people(import_, report)
        while chunk := list(islice(people, CHUNK)):
            rows = [new_invitation(about, person, due_at=None, batch=import_) for person in chunk]
            Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    except ImportRefused as refused:
        _remove_staged(import_)
        refuse_import(import_, refused.text, at=at)
        return
    except Exception:
        _remove_staged(import_)
        raise
    _reveal(import_, about, report, at)


@transaction.atomic
def _reveal(import_: Import, about: InvitationRound, report: Report, at: datetime) -> None:
    """From now on they stand on the list. Where the round has begun by now, their letters are owed: whoever
    begins it meanwhile waits, and then finds them listed."""
    if take_turn(about).started_at:
        staged = Invitation.objects.filter(batch=import_, state=Invitation.State.WAITING)
        staged.filter(due_at__isnull=True).update(due_at=at)
    move_import(import_, to=State.DONE, out_of=[State.STAGING], counts=dict(report.counts), finished_at=at)


def _remove_staged(import_: Import) -> None:
    if Import.objects.filter(pk=import_.pk, state=State.STAGING).exists():
        Invitation.objects.filter(batch=import_).delete()


def _columns(header: list[str]) -> dict[str, str]:
    """Which column holds what. Raises ImportRefused where none holds addresses."""
    by_name = {search_form(column): column for column in header}
    found = {
        what: by_name[name] for what, names in COLUMNS.items() for name in reversed(names) if name in by_name
    }
    if "email" not in found:
        raise ImportRefused(_("No column is called “email”. The others may be “name” and “language”."))
    return found


def _people(import_: Import, report: Report) -> Iterator[dict[str, str]]:
    """Whoever can be put on the list, in order; the report hears of every row."""
    about = InvitationRound.objects.get(reference=import_.mapping["round"])
    table = open_table(import_)
    columns = _columns(table.header)
    standing = set(about.invitations.listed().values_list("address_hash", flat=True))
    suppressed = set(Suppression.objects.standing().values_list("address_hash", flat=True))
    seen: dict[str, int] = {}
    for row in table.rows():
        try:
            person = person_in(row, columns)
            address = address_hash(person["email"])
            first = seen.setdefault(address, row.number)
            if first != row.number:
                raise RowProblem("twice", _("The same address as in row %(row)d.") % {"row": first})
            if address in standing:
                raise RowProblem("listed", _("This address stands on the list already."))
            if address in suppressed:
                raise RowProblem("suppressed", _("We do not write to this address any more."))
        except RowProblem as problem:
            report.bad(row, problem)
            continue
        report.outcome("taken")
        yield person


def person_in(row: Row, columns: dict[str, str]) -> dict[str, str]:
    """The person of a row. Raises RowProblem."""
    if row.problem:
        raise row.problem
    cells = {what: row.cells[column] for what, column in columns.items()}
    return person_of(cells.get("email", ""), cells.get("name", ""), cells.get("language", ""))


def person_of(email: str, name: str, language: str) -> dict[str, str]:
    """What is kept of a person, checked. Raises RowProblem with the reason in words."""
    email = text_of("email", email, max_length=254)
    try:
        validate_email(email)
    except ValidationError:
        text = _("“%(email)s” is not a complete e-mail address.") % {"email": email[:80]}
        raise RowProblem("email", text) from None
    code = language.strip().lower().split("-")[0]
    if code and code not in dict(settings.TEXT_LANGUAGES):
        text = _("We do not speak the language “%(language)s”.") % {"language": language[:20]}
        raise RowProblem("language", text)
    return {"email": email, "name": " ".join(text_of("name", name, max_length=150).split()), "language": code}
