"""Recorded results as a source of figures."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum

from charter.models import RecordedResult
from common.sources import Counts


class RecordedResults:
    """Totals already: what counts is met of total less departures; departures stand apart as `na`."""

    def pooled(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[int, dict[int, Counts]]:
        """Measure → series → counts, pooled over the spans wholly inside `[start, end)`, in one query.

        Spans that nobody tracked are left out; a measure without any span is not in the answer.
        """
        rows = (
            RecordedResult.objects.countable()
            .inside(start, end)
            .filter(measure__in=list(measure_ids), unit__in=list(unit_ids), total__isnull=False)
            .values("measure_id", "series")
            .annotate(met=Sum("met"), cases=Sum("total"), departed=Sum("departures"))
            .order_by("measure_id", "series")
        )
        found: dict[int, dict[int, Counts]] = {}
        for row in rows:
            counts = Counts(n=row["cases"] - row["departed"], high=row["met"], na=row["departed"])
            found.setdefault(row["measure_id"], {})[row["series"]] = counts
        return found
