"""Recorded results as a source of figures."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum

from charter.models import Measure, RecordedResult
from common.period import add_months
from common.sources import Counts, TotalsSource


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
        for row in _sums(measure_ids, unit_ids, start, end, "start", "end"):
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
        .values("measure_id", "series", "method", *by)
        .annotate(sum_met=Sum("met"), cases=Sum("total"), departed=Sum("departures"), results=Count("pk"))
        .order_by("measure_id", "series")
    )


def _counts(row: dict[str, Any]) -> Counts:
    """Of a share: met of the cases. Of a rate: the numerator of the exposure. Of a count: the number,
    out of so many results."""
    n = row["results"] if row["method"] == Measure.Method.COUNT else row["cases"]
    return Counts(n=n - row["departed"], high=row["sum_met"], na=row["departed"])
