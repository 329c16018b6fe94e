"""From the answers of a bucket to the columns of a tally."""

from collections.abc import Iterable, Mapping
from typing import Any

from charter.models import Measure
from common.sources import Counts

COLUMNS = ("n", "total", "squares", "high", "low", "na", "values")
DETRACTORS_UP_TO = 6


def count_answers(measure: Measure, answers: Mapping[int | None, int]) -> Counts:
    """Counts of value → how many (None: no answer). `high` and `low` are by the measure's method."""
    counts = Counts(na=answers.get(None, 0))
    is_nps = measure.method == Measure.Method.NPS
    for value, number in answers.items():
        if value is None:
            continue
        counts.n += number
        counts.total += number * value
        counts.squares += number * value * value
        counts.high += number if value >= measure.top_from else 0
        counts.low += number if is_nps and value <= DETRACTORS_UP_TO else 0
        counts.values[value] = number
    return counts


def columns(counts: Counts) -> dict[str, Any]:
    """The tally's columns; the answers by value in ascending order, so that equal counts are equal rows."""
    values = {str(value): counts.values[value] for value in sorted(counts.values)}
    return {name: getattr(counts, name) for name in COLUMNS[:-1]} | {"values": values}


def counts_of(tallies: Iterable[Any]) -> Counts:
    """The sum of tallies of one series."""
    found = Counts()
    for tally in tallies:
        values = {int(value): number for value, number in tally.values.items()}
        found.add(Counts(**{name: getattr(tally, name) for name in COLUMNS[:-1]}, values=values))
    return found
