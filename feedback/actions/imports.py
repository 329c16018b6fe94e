"""A file of responses: checked without writing anything, then taken in as a whole or not at all."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.models import Edition, StaleBucket
from common.nudge import nudge
from common.text import search_form
from feedback.actions.receive import RECOMPUTE, answers_of, choices_of, edition_in_force, rating_of, uid_hash
from feedback.asked import Asked, version_asked
from feedback.envelope import Envelope, is_commented
from feedback.imports import ResponseLine, ResponsesMapping, read_line
from feedback.masking import masked
from feedback.models import Answer, ChosenOption, Collector, Questionnaire, Response, Tombstone
from organisation.imports import (
    ImportRefused,
    Report,
    Row,
    RowProblem,
    Table,
    WrongState,
    chunks,
    earlier_import,
    move_import,
    open_table,
    refuse_import,
    required_columns,
)
from organisation.models import Import, Unit

CHUNK = 500
ROW_IDS = uuid.UUID("6c6e2c1e-6d53-5c0c-9a3b-0f6f1f1a7a11")
Progress = Callable[[int, int], None]
State = Import.State


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


class Sorter:
    """Knows the units of the rows, the collectors that keep them, and the editions in force."""

    def __init__(self, asked: Asked, mapping: ResponsesMapping) -> None:
        self.asked = asked
        self.mapping = mapping
        self._units: dict[str, Unit] = {}
        for unit in Unit.objects.active():
            for text in {unit.slug, unit.name, unit.external_reference} - {""}:
                self._units[search_form(text)] = unit
        self._collectors: dict[int, Collector | None] = {}
        self._editions: dict[tuple[int, date], int | None] = {}
        self._has_editions = Edition.objects.exists()

    def unit_of(self, line: ResponseLine) -> Unit:
        try:
            return self._units[search_form(line.unit)]
        except KeyError:
            text = _("There is no unit called “%(unit)s”.") % {"unit": line.unit[:80]}
            raise RowProblem("unit", text) from None

    def collector_of(self, unit: Unit) -> Collector:
        """The unit's collector of imported files for this questionnaire, made where it is missing."""
        found = self.standing_collector_of(unit)
        if found is None:
            questionnaire = self.asked.version.questionnaire
            slug = f"file-{questionnaire.pk}-{unit.pk}"
            found = Collector.objects.create(slug=slug, name=questionnaire.name, **self._wanted(unit))
            self._collectors[unit.pk] = found
        return found

    def standing_collector_of(self, unit: Unit) -> Collector | None:
        if unit.pk not in self._collectors:
            self._collectors[unit.pk] = Collector.objects.filter(**self._wanted(unit)).first()
        return self._collectors[unit.pk]

    def _wanted(self, unit: Unit) -> dict[str, Any]:
        questionnaire = self.asked.version.questionnaire
        return {"unit": unit, "questionnaire": questionnaire, "kind": Collector.Kind.IMPORT}

    def edition_of(self, unit: Unit, day: date) -> int | None:
        if not self._has_editions:
            return None
        key = (unit.pk, day)
        if key not in self._editions:
            self._editions[key] = edition_in_force(unit, day)
        return self._editions[key]


def check_import(
    import_: Import, questionnaire: Questionnaire, progress: Progress = _silent, *, at: datetime | None = None
) -> Report | None:
    """Read the whole file and say what would become of each row. Writes nothing but the answer.

    Returns None where the file as a whole is refused (`import_.message` says why).
    """
    try:
        first = earlier_import(import_)
        if first:
            text = _("Exactly this file has been taken in already (%(reference)s).")
            raise ImportRefused(text, params={"reference": first.reference})
        table, sorter = _open(import_, questionnaire)
        report = Report(table.header, table.count_rows(), progress)
        for _line in read_rows(import_, table, sorter, report):
            pass
    except ImportRefused as refused:
        refuse_import(import_, refused.text, at=at)
        return None
    for note in table.notes:
        report.note(note.code)
    move_import(
        import_,
        to=State.CHECKED,
        out_of=[State.UPLOADED, State.CHECKING],
        counts=dict(report.counts),
        bad_rows=report.bad_rows_file("bad-rows.csv"),
        message=" ".join(note.text for note in table.notes)[:500],
        finished_at=at or timezone.now(),
    )
    return report


def take_import(
    import_: Import, questionnaire: Questionnaire, progress: Progress = _silent, *, at: datetime | None = None
) -> Report | None:
    """Stage every response in short transactions; one last change of state makes them count.

    Whatever fails, the staged rows are deleted. Returns None where the file is refused.
    """
    at = at or timezone.now()
    move_import(import_, to=State.STAGING, out_of=[State.CHECKED, State.STAGING])
    try:
        return _take(import_, questionnaire, progress, at)
    except ImportRefused as refused:
        remove_staged(import_)
        refuse_import(import_, refused.text, at=at)
        return None
    except WrongState:
        raise
    except Exception:
        remove_staged(import_)
        why = _("The file could not be stored, and nothing of it was taken in. An administrator can see why.")
        refuse_import(import_, why, at=at)
        raise


def _take(import_: Import, questionnaire: Questionnaire, progress: Progress, at: datetime) -> Report:
    remove_staged(import_)
    table, sorter = _open(import_, questionnaire)
    report = Report(table.header, table.count_rows(), progress)
    for chunk in chunks(read_rows(import_, table, sorter, report)):
        if report.bad_rows and not import_.mapping.get("skip_bad"):
            break
        stage_rows(import_, sorter, chunk, at)
    if report.bad_rows and not import_.mapping.get("skip_bad"):
        raise ImportRefused(
            _("There are rows that cannot be taken, and nobody said that they may be left out.")
        )
    with transaction.atomic():
        move_import(
            import_, to=State.DONE, out_of=[State.STAGING], counts=dict(report.counts), finished_at=at
        )
        mark_import_stale(import_, at)
        nudge(RECOMPUTE)
    return report


def _open(import_: Import, questionnaire: Questionnaire) -> tuple[Table, Sorter]:
    asked = version_asked(questionnaire.pk, None)
    if asked is None:
        text = _("No version of the questionnaire “%(key)s” is published.")
        raise ImportRefused(text, params={"key": questionnaire.key})
    mapping = ResponsesMapping.parse(import_.mapping, asked)
    table = open_table(import_)
    required_columns(table.header, mapping.columns())
    return table, Sorter(asked, mapping)


def read_rows(
    import_: Import, table: Table, sorter: Sorter, report: Report
) -> Iterator[tuple[ResponseLine, Unit]]:
    """The rows that can be taken, in order; the report hears of every row. Writes nothing."""
    turn = _times_taken_back(import_)
    for rows in chunks(_answered(table, sorter, report)):
        erased = _erased(import_, sorter, rows, turn)
        for line, unit in rows:
            if line.number in erased:
                report.outcome("erased")
                continue
            report.outcome("taken", [*line.notes, *_remarks(line)])
            yield line, unit


def _answered(table: Table, sorter: Sorter, report: Report) -> Iterator[tuple[ResponseLine, Unit]]:
    """The rows that can be read and answer something; the report hears of the others."""
    seen: dict[str, int] = {}
    for row in table.rows():
        try:
            line, unit = _resolved(row, sorter, seen)
        except RowProblem as problem:
            report.bad(row, problem)
            continue
        if not line.answers:
            report.outcome("no_answer")
            continue
        yield line, unit


def _resolved(row: Row, sorter: Sorter, seen: dict[str, int]) -> tuple[ResponseLine, Unit]:
    line = read_line(row, sorter.mapping)
    unit = sorter.unit_of(line)
    if line.reference:
        first = seen.setdefault(line.reference, line.number)
        if first != line.number:
            raise RowProblem("same_row", _("The same response as in row %(row)d.") % {"row": first})
    return line, unit


def _remarks(line: ResponseLine) -> Iterator[str]:
    if any(given.is_na for given in line.answers):
        yield "na"
    if any(given.text for given in line.answers):
        yield "comment"


@transaction.atomic
def stage_rows(
    import_: Import, sorter: Sorter, lines: Sequence[tuple[ResponseLine, Unit]], at: datetime
) -> None:
    """One chunk of responses with their answers: `countable()` leaves them out until the import is done."""
    responses, envelopes = [], []
    turn = _times_taken_back(import_)
    for line, unit in lines:
        envelope = Envelope(
            uid=_row_id(import_, line, turn),
            asked=sorter.asked,
            answers=line.answers,
            language=sorter.mapping.language,
            service_date=line.day,
        )
        envelopes.append(envelope)
        responses.append(_response(import_, sorter, envelope, line, unit, at))
    Response.objects.bulk_create(responses)
    pairs = list(zip(responses, envelopes, strict=True))
    given = [
        (answer, envelope) for response, envelope in pairs for answer in [answers_of(response, envelope)]
    ]
    Answer.objects.bulk_create(answer for answers, _envelope in given for answer in answers)
    ChosenOption.objects.bulk_create(
        chosen for answers, envelope in given for chosen in choices_of(answers, envelope)
    )


def _times_taken_back(import_: Import) -> int:
    """How often the same file has been taken in and taken back: what came of it then still stands there,
    uncounted, and has its ids."""
    same = Import.objects.filter(kind=import_.kind, file__sha256=import_.file.sha256, state=State.UNDONE)
    return same.count()


def _row_id(import_: Import, line: ResponseLine, turn: int) -> uuid.UUID:
    """The same for two people who take the same file in at once, so that one of them is refused."""
    return uuid.uuid5(ROW_IDS, f"{import_.file.sha256} {line.number}{f' {turn}' if turn else ''}")


def _erased(
    import_: Import, sorter: Sorter, lines: Sequence[tuple[ResponseLine, Unit]], turn: int
) -> set[int]:
    """The rows that their customers have erased since the file was taken in before, by number."""
    if not turn:
        return set()
    hashes: dict[str, int] = {}
    for line, unit in lines:
        if collector := sorter.standing_collector_of(unit):
            for before in range(turn):
                hashes[uid_hash(collector, _row_id(import_, line, before))] = line.number
    found = Tombstone.objects.filter(uid_hash__in=hashes).values_list("uid_hash", flat=True)
    return {hashes[each] for each in found}


def _response(
    import_: Import, sorter: Sorter, envelope: Envelope, line: ResponseLine, unit: Unit, at: datetime
) -> Response:
    texts = [masked(given.text) for given in line.answers if given.text]
    return Response(
        uid=envelope.uid,
        body_hash=envelope.body_hash,
        collector=sorter.collector_of(unit),
        unit=unit,
        version=sorter.asked.version,
        edition_id=sorter.edition_of(unit, line.day),
        language=sorter.mapping.language,
        received_at=at,
        service_date=line.day,
        rating=rating_of(envelope),
        has_comment=is_commented(line.answers),
        search=search_form("\n".join(texts)),
        batch=import_,
    )


def mark_import_stale(import_: Import, at: datetime) -> None:
    """Every bucket that holds an answer of the import tells the truth no more: one INSERT … SELECT."""
    quote = connection.ops.quote_name
    stale, answer, response = (quote(model._meta.db_table) for model in (StaleBucket, Answer, Response))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {stale} (measure_id, unit_id, day, since) "  # noqa: S608 (names of our tables)
            f"SELECT DISTINCT a.measure_id, a.unit_id, a.day, %s FROM {answer} a "
            f"JOIN {response} r ON r.id = a.response_id "
            "WHERE r.batch_id = %s AND a.measure_id IS NOT NULL",
            [connection.ops.adapt_datetimefield_value(at), import_.pk],
        )


def remove_staged(import_: Import) -> None:
    """Delete everything that an import in the state of staging has written; short transactions."""
    if not Import.objects.filter(pk=import_.pk, state=State.STAGING).exists():
        return
    staged = Response.objects.filter(batch=import_)
    while pks := list(staged.values_list("pk", flat=True)[: 2 * CHUNK]):
        with transaction.atomic():
            Answer.objects.filter(response__in=pks).delete()
            staged.filter(pk__in=pks).delete()
    Collector.objects.filter(kind=Collector.Kind.IMPORT, responses__isnull=True).delete()
