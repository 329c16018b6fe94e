"""Recomputes the tallies of stale buckets from the answers. Nothing is ever added to a tally."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from charter.models import Measure, StaleBucket
from common.period import add_months
from common.sources import Bucket, answer_sources, where_in
from scoreboard.actions.locks import MonthBucket, lock_months
from scoreboard.counting import COLUMNS, columns, count_answers, counts_of
from scoreboard.models import DailyTally, MonthlyTally, Tally

Cells = dict[int, dict[str, Any]]
"""Series → columns."""

Cell = TypeVar("Cell", bound=Tally)

logger = logging.getLogger(__name__)

BATCH = 200
_CHUNK = 50


class BucketFailed(Exception):
    """A batch could not be recomputed; `last` is the primary key of its last stale row."""

    def __init__(self, last: int) -> None:
        super().__init__(f"stale rows up to {last}")
        self.last = last


def recompute_stale_results(*, limit: int = 10_000) -> int:
    """Recompute the buckets of up to `limit` stale rows in short transactions; how many rows are done.

    Any number of workers may run at once. Where a batch fails its rows are taken one by one, so that a
    bad bucket never stops the rest; it stays for the next run and shows as the oldest work owed.
    """
    done, after, singly_up_to = 0, 0, 0
    while done < limit and StaleBucket.objects.filter(pk__gt=after).exists():
        size = 1 if after < singly_up_to else min(BATCH, limit - done)
        try:
            claimed = _recompute_batch(size, after)
        except BucketFailed as failure:
            logger.exception("recompute of %s failed", failure)
            singly_up_to = max(singly_up_to, failure.last)
            after = failure.last if size == 1 else after
            continue
        if not claimed:
            break
        done, after = done + len(claimed), claimed[-1]
    return done


@transaction.atomic
def _recompute_batch(size: int, after: int) -> list[int]:
    """The primary keys of the stale rows that are done."""
    claimed = _claim(size, after)
    if not claimed:
        return []
    try:
        recompute_buckets(sorted({(measure, unit, day) for _pk, measure, unit, day in claimed}))
    except Exception as error:
        raise BucketFailed(claimed[-1][0]) from error
    done = [row[0] for row in claimed]
    StaleBucket.objects.filter(pk__in=done).delete()
    return done


def _claim(size: int, after: int) -> list[tuple[int, int, int, date]]:
    """The oldest stale rows that no other worker holds. They stay locked until the transaction ends."""
    stale = StaleBucket.objects.filter(pk__gt=after).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        stale = stale.select_for_update(skip_locked=True)
    return list(stale.values_list("pk", "measure_id", "unit_id", "day")[:size])


def recompute_buckets(buckets: Sequence[Bucket]) -> None:
    """Write the tallies of these days, and of their months, as the answers stand now.

    Needs a transaction. The locks come before the first answer is read.
    """
    months = sorted({(measure, unit, day.replace(day=1)) for measure, unit, day in buckets})
    lock_months(months)
    measures = Measure.objects.in_bulk({measure for measure, _unit, _day in buckets})
    _write(DailyTally, "day", _day_cells(measures, buckets))
    _write(MonthlyTally, "month", _month_cells(months))


def _day_cells(measures: dict[int, Measure], buckets: Sequence[Bucket]) -> dict[Bucket, Cells]:
    """Bucket → series → columns, from the measures' sources; nothing where the source holds totals."""
    found: dict[Bucket, Cells] = {bucket: {} for bucket in buckets if bucket[0] in measures}
    for kind, source in answer_sources().items():
        fed = [bucket for bucket in found if measures[bucket[0]].source == kind]
        for bucket, answers in source.values_in(fed).items():
            found[bucket] = {
                series: columns(count_answers(measures[bucket[0]], values))
                for series, values in answers.items()
            }
    return found


def _month_cells(months: Sequence[MonthBucket]) -> dict[MonthBucket, Cells]:
    """Month → series → columns: the sums of the days as they stand now."""
    found: dict[MonthBucket, dict[int, list[DailyTally]]] = {month: {} for month in months}
    for chunk in _chunks(months):
        wanted = Q()
        for measure, unit, month in chunk:
            wanted |= Q(measure=measure, unit=unit, day__gte=month, day__lt=add_months(month, 1))
        for tally in DailyTally.objects.filter(wanted):
            bucket = (tally.measure_id, tally.unit_id, tally.day.replace(day=1))
            found[bucket].setdefault(tally.series, []).append(tally)
    return {
        bucket: {series: columns(counts_of(days)) for series, days in by_series.items()}
        for bucket, by_series in found.items()
    }


def _write(model: type[Cell], on: str, cells: dict[Bucket, Cells]) -> None:
    """Make the cells of these buckets what they are given as: written over, and dropped where empty."""
    rows = [
        model(measure_id=measure, unit_id=unit, series=series, **{on: day}, **values)
        for (measure, unit, day), by_series in cells.items()
        for series, values in by_series.items()
    ]
    model._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["measure", "unit", on, "series"],
        update_fields=COLUMNS,
    )
    emptied = [
        pk
        for pk, measure, unit, day, series in _written(model, on, list(cells))
        if series not in cells[measure, unit, day]
    ]
    model._default_manager.filter(pk__in=emptied).delete()


def _written(model: type[Cell], on: str, buckets: Sequence[Bucket]) -> Iterator[tuple[Any, ...]]:
    for wanted in where_in(buckets, on):
        cells: QuerySet[Any] = model._default_manager.filter(wanted)
        yield from cells.values_list("pk", "measure_id", "unit_id", on, "series")


def _chunks(buckets: Sequence[Bucket]) -> Iterable[Sequence[Bucket]]:
    """A database refuses conditions of any length."""
    return (buckets[start : start + _CHUNK] for start in range(0, len(buckets), _CHUNK))
