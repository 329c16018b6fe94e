"""What employees answered, as the scoreboard may count it: in whole blocks (decisions 59 and 73)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from charter.models import Measure
from common.period import Period
from common.sources import Counts, answer_sources
from feedback.measured import MeasuredBlock, measured_blocks, of_employees
from scoreboard.counting import count_answers


@dataclass(frozen=True)
class Counted:
    """A block and what it counts in the figure of its measure."""

    block: MeasuredBlock
    counts: Counts

    def lies_in(self, units: frozenset[int], start: date, end: date) -> bool:
        return self.block.lies_in(units, start, end)


def answered_by_employees(measures: Sequence[Measure]) -> list[Measure]:
    """Those of the measures that are shown in blocks. At most one query."""
    fed = answer_sources()
    answered = [measure for measure in measures if measure.source in fed]
    keys = of_employees([measure.pk for measure in answered]) if answered else set()
    return [measure for measure in answered if measure.pk in keys]


def counted_blocks(measures: Sequence[Measure], start: date, end: date) -> list[Counted]:
    """The blocks of the years that `[start, end)` touches; nothing is read without a measure."""
    if not measures or start >= end:
        return []
    by_key: Mapping[int, Measure] = {measure.pk: measure for measure in measures}
    found = measured_blocks(by_key, Period(start, end), timezone.localdate())
    return [Counted(block, count_answers(by_key[block.measure], block.answers)) for block in found]


def inside(
    blocks: Sequence[Counted], stays: Sequence[tuple[frozenset[int], date, date]]
) -> Iterator[Counted]:
    """Those that lie wholly in one of the stays (units, first day, day after the last one)."""
    for each in blocks:
        if any(each.lies_in(*stay) for stay in stays):
            yield each
