"""Recorded results and cases with a time limit as sources of figures."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Max, Min, QuerySet, Sum, Value, When

from charter.models import Case, Measure, RecordedResult
from common.period import Period, add_months
from common.sources import AnswerSource, Counts, TotalsSource


class RecordedResults(TotalsSource):
    """Totals already: what counts is met of total less departures; departures stand apart as `na`."""

    def feeding(self) -> Any:
        return RecordedResult.objects.countable().values("measure")

    def pooled(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[int, dict[int, Counts]]:
        """Measure → series → counts, pooled over the spans wholly inside `[start, end)`, in one query.

        Spans that nobody tracked are left out; a measure without any span is not in the answer.
        """
        found: dict[int, dict[int, Counts]] = {}
        for row in _sums(measure_ids, unit_ids, start, end):
            by_series = found.setdefault(row["measure_id"], {})
            by_series.setdefault(row["series"], Counts()).add(_counts(row))
        return found

    def pooled_by_month(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[date, dict[int, dict[int, Counts]]]:
        """First day of the month → measure → series → counts of the spans wholly inside it; one query."""
        found: dict[date, dict[int, dict[int, Counts]]] = {}
        for row in _sums(measure_ids, unit_ids, start, end):
            month = row["start"].replace(day=1)
            if row["end"] <= add_months(month, 1):
                by_series = found.setdefault(month, {}).setdefault(row["measure_id"], {})
                by_series.setdefault(row["series"], Counts()).add(_counts(row))
        return found

    def pooled_by_unit(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[int, dict[int, dict[int, Counts]]]:
        """Unit → measure → series → counts; one query."""
        found: dict[int, dict[int, dict[int, Counts]]] = {}
        for row in _sums(measure_ids, unit_ids, start, end, "unit_id"):
            by_series = found.setdefault(row["unit_id"], {}).setdefault(row["measure_id"], {})
            by_series.setdefault(row["series"], Counts()).add(_counts(row))
        return found


def _sums(
    measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date, *by: str
) -> "QuerySet[Any, Any]":
    return (
        RecordedResult.objects.countable()
        .inside(start, end)
        .filter(measure__in=list(measure_ids), unit__in=list(unit_ids), met__isnull=False)
        .values("measure_id", "series", "method", "start", "end", *by)
        .annotate(sum_met=Sum("met"), cases=Sum("total"), departed=Sum("departures"), results=Count("pk"))
        .order_by("measure_id", "series")
    )


def _counts(row: dict[str, Any]) -> Counts:
    """Of a share: met of the cases. Of a rate: the numerator of the exposure. Of a count: the number,
    out of so many results, and the months of their span."""
    if row["method"] == Measure.Method.COUNT:
        last = row["end"] - timedelta(days=1)
        span = Period(row["start"].replace(day=1), add_months(last.replace(day=1), 1))
        return Counts(n=row["results"], high=row["sum_met"], months=frozenset(span.month_starts()))
    return Counts(n=row["cases"] - row["departed"], high=row["sum_met"], na=row["departed"])


_VALUES: dict[str, int | None] = {Case.Outcome.MET: 1, Case.Outcome.MISSED: 0, Case.Outcome.OPEN: None}
"""A case in time is 1, a late one 0; what is open and not due yet is no answer yet."""


class CasesInTime(AnswerSource):
    """Cases by measure, unit and local day of receipt. Those without a time limit are in no figure."""

    def cells(self) -> QuerySet[Any, Any]:
        """Series 1 → in time (1), late (0), open and not due yet (none) → how many."""
        in_figures = Case.objects.countable().filter(outcome__in=_VALUES).order_by()
        answer = models.Case(
            When(outcome=Case.Outcome.MET, then=Value(1)),
            When(outcome=Case.Outcome.MISSED, then=Value(0)),
            output_field=models.SmallIntegerField(),
        )
        series = Value(1, output_field=models.SmallIntegerField())
        return (
            in_figures.annotate(answer=answer, series=series)
            .values_list("measure_id", "unit_id", "series", "day", "answer")
            .annotate(many=Count("pk"))
        )

    def buckets(self) -> Iterator[tuple[int, int, date]]:
        """Every (measure, unit, day) that holds a case, countable or not."""
        cases = Case.objects.order_by().values_list("measure_id", "unit_id", "day").distinct()
        yield from cases.iterator(chunk_size=5000)

    def feeding(self) -> Any:
        return Case.objects.countable().values("measure")

    def first_and_last(self, measure_id: int) -> tuple[date | None, date | None]:
        """The first and the last day of a measure, countable or not."""
        ends = Case.objects.filter(measure=measure_id).aggregate(first=Min("day"), last=Max("day"))
        return ends["first"], ends["last"]
