"""Results of operational standards: recorded, corrected, taken back."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from charter.models import Measure, RecordedResult, ResultEvent, Standard
from organisation.models import Unit, User

What = ResultEvent.What


class ResultRefused(ValidationError):
    """The result cannot be true, or stands already. `message_dict` names the field and the reason."""


class ResultChangedMeanwhile(ResultRefused):
    """A colleague corrected the result after the form was opened. Nothing was written."""


def _refuse(field: str, message: str, code: str, **params: Any) -> ResultRefused:
    return ResultRefused({field: ValidationError(message, code=code, params=params)})


def refuse_impossible(
    measure: Measure, *, met: int | None, total: int | None, departures: int, reason: str
) -> None:
    """Raise ResultRefused where the numbers contradict each other, or do not fit the measure."""
    if measure.source != Measure.Source.RESULTS:
        raise _refuse("measure", _("This measure is fed by answers, not by results."), "wrong_source")
    if min(met or 0, total or 0, departures) < 0:
        raise _refuse("met", _("A number of cases is never below zero."), "negative")
    if measure.is_open_ended:
        _refuse_impossible_total(measure, met=met, total=total, departures=departures)
        return
    if (met is None and total) or (total is None and met is not None):
        raise _refuse("met", _("Give both numbers, or neither where nobody kept count."), "half_given")
    if met is not None and total is not None and met > total:
        raise _refuse(
            "met",
            _("%(met)d met of %(total)d cases: more than there were. Please check both numbers."),
            "met_over_total",
            met=met,
            total=total,
        )
    if not departures:
        return
    if measure.standard.discretion != Standard.Discretion.FLEXIBLE:
        raise _refuse(
            "departures",
            _("This standard knows no departures: whatever was not met is a miss."),
            "departures_refused",
        )
    if (met or 0) + departures > (total or 0):
        raise _refuse("departures", _("Met and departures together are more than the cases."), "over_total")
    if not reason.strip():
        raise _refuse("departure_reason", _("Say why they departed from the standard."), "reason_needed")


def _refuse_impossible_total(
    measure: Measure, *, met: int | None, total: int | None, departures: int
) -> None:
    """A count is one number; a rate may be over one, but nothing happens without an exposure."""
    if departures:
        raise _refuse(
            "departures", _("Departures belong to a share: leave this empty."), "departures_refused"
        )
    if measure.method == Measure.Method.COUNT:
        if total is not None:
            raise _refuse(
                "total", _("A count needs only the first number. Leave this empty."), "total_refused"
            )
        return
    if (met is None) != (total is None):
        raise _refuse("met", _("Give both numbers, or neither where nobody kept count."), "half_given")
    if met and not total:
        words = _("%(met)d out of none: please check both numbers.")
        raise _refuse("total", words, "no_exposure", met=met)


def refuse_future(unit: Unit, end: date, at: datetime) -> None:
    """Raise ResultRefused where the last day, the one before `end`, has not come yet in the unit."""
    if end - timedelta(days=1) > at.astimezone(ZoneInfo(unit.timezone)).date():
        raise _refuse("last_day", _("The last day has not come yet."), "future")


def _hold(measure: Measure) -> None:
    """Until the transaction ends nobody else records for this measure.

    The update changes nothing; it takes the row's lock on PostgreSQL. SQLite has one writer anyway.
    """
    Measure.objects.filter(pk=measure.pk).update(minimum_n=F("minimum_n"))


def refuse_overlap(
    measure: Measure, unit: Unit, start: date, end: date, series: int, *, besides: int = 0
) -> None:
    """Raise ResultRefused, naming the other's dates, where a day of the span is recorded already."""
    other = (
        RecordedResult.objects.filter(
            measure=measure, unit=unit, series=series, start__lt=end, end__gt=start, deleted_at__isnull=True
        )
        .exclude(pk=besides)
        .first()
    )
    if other:
        raise _refuse(
            "start",
            _("A result from %(first)s to %(last)s is recorded already, and the days overlap."),
            "overlap",
            first=formats.date_format(other.start),
            last=formats.date_format(other.end - timedelta(days=1)),
        )


def _write(result: RecordedResult, what: ResultEvent.What, *, by: User | None, at: datetime) -> None:
    try:
        with transaction.atomic():
            result.save()
    except IntegrityError as error:
        raise _refuse("start", _("A result for these days is recorded already."), "overlap") from error
    ResultEvent.objects.create(
        result=result,
        what=what,
        start=result.start,
        end=result.end,
        met=result.met,
        total=result.total,
        departures=result.departures,
        by=by,
        at=at,
    )


@transaction.atomic
def record_result(
    *,
    measure: Measure,
    unit: Unit,
    start: date,
    end: date,
    met: int | None,
    total: int | None,
    by: User | None,
    departures: int = 0,
    reason: str = "",
    series: int = 1,
    at: datetime | None = None,
) -> RecordedResult:
    """Record how often the standard was met in `[start, end)`: `met` of `total` cases.

    Of a rate `met` is the numerator and `total` the exposure; a count is `met` alone. No cases, or no
    numbers at all, are kept as "not tracked". `departures` are cases within the guidance of a flexible
    standard, counted apart and with a reason. Raises ResultRefused.
    """
    at = at or timezone.now()
    if end <= start:
        raise _refuse("start", _("The span ends before it begins."), "span")
    refuse_future(unit, end, at)
    refuse_impossible(measure, met=met, total=total, departures=departures, reason=reason)
    _hold(measure)
    refuse_overlap(measure, unit, start, end, series)
    result = RecordedResult(
        measure=measure,
        unit=unit,
        start=start,
        end=end,
        series=series,
        method=measure.method,
        recorded_by=by,
        recorded_at=at,
    )
    _count(result, met=met, total=total, departures=departures, reason=reason)
    _write(result, What.RECORDED, by=by, at=at)
    return result


def _count(
    result: RecordedResult, *, met: int | None, total: int | None, departures: int, reason: str
) -> None:
    tracked = bool(total) or result.method == Measure.Method.COUNT
    result.met = met if tracked else None
    result.total = total if tracked else None
    result.departures = departures
    result.departure_reason = reason if departures else ""


@transaction.atomic
def correct_result(
    *,
    result: RecordedResult,
    start: date,
    end: date,
    met: int | None,
    total: int | None,
    by: User | None,
    departures: int = 0,
    reason: str = "",
    seen_events: int | None = None,
    at: datetime | None = None,
) -> RecordedResult:
    """Put other days or numbers in place of the recorded ones; the events keep what stood before.

    `seen_events` is how many events the form was opened on. Raises ResultRefused, also for a result
    that was deleted meanwhile, and ResultChangedMeanwhile for one that was corrected.
    """
    at = at or timezone.now()
    if end <= start:
        raise _refuse("start", _("The span ends before it begins."), "span")
    refuse_future(result.unit, end, at)
    refuse_impossible(result.measure, met=met, total=total, departures=departures, reason=reason)
    _hold(result.measure)
    fresh = RecordedResult.objects.filter(pk=result.pk, deleted_at__isnull=True).first()
    if fresh is None:
        raise _refuse("start", _("This result has been deleted meanwhile."), "deleted")
    if seen_events is not None and seen_events != fresh.events.count():
        told = _("A colleague has just made it %(met)s of %(total)s. Please check, and save again.")
        now = {"met": fresh.met, "total": fresh.total}
        raise ResultChangedMeanwhile({"met": ValidationError(told, code="changed", params=now)})
    refuse_overlap(fresh.measure, fresh.unit, start, end, fresh.series, besides=fresh.pk)
    fresh.start, fresh.end = start, end
    _count(fresh, met=met, total=total, departures=departures, reason=reason)
    _write(fresh, What.CORRECTED, by=by, at=at)
    return fresh


@transaction.atomic
def delete_result(*, result: RecordedResult, by: User | None, at: datetime | None = None) -> bool:
    """Take the result out of every figure; it can be put back. Says whether it stood until now."""
    at = at or timezone.now()
    _hold(result.measure)
    fresh = RecordedResult.objects.filter(pk=result.pk, deleted_at__isnull=True).first()
    if fresh is None:
        return False
    fresh.deleted_at = at
    _write(fresh, What.DELETED, by=by, at=at)
    return True


@transaction.atomic
def undelete_result(*, result: RecordedResult, by: User | None, at: datetime | None = None) -> bool:
    """Put a deleted result back. Raises ResultRefused where other results have taken its days."""
    at = at or timezone.now()
    _hold(result.measure)
    fresh = RecordedResult.objects.filter(pk=result.pk, deleted_at__isnull=False).first()
    if fresh is None:
        return False
    refuse_overlap(fresh.measure, fresh.unit, fresh.start, fresh.end, fresh.series)
    fresh.deleted_at = None
    _write(fresh, What.UNDELETED, by=by, at=at)
    return True
