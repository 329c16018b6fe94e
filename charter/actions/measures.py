"""Measures of a standard."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.actions.draft import hold, next_version, record
from charter.actions.goals import refuse_goal_out_of_range
from charter.fixed import MEANING
from charter.models import CharterEvent, Measure, Standard
from organisation.models import User

What = CharterEvent.What


class MeaningIsFixed(ValidationError):
    """Answers or results hang on the measure, so its method and scale stay as they are."""


@transaction.atomic
def save_measure(
    *,
    standard: Standard,
    measure: Measure | None,
    fields: dict[str, Any],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Measure:
    """Write a measure (fields of Measure), or add one to the standard.

    `expected_version` is the version of the standard that the form was opened on. Raises
    StandardChangedMeanwhile; MeaningIsFixed where another method, direction, source or scale is asked
    of a measure on which questions, answers or results hang; GoalOutOfRange where a goal that is set
    would leave the range.
    """
    hold(standard.charter)
    standard = next_version(standard, expected_version)
    return write_measure(standard=standard, measure=measure, fields=fields, by=by, at=at or timezone.now())


def write_measure(
    *, standard: Standard, measure: Measure | None, fields: dict[str, Any], by: User | None, at: datetime
) -> Measure:
    """The part of `save_measure` that a standard's own page shares. Inside a transaction only."""
    if measure is None:
        measure = Measure(standard=standard)
    turned = [name for name in MEANING if name in fields and fields[name] != getattr(measure, name)]
    if measure.pk and turned and measure.is_in_use:
        raise MeaningIsFixed(
            {turned[0]: _("Answers or results hang on this measure. Archive it and add another one instead.")}
        )
    for name, value in fields.items():
        setattr(measure, name, value)
    measure.save()
    for goal in measure.goals.all():
        refuse_goal_out_of_range(measure, goal.target)
    record(standard.charter, What.MEASURE_SAVED, standard=standard, by=by, at=at, note=measure.name)
    return measure


@transaction.atomic
def archive_measure(*, measure: Measure, by: User | None, at: datetime | None = None) -> None:
    """Measure no longer by it; its figures stay. Twice does no harm."""
    at = at or timezone.now()
    standard = measure.standard
    hold(standard.charter)
    next_version(standard)
    if Measure.objects.filter(pk=measure.pk, archived_at__isnull=True).update(archived_at=at):
        record(standard.charter, What.MEASURE_ARCHIVED, standard=standard, by=by, at=at, note=measure.name)


@transaction.atomic
def restore_measure(*, measure: Measure, by: User | None, at: datetime | None = None) -> None:
    """Measure by it again. Twice does no harm."""
    at = at or timezone.now()
    standard = measure.standard
    hold(standard.charter)
    next_version(standard)
    if Measure.objects.filter(pk=measure.pk, archived_at__isnull=False).update(archived_at=None):
        record(standard.charter, What.MEASURE_RESTORED, standard=standard, by=by, at=at, note=measure.name)
