"""Answers of customers as a source of measures: read by the recompute job."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Max, Min, QuerySet, When

from common.sources import AnswerSource
from feedback.models import Answer, Question


class CustomerAnswers(AnswerSource):
    """Countable answers by measure, unit and day of service."""

    def feeding(self) -> Any:
        asked = Question.objects.filter(measure__isnull=False, version__published_at__isnull=False)
        return asked.order_by().values("measure")

    def cells(self) -> QuerySet[Any, Any]:
        """Countable answers by measure, unit, series, day and value, with how many there are."""
        fed = Answer.objects.countable().filter(measure__isnull=False).order_by()
        return (
            fed.annotate(answer=Case(When(is_na=False, then=F("value"))))
            .values_list("measure_id", "unit_id", "series", "day", "answer")
            .annotate(many=Count("pk"))
        )

    def buckets(self) -> Iterator[tuple[int, int, date]]:
        """Every (measure, unit, day) that holds an answer, countable or not."""
        fed = Answer.objects.filter(measure__isnull=False).order_by()
        yield from fed.values_list("measure_id", "unit_id", "day").distinct().iterator(chunk_size=5000)

    def first_and_last(self, measure_id: int) -> tuple[date | None, date | None]:
        """The first and the last day of a measure, countable or not."""
        ends = Answer.objects.filter(measure=measure_id).aggregate(first=Min("day"), last=Max("day"))
        return ends["first"], ends["last"]
