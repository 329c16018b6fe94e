"""What the cases behind a figure come to: how many in time, and how long they took."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from charter.models import Case

Outcome = Case.Outcome


@dataclass(frozen=True)
class CaseSummary:
    """`missed` holds the open ones that are overdue too (`overdue`). Times are by the clock on the wall."""

    met: int
    missed: int
    overdue: int
    open: int
    without_limit: int
    median: timedelta | None
    ninetieth: timedelta | None

    @property
    def in_scope(self) -> int:
        return self.met + self.missed

    @property
    def closed(self) -> int:
        """Done, with a time limit."""
        return self.in_scope - self.overdue

    @property
    def percent(self) -> float | None:
        """The share met of the cases in scope, 0 to 100."""
        return 100 * self.met / self.in_scope if self.in_scope else None

    @property
    def total(self) -> int:
        return self.in_scope + self.open + self.without_limit


def summary_of(cases: Any) -> CaseSummary:
    """Of a queryset of cases; at most four queries."""
    counted = cases.order_by().aggregate(
        met=Count("pk", filter=Q(outcome=Outcome.MET)),
        missed=Count("pk", filter=Q(outcome=Outcome.MISSED)),
        overdue=Count("pk", filter=Q(outcome=Outcome.MISSED, done_at__isnull=True)),
        open=Count("pk", filter=Q(outcome=Outcome.OPEN)),
        without_limit=Count("pk", filter=Q(outcome=Outcome.NO_TARGET)),
    )
    median, ninetieth = _times_taken(cases)
    return CaseSummary(**counted, median=median, ninetieth=ninetieth)


def _times_taken(cases: Any) -> tuple[timedelta | None, timedelta | None]:
    """The median (of an even number: the mean of the middle two) and the 90th percentile.

    The percentile is the least time within which at least nine in ten were done (nearest rank).
    """
    times = cases.filter(seconds_taken__isnull=False).order_by("seconds_taken")
    times = times.values_list("seconds_taken", flat=True)
    count = times.count()
    if not count:
        return None, None
    middle = list(times[(count - 1) // 2 : count // 2 + 1])
    rank = -(-9 * count // 10)
    return timedelta(seconds=sum(middle) / len(middle)), timedelta(seconds=times[rank - 1])
