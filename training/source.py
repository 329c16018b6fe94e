"""Training as a source of figures: the share of courses that were completed in time.

A measure counts the cycles of its chosen courses (`MeasuredCourse`), each on its last day in time, as
extended, in the unit where the person works:

- met: completed, and the certificate's day, on which the learner had done everything, was the last day in
  time or before, however late somebody marked it;
- missed: the last day in time is past, and it was not completed by then (late, open, failed);
- counted apart (`na`): waived, what is open and not due yet, and what waits for its marks, which is neither.

The share is met / (met + missed). Everybody is counted, so the figure is a full count without interval.
A cycle counts once, on one day, so months add up to quarters and units to the units above.

What no row tells is reckoned as it is today: a person counts where the first role is now, and not at all
after leaving. Which unit stands under which is reckoned by the month, as for every figure.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone

from common.sources import Counts, TotalsSource
from organisation.days import organisation_day
from organisation.models import Membership
from training.models import Assignment, MeasuredCourse

KIND = "training"
SERIES = 1
State = Assignment.State
BySeries = dict[int, Counts]

_MET = Q(state=State.COMPLETED, certificate__issued_on__lte=F("due_on"))


def _today() -> date:
    return organisation_day(timezone.now())


class TrainingInTime(TotalsSource):
    """Totals already, kept as the cycles themselves: one query for each question asked."""

    methods = ("share_met",)

    def __init__(self, today: Callable[[], date] = _today) -> None:
        self._today = today

    def feeding(self) -> Any:
        return MeasuredCourse.objects.values("measure")

    def pooled(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[int, BySeries]:
        rows = self._sums(measure_ids, unit_ids, start, end)
        return {row["measure"]: _by_series(row) for row in rows}

    def pooled_by_month(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[date, dict[int, BySeries]]:
        found: dict[date, dict[int, BySeries]] = {}
        for row in self._sums(measure_ids, unit_ids, start, end, month=TruncMonth("due_on")):
            found.setdefault(row["month"], {})[row["measure"]] = _by_series(row)
        return found

    def pooled_by_unit(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[int, dict[int, BySeries]]:
        found: dict[int, dict[int, BySeries]] = {}
        for row in self._sums(measure_ids, unit_ids, start, end, unit=F("place")):
            found.setdefault(row["unit"], {})[row["measure"]] = _by_series(row)
        return found

    def _sums(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date, **by: Any
    ) -> "QuerySet[Any, Any]":
        apart = Q(state__in=[State.WAIVED, State.AWAITING])
        missed = ~_MET & ~apart & Q(due_on__lt=self._today())
        first_role = Membership.objects.filter(user=OuterRef("person")).order_by("pk")
        return (
            Assignment.objects.filter(
                person__is_active=True,
                course__measured_by__measure__in=list(measure_ids),
                due_on__gte=start,
                due_on__lt=end,
            )
            .annotate(place=Subquery(first_role.values("unit")[:1]))
            .filter(place__in=list(unit_ids))
            .order_by()
            .values(measure=F("course__measured_by__measure"), **by)
            .annotate(met=Count("pk", filter=_MET), missed=Count("pk", filter=missed), every=Count("pk"))
        )


def _by_series(row: dict[str, Any]) -> BySeries:
    n = row["met"] + row["missed"]
    return {SERIES: Counts(n=n, high=row["met"], na=row["every"] - n)}
