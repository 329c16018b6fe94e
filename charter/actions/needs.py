"""Which standards answer a need of customers, and which measures tell of it."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.models import Measure, NeedMeasure, Standard
from customers.actions.register import next_version, record
from customers.models import Need, NeedEvent
from organisation.models import User

What = NeedEvent.What
Role = NeedMeasure.Role


@transaction.atomic
def tie_need(*, need: Need, standard: Standard, by: User | None, at: datetime | None = None) -> None:
    """From now on the standard answers the need. It is no part of an edition. Twice does no harm."""
    if not need.standards.filter(pk=standard.pk).exists():
        need.standards.add(standard)
        record(need, What.TIED, by=by, at=at or timezone.now(), note=str(standard))


@transaction.atomic
def untie_need(*, need: Need, standard: Standard, by: User | None, at: datetime | None = None) -> None:
    """The standard no longer answers the need. Twice does no harm."""
    if need.standards.filter(pk=standard.pk).exists():
        need.standards.remove(standard)
        record(need, What.UNTIED, by=by, at=at or timezone.now(), note=str(standard))


class MeasureDoesNotFit(ValidationError):
    """Importance and satisfaction are two different means of answers from 1 to 5."""


@transaction.atomic
def measure_need(
    *,
    need: Need,
    importance: Measure | None,
    satisfaction: Measure | None,
    others: Iterable[Measure] = (),
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Say which measures tell how important the need is, how satisfied customers are, and what else shows it.

    Replaces what was said before. Raises MeasureDoesNotFit, and ChangedMeanwhile where the need was
    changed after the form was opened on `expected_version`.
    """
    _refuse_what_does_not_fit(importance, satisfaction)
    chosen = [(Role.IMPORTANCE, importance), (Role.SATISFACTION, satisfaction)]
    rows = [(role, measure) for role, measure in chosen if measure]
    named = {measure for _role, measure in rows}
    rows += [(Role.OTHER, measure) for measure in others if measure not in named]
    need = next_version(need, expected_version)
    need.measures.all().delete()
    NeedMeasure.objects.bulk_create(
        NeedMeasure(need=need, measure=measure, role=role) for role, measure in rows
    )
    names = ", ".join(measure.name for _role, measure in rows)
    record(need, What.MEASURED, by=by, at=at or timezone.now(), note=names)


def _refuse_what_does_not_fit(importance: Measure | None, satisfaction: Measure | None) -> None:
    if importance and not (importance.is_of_need and importance.is_one_to_five):
        words = _("Choose a measure that is asked about a need, from 1 to 5.")
        raise MeasureDoesNotFit({"importance": words})
    if satisfaction and (satisfaction == importance or not satisfaction.is_one_to_five):
        words = _("Choose another measure than that of importance, a mean from 1 to 5.")
        raise MeasureDoesNotFit({"satisfaction": words})
