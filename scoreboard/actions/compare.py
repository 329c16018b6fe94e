"""The tallies held against the answers behind them: what differs is told, and counted again.

Walks measure by measure and month by month, so that memory holds one month of one measure. What is
stale is no difference: its recompute is owed already.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from charter.models import Measure, StaleBucket
from common.nudge import nudge
from common.period import add_months
from common.sources import AnswerSource, Counts, answer_sources
from organisation.actions.jobs import enqueue_job
from organisation.actions.ticks import claim_period
from scoreboard.actions.locks import lock_months
from scoreboard.counting import columns, count_answers, counts_of
from scoreboard.models import DailyTally, MonthlyTally, TallyCheck, TallyDifference

COMPARE_JOB = "compare_tallies"
NIGHTLY = "nightly"
FROM_HOUR = 2
MOST_TOLD = 1000
"""Differences that are told one by one; all of them are mended."""
RECOMPUTE = "scoreboard.tasks.recompute_stale_results"

Cells = dict[tuple[int, date, int], dict[str, Any]]
"""Unit, first day, series → the columns of a tally."""
Progress = Callable[[int, int], None]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Slice:
    """One month of one measure."""

    measure: Measure
    source: AnswerSource
    month: date

    @property
    def end(self) -> date:
        return add_months(self.month, 1)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


@transaction.atomic
def ask_for_nightly_comparison(*, at: datetime | None = None) -> bool:
    """Once a night, from two o'clock UTC on: ask for the comparison. False where it was asked for."""
    at = at or timezone.now()
    if at.hour < FROM_HOUR or not claim_period(job=COMPARE_JOB, period=f"{at:%Y-%m-%d}", at=at):
        return False
    enqueue_job(kind=COMPARE_JOB, subject=NIGHTLY, by=None, at=at)
    return True


def compare_tallies(progress: Progress = _silent, *, at: datetime | None = None) -> TallyCheck:
    """Compare every tally with its answers, mark what differs as stale, and keep what was found.

    May be broken off anywhere and begun again: what has been marked is found to be stale then.
    """
    at = at or timezone.now()
    slices = list(_slices())
    compared = differing = 0
    for number, part in enumerate(slices, start=1):
        cells, wrong = _differing(part)
        compared += cells
        for unit, day in sorted(wrong, reverse=True):
            if _confirm_and_mark(part, unit, day, at, tell=differing < MOST_TOLD):
                differing += 1
        if number % 50 == 0 or number == len(slices):
            progress(number, len(slices))
    if differing:
        logger.error("%d of %d tallies differed and are counted again", differing, compared)
        nudge(RECOMPUTE)
    return TallyCheck.objects.create(
        started_at=at, finished_at=max(timezone.now(), at), compared=compared, differing=differing
    )


def _slices() -> Iterator[Slice]:
    """The months that hold an answer or a tally, by measure."""
    for kind, source in answer_sources().items():
        for measure in Measure.objects.filter(source=kind).order_by("pk"):
            days = DailyTally.objects.filter(measure=measure)
            months = MonthlyTally.objects.filter(measure=measure)
            ends = [
                *source.first_and_last(measure.pk),
                *days.aggregate(first=Min("day"), last=Max("day")).values(),
                *months.aggregate(first=Min("month"), last=Max("month")).values(),
            ]
            known = [day for day in ends if day]
            month = min(known, default=date.max).replace(day=1)
            while known and month <= max(known):
                yield Slice(measure, source, month)
                month = add_months(month, 1)


def _differing(part: Slice) -> tuple[int, set[tuple[int, date]]]:
    """How many cells were compared, and the (unit, day) that differ; a month is its first day."""
    days, standing = _counted(part), _standing(part, DailyTally, "day")
    wrong = {key[:2] for key in days.keys() | standing.keys() if days.get(key) != standing.get(key)}
    months, by_month = _months(part, days), _standing(part, MonthlyTally, "month")
    wrong |= {key[:2] for key in months.keys() | by_month.keys() if months.get(key) != by_month.get(key)}
    return len(days.keys() | standing.keys()), wrong


def _counted(part: Slice, unit: int | None = None) -> Cells:
    """The daily tallies as the answers say, of all units or of one."""
    cells = part.source.cells().filter(measure=part.measure, day__gte=part.month, day__lt=part.end)
    if unit is not None:
        cells = cells.filter(unit=unit)
    found: dict[tuple[int, date, int], dict[int | None, int]] = {}
    for _measure, of_unit, series, day, answer, many in cells.iterator(chunk_size=5000):
        answers = found.setdefault((of_unit, day, series), {})
        answers[answer] = answers.get(answer, 0) + many
    return {key: columns(count_answers(part.measure, answers)) for key, answers in found.items()}


def _months(part: Slice, days: Cells) -> Cells:
    sums: dict[tuple[int, date, int], Counts] = {}
    for (unit, _day, series), cell in days.items():
        values = {int(value): number for value, number in cell["values"].items()}
        sums.setdefault((unit, part.month, series), Counts()).add(Counts(**{**cell, "values": values}))
    return {key: columns(counts) for key, counts in sums.items()}


def _standing(part: Slice, model: Any, on: str, unit: int | None = None) -> Cells:
    """The tallies as they stand."""
    tallies = model.objects.filter(measure=part.measure, **{f"{on}__gte": part.month, f"{on}__lt": part.end})
    if unit is not None:
        tallies = tallies.filter(unit=unit)
    return {
        (tally.unit_id, getattr(tally, on), tally.series): columns(counts_of([tally]))
        for tally in tallies.iterator(chunk_size=5000)
    }


@transaction.atomic
def _confirm_and_mark(part: Slice, unit: int, day: date, at: datetime, *, tell: bool) -> bool:
    """Look again while no recompute runs; False where the bucket is stale, or agrees by now.

    A month of which any day is stale is counted again with that day, so it is no difference.
    """
    lock_months([(part.measure.pk, unit, part.month)])
    owed = StaleBucket.objects.filter(measure=part.measure, unit=unit, day__gte=part.month, day__lt=part.end)
    stale = set(owed.values_list("day", flat=True))
    days, standing = _counted(part, unit), _standing(part, DailyTally, "day", unit)
    months, by_month = _months(part, days), _standing(part, MonthlyTally, "month", unit)
    of_day = _of(days, day) != _of(standing, day)
    of_month = day == part.month and months != by_month
    if day in stale or not (of_day or (of_month and not stale)):
        return False
    counted, stood = (days, standing) if of_day else (months, by_month)
    StaleBucket.objects.create(measure=part.measure, unit_id=unit, day=day, since=at)
    if tell:
        TallyDifference.objects.create(
            measure=part.measure,
            unit_id=unit,
            day=day,
            is_month=not of_day,
            counted=sum(cell["n"] for cell in _of(counted, day).values()),
            stood=sum(cell["n"] for cell in _of(stood, day).values()),
            found_at=at,
        )
    return True


def _of(cells: Cells, day: date) -> Cells:
    return {key: cell for key, cell in cells.items() if key[1] == day}
