"""Writing an import's rows where nobody counts them yet, and taking them away again.

What a file brings with it (units, charters, standards, measures) stands archived at the import's own
moment until the import is done; the keys of its standards and measures begin with the import's
reference, and its charters have an event that names it. That is how a broken-off import is found and
removed, whatever broke it off.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from auditlog.context import disable_auditlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from charter.imports import Directory, ResultLine, UnitEntry
from charter.imports.directory import MeasureEntry, StandardEntry
from charter.models import (
    Charter,
    CharterEvent,
    CharterText,
    Goal,
    Measure,
    RecordedResult,
    Standard,
    StandardText,
)
from organisation.actions.installation import hold_the_tree
from organisation.imports import CHUNK, ImportRefused, chunks
from organisation.models import Import, Installation, Unit, UnitPlacement


def prefix_of(import_: Import) -> str:
    """How the keys of standards and measures begin that this import brought."""
    return f"{import_.reference}-"


def stage_directory(import_: Import, directory: Directory, at: datetime) -> None:
    """Make the missing units, charters, standards and measures, archived; short transactions."""
    for chunk in chunks(directory.new_units, 50):
        with transaction.atomic():
            _stage_units(import_, chunk, directory.mapping.zone)
    charters = _stage_charters(import_, directory, at)
    positions: dict[int, int] = {}
    first = 1
    for standards in chunks(directory.new_standards):
        with transaction.atomic():
            _stage_standards(import_, standards, charters, positions, first)
        first += len(standards)
    for measures in chunks(directory.new_measures):
        with transaction.atomic():
            _stage_measures(import_, measures)


def _stage_units(import_: Import, entries: Sequence[UnitEntry], zone: str) -> None:
    installation = Installation.current()
    if installation is None:
        raise ImportRefused(_("Set up the organisation first."))
    hold_the_tree()
    for entry in entries:
        unit = Unit.objects.create(
            slug=_free_slug(entry.name),
            name=entry.name,
            timezone=zone,
            archived_at=import_.created_at,
        )
        UnitPlacement.objects.create(
            unit=unit, parent=import_.unit or installation.root, starts_on=entry.first_day.replace(day=1)
        )
        entry.pk = unit.pk
        _begin_charter(import_, unit)


def _free_slug(name: str) -> str:
    base = slugify(name)[:55].strip("-") or "unit"
    taken = set(Unit.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if slug not in taken)


def _begin_charter(import_: Import, unit: Unit) -> Charter:
    charter = Charter.objects.create(unit=unit)
    title = _("What you can expect from %(unit)s") % {"unit": unit.name}
    CharterText.objects.create(charter=charter, title=title[:150], version=1)
    CharterEvent.objects.create(
        charter=charter,
        what=CharterEvent.What.CREATED,
        note=prefix_of(import_),
        by=import_.created_by,
        at=import_.created_at,
    )
    return charter


def _stage_charters(import_: Import, directory: Directory, at: datetime) -> dict[int, Charter]:
    """The charter of every unit that gets a standard, by unit."""
    wanted = {entry.unit.pk for entry in directory.new_standards if entry.unit.pk}
    found = {charter.unit_id: charter for charter in Charter.objects.filter(unit__in=wanted)}
    for unit in Unit.objects.filter(pk__in=wanted - set(found)):
        with transaction.atomic():
            found[unit.pk] = _begin_charter(import_, unit)
    return found


def _stage_standards(
    import_: Import,
    entries: Sequence[StandardEntry],
    charters: dict[int, Charter],
    positions: dict[int, int],
    first: int,
) -> None:
    for number, entry in enumerate(entries, start=first):
        charter = charters[entry.unit.pk or 0]
        position = positions.get(charter.pk)
        if position is None:
            last = charter.standards.order_by("-position").first()
            position = last.position if last else 0
        positions[charter.pk] = min(position + 1, 32_767)
        standard = entry.standard
        standard.charter = charter
        standard.key = f"{prefix_of(import_)}{number}"
        standard.position = positions[charter.pk]
        standard.version = 1
        standard.archived_at = import_.created_at
    Standard.objects.bulk_create([entry.standard for entry in entries])
    texts = []
    for entry in entries:
        entry.pk = entry.standard.pk
        texts += [
            StandardText(standard=entry.standard, language=language, promise=words)
            for language, words in entry.words.items()
        ]
    StandardText.objects.bulk_create(texts)


def _stage_measures(import_: Import, entries: Sequence[MeasureEntry]) -> None:
    for entry in entries:
        standard = entry.measure.standard
        entry.measure.standard = standard  # its primary key is known only now
        entry.measure.key = f"{standard.key}-{entry.channel}"[:40]
        if not standard.key.startswith(prefix_of(import_)):
            entry.measure.key = f"{prefix_of(import_)}{standard.pk}-{entry.channel}"[:40]
        entry.measure.archived_at = import_.created_at
    Measure.objects.bulk_create([entry.measure for entry in entries])
    for entry in entries:
        entry.pk = entry.measure.pk


@transaction.atomic
def stage_results(
    import_: Import, rows: Sequence[tuple[ResultLine, UnitEntry, MeasureEntry]], at: datetime
) -> None:
    """One chunk of results under the import: `countable()` leaves them out until it is done."""
    RecordedResult.objects.bulk_create(
        RecordedResult(
            measure_id=measure.saved_pk,
            unit_id=unit.saved_pk,
            start=line.period.start,
            end=line.period.end,
            method=measure.measure.method,
            met=line.met,
            total=line.total,
            departures=line.departures,
            departure_reason=line.departure_reason if line.departures else "",
            batch=import_,
            recorded_by=import_.created_by,
            recorded_at=at,
        )
        for line, unit, measure in rows
    )


def refuse_collisions(import_: Import) -> None:
    """Raise ImportRefused where somebody recorded one of the file's spans while it was being staged.

    Call it in the last transaction: until that ends nobody else records for these measures.
    """
    Measure.objects.filter(results__batch=import_).update(minimum_n=F("minimum_n"))
    others = RecordedResult.objects.filter(
        deleted_at__isnull=True,
        measure=OuterRef("measure"),
        unit=OuterRef("unit"),
        series=OuterRef("series"),
        start__lt=OuterRef("end"),
        end__gt=OuterRef("start"),
    ).exclude(batch__isnull=False, batch=import_)
    if RecordedResult.objects.filter(Exists(others), batch=import_).exists():
        raise recorded_meanwhile()


def recorded_meanwhile() -> ImportRefused:
    text = _("Meanwhile somebody has recorded results for the same days. Please check the file again.")
    return ImportRefused(text)


def reveal(import_: Import, directory: Directory, at: datetime) -> None:
    """Take what the import brought out of the archive, with its goals. Part of the last transaction.

    Raises ImportRefused where another goal has been set, or promised, since the rows were read.
    """
    staged = {"archived_at": import_.created_at}
    Unit.objects.filter(**staged, charter__events__note=prefix_of(import_)).update(archived_at=None)
    standards = Standard.objects.filter(**staged, key__startswith=prefix_of(import_))
    measures = Measure.objects.filter(**staged, key__startswith=prefix_of(import_))
    added = set(measures.values_list("standard__charter_id", flat=True))
    standards.update(archived_at=None)
    measures.update(archived_at=None)
    judged = {measure.measure.standard.charter_id for measure, _unit, _start in directory.goals} - added
    Charter.objects.filter(pk__in=added | judged).update(version=F("version") + 1)
    _set_goals(directory)
    events = [(charter, CharterEvent.What.STANDARD_ADDED) for charter in sorted(added)]
    events += [(charter, CharterEvent.What.GOAL_SET) for charter in sorted(judged)]
    words = _("By an imported file (%(reference)s)") % {"reference": import_.reference}
    CharterEvent.objects.bulk_create(
        CharterEvent(charter_id=charter, what=what, note=words, by=import_.created_by, at=at)
        for charter, what in events
    )


def _set_goals(directory: Directory) -> None:
    """The charters are held, so what stands against a goal now stands against it for good."""
    if directory.goals_refused_meanwhile():
        text = _("Meanwhile somebody has set goals for the same days. Please check the file again.")
        raise ImportRefused(text)
    Goal.objects.bulk_create(
        [
            Goal(
                measure_id=measure.saved_pk,
                unit_id=unit.saved_pk,
                starts_on=start,
                ends_on=end,
                target=target,
            )
            for (measure, unit, start), (end, target) in directory.goals.items()
        ],
        batch_size=CHUNK,
    )


def remove_staged(import_: Import) -> None:
    """Delete everything that an import in the state of staging has written; short transactions."""
    if not Import.objects.filter(pk=import_.pk, state=Import.State.STAGING).exists():
        return
    with disable_auditlog():  # nobody has ever seen these rows
        _delete_by_chunks(RecordedResult.objects.filter(batch=import_))
        _delete_by_chunks(Measure.objects.filter(key__startswith=prefix_of(import_)))
        _delete_by_chunks(Standard.objects.filter(key__startswith=prefix_of(import_)))
        _delete_charters(import_)


def _delete_by_chunks(rows: "QuerySet[Any]") -> None:
    while pks := list(rows.values_list("pk", flat=True)[:CHUNK]):
        rows.filter(pk__in=pks).delete()


@transaction.atomic
def _delete_charters(import_: Import) -> None:
    """The charters and the units that the import has begun."""
    charters = Charter.objects.filter(events__note=prefix_of(import_), standards__isnull=True)
    staged_units = Unit.objects.filter(charter__in=charters, archived_at=import_.created_at)
    units = list(staged_units.values_list("pk", flat=True))
    Charter.objects.filter(pk__in=list(charters.values_list("pk", flat=True))).delete()
    UnitPlacement.objects.filter(unit__in=units).delete()
    Unit.objects.filter(pk__in=units).delete()
