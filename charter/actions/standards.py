"""Standards: written, archived, put in order."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from charter.actions.citing import refuse_circle, refuse_refining
from charter.actions.draft import called, hold, next_position, next_version, record, swap, write_words
from charter.actions.goals import end_goal, set_goal
from charter.actions.measures import write_measure
from charter.models import Charter, CharterEvent, Measure, Standard
from organisation.models import User

What = CharterEvent.What


@dataclass(frozen=True)
class Proof:
    """The measure that is edited on the standard's own page, with its goal for every unit.

    Without a `target` the goal of a measure that stands ends today.
    """

    fields: dict[str, Any]
    measure: Measure | None = None
    target: Decimal | None = None
    starts_on: date | None = None
    is_critical: bool = field(default=False)


@transaction.atomic
def save_standard(
    *,
    charter: Charter,
    standard: Standard | None,
    language: str,
    words: dict[str, str],
    fields: dict[str, Any],
    by: User | None,
    proof: Proof | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Standard:
    """Write a standard: its words in one language, its fields, and how it is proved; or add one.

    `fields` are those of Standard; `keeper_units` and `depends_on` may be among them.
    `expected_version` is the version that the form was opened on. Raises StandardChangedMeanwhile,
    MeaningIsFixed, GoalRefused, DependsInCircle and RefinesNothingAbove; then nothing is written.
    """
    at = at or timezone.now()
    fields = dict(fields)
    many = {name: fields.pop(name) for name in ("keeper_units", "depends_on") if name in fields}
    refuse_circle(standard, many.get("depends_on", ()))
    refuse_refining(charter, fields.get("refines"), at)
    hold(charter)
    what = What.STANDARD_SAVED
    if standard is None:
        standard = Standard(charter=charter, position=next_position(charter.standards.all()))
        what = What.STANDARD_ADDED
    else:
        standard = next_version(standard, expected_version)
    for name, value in fields.items():
        setattr(standard, name, value)
    standard.save()
    for name, others in many.items():
        getattr(standard, name).set(others)
    write_words(standard, language=language, words=words)
    if proof is not None:
        _save_proof(standard, proof, by=by, at=at)
    record(charter, what, standard=standard, by=by, at=at, note=called(standard))
    return standard


def _save_proof(standard: Standard, proof: Proof, *, by: User | None, at: datetime) -> None:
    measure = write_measure(standard=standard, measure=proof.measure, fields=proof.fields, by=by, at=at)
    if proof.target is None:
        if proof.measure:
            end_goal(measure=measure, by=by, at=at)
        return
    starts_on = proof.starts_on or standard.charter.local_day(at)
    now_set = next(
        (goal for goal in measure.goals.all() if goal.unit_id is None and goal.in_force(starts_on)), None
    )
    if now_set and now_set.target == proof.target and now_set.is_critical == proof.is_critical:
        return
    set_goal(
        measure=measure,
        target=proof.target,
        starts_on=starts_on,
        is_critical=proof.is_critical,
        by=by,
        at=at,
    )


@transaction.atomic
def archive_standard(*, standard: Standard, by: User | None, at: datetime | None = None) -> None:
    """Take the standard out of the draft; editions and figures keep it. Twice does no harm."""
    at = at or timezone.now()
    hold(standard.charter)
    won = Standard.objects.active().filter(pk=standard.pk).update(archived_at=at, version=F("version") + 1)
    if won:
        record(standard.charter, What.STANDARD_ARCHIVED, standard=standard, by=by, at=at, note=str(standard))


@transaction.atomic
def restore_standard(*, standard: Standard, by: User | None, at: datetime | None = None) -> None:
    """Put the standard back into the draft. Twice does no harm."""
    at = at or timezone.now()
    hold(standard.charter)
    archived = Standard.objects.filter(pk=standard.pk, archived_at__isnull=False)
    if archived.update(archived_at=None, version=F("version") + 1):
        record(standard.charter, What.STANDARD_RESTORED, standard=standard, by=by, at=at, note=str(standard))


@transaction.atomic
def move_standard(*, standard: Standard, up: bool, by: User | None, at: datetime | None = None) -> None:
    """Exchange an active standard with the one before or after it."""
    at = at or timezone.now()
    hold(standard.charter)
    swap(standard.charter.standards.active(), standard, up=up)
    record(
        standard.charter,
        What.REORDERED,
        standard=standard,
        by=by,
        at=at or timezone.now(),
        note=str(standard),
    )
