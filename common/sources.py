"""Where the figures of a measure come from: rooms register sources, the scoreboard reads them.

A source that holds single answers is tallied by day. A source that holds totals already (a recorded
result of a quarter) is pooled as it stands, because a copy could only go stale.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from common.period import Period, add_months

Bucket = tuple[int, int, date]
"""Measure, unit and local day."""

Answers = dict[int, dict[int | None, int]]
"""Series → value (None for no answer) → how many."""

PAIRS_AT_ONCE = 50


@dataclass
class Counts:
    """What stands behind a figure.

    `n` answers (or cases in scope), their `total` and sum of `squares`, how many were `high` (in the
    top boxes, promoters, met) and `low` (detractors), `na` without an answer, and the answers by
    `values`. Of a rate `high` is the numerator and `n` the exposure; of a count `high` is the number,
    `n` says how many results it was added up from, and `months` (their first days) which months were
    counted: a source of counts has to say them, because the goal of a count is that of one month.
    """

    n: int = 0
    total: float = 0
    squares: float = 0
    high: int = 0
    low: int = 0
    na: int = 0
    values: dict[int, int] = field(default_factory=dict)
    months: frozenset[date] = frozenset()

    def add(self, other: "Counts") -> None:
        self.n += other.n
        self.total += other.total
        self.squares += other.squares
        self.high += other.high
        self.low += other.low
        self.na += other.na
        self.months |= other.months
        for value, count in other.values.items():
            self.values[value] = self.values.get(value, 0) + count


class AnswerSource(Protocol):
    """Single answers, read some buckets at a time by the recompute job."""

    def values_of(self, measure_id: int, unit_id: int, day: date) -> Answers:
        """Countable answers of one bucket."""
        bucket = (measure_id, unit_id, day)
        return self.values_in([bucket]).get(bucket, {})

    def values_in(self, buckets: Sequence[Bucket]) -> dict[Bucket, Answers]:
        """Countable answers of those buckets that hold any: a query for fifty pairs of measure and unit."""
        found: dict[Bucket, Answers] = {}
        for wanted in where_in(buckets):
            for measure, unit, series, day, answer, many in self.cells().filter(wanted):
                found.setdefault((measure, unit, day), {}).setdefault(series, {})[answer] = many
        return found

    def buckets(self) -> Iterable[tuple[int, int, date]]:
        """Every (measure, unit, day) that holds an answer, for a rebuild from raw."""

    def feeding(self) -> Any:
        """Primary keys of the measures that something feeds (values or a subquery); None: all of them."""
        return None

    def cells(self) -> QuerySet[Any, Any]:
        """Countable answers of everything, unevaluated, for the database to count.

        Rows of (measure_id, unit_id, series, day, answer, many); `answer` is null for no answer. A
        filter on measure, unit or day may still be put on it.
        """

    def first_and_last(self, measure_id: int) -> tuple[date | None, date | None]:
        """The first and the last day of a measure's answers; None for both where it has none."""


def where_in(buckets: Iterable[Bucket], on: str = "day") -> Iterator[Q]:
    """Conditions for rows of these buckets, a part of them each: a database refuses conditions of any length.
    The days of a measure and unit stand in one condition, which is put together quickly."""
    days: dict[tuple[int, int], list[date]] = {}
    for measure, unit, day in buckets:
        days.setdefault((measure, unit), []).append(day)
    pairs = list(days.items())
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        wanted = Q()
        for (measure, unit), those in pairs[start : start + PAIRS_AT_ONCE]:
            wanted |= Q(("measure", measure), ("unit", unit), (f"{on}__in", those))
        yield wanted


class TotalsSource(Protocol):
    """Totals already: pooled over the spans that lie wholly inside `[start, end)`.

    `methods` are those that its totals can prove.
    """

    methods: tuple[str, ...] = ("share_met", "count", "rate")

    def pooled(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[int, dict[int, Counts]]:
        """Measure → series → counts."""

    def pooled_by_month(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[date, dict[int, dict[int, Counts]]]:
        """First day of each whole month inside `[start, end)` → measure → series → counts.

        This one asks month by month; a source that can answer in one query does so instead.
        """
        measures, units = list(measure_ids), list(unit_ids)
        return {
            month: self.pooled(measures, units, month, add_months(month, 1))
            for month in Period(start, end).month_starts()
        }

    def pooled_by_unit(
        self, measure_ids: Iterable[int], unit_ids: Iterable[int], start: date, end: date
    ) -> dict[int, dict[int, dict[int, Counts]]]:
        """Unit → measure → series → counts.

        This one asks unit by unit; a source that can answer in one query does so instead.
        """
        measures = list(measure_ids)
        return {unit: self.pooled(measures, [unit], start, end) for unit in unit_ids}

    def feeding(self) -> Any:
        """Primary keys of the measures that something feeds (values or a subquery); None: all of them."""
        return None


_answer_sources: dict[str, AnswerSource] = {}
_totals_sources: dict[str, TotalsSource] = {}
_labels: dict[str, Any] = {}


def register_answers(kind: str, label: Any, source: AnswerSource) -> None:
    _answer_sources[kind] = source
    _labels[kind] = label


def register_totals(kind: str, label: Any, source: TotalsSource) -> None:
    _totals_sources[kind] = source
    _labels[kind] = label


def answer_sources() -> dict[str, AnswerSource]:
    return dict(_answer_sources)


def totals_sources() -> dict[str, TotalsSource]:
    return dict(_totals_sources)


def every_source() -> dict[str, AnswerSource | TotalsSource]:
    return {**_answer_sources, **_totals_sources}


def choices() -> list[tuple[str, Any]]:
    return sorted(_labels.items())


def unregister(kind: str) -> None:
    """Take a source away again; for tests that bring their own."""
    for registered in (_answer_sources, _totals_sources, _labels):
        registered.pop(kind, None)
