"""What the scoreboard says on pages of other rooms."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from charter.actions import to_publish
from charter.fixed import measures_of
from charter.models import Charter, Measure
from organisation.jobs import Report
from organisation.models import Job, User
from scoreboard import actions
from scoreboard.board import fed
from scoreboard.models import Signal, TallyCheck, TallyDifference
from scoreboard.signal_words import sentence_of

MOST_DIFFERENCES = 20
SIGNALS_SHOWN = 3


def measures_without_source(charter: Charter) -> dict[str, Any] | None:
    """Before an edition is published: those of its measures that nothing feeds yet."""
    content = to_publish(charter, charter.local_day(timezone.now()))
    unfed = (
        Measure.objects.filter(key__in=[measure["key"] for measure in measures_of(content)])
        .exclude(fed())
        .select_related("standard")
        .prefetch_related("standard__texts")
    )
    measures = list(unfed)
    return {"measures": measures} if measures else None


def compare(job: Job, report: Report) -> None:
    """The job of the nightly comparison."""
    actions.compare_tallies(report)


def comparison_for_administrators(user: Any) -> dict[str, Any] | None:
    """On the page of background work: the last comparison of tallies and answers, and what differed."""
    if not user.is_administrator:
        return None
    last = TallyCheck.objects.first()
    found = TallyDifference.objects.select_related("measure", "unit")
    since = timezone.now() - timedelta(days=30)
    return {"last": last, "differences": list(found.filter(found_at__gte=since)[:MOST_DIFFERENCES])}


def signals_due(user: User, at: datetime) -> dict[str, Any] | None:
    """On My work: the new signals about standards that the person owns."""
    found = Signal.objects.of_owner(user).filter(state=Signal.State.OPEN)
    count = found.count()
    if not count:
        return None
    shown = list(found.with_words()[:SIGNALS_SHOWN])
    return {
        "signals": [(signal, sentence_of(signal)) for signal in shown],
        "more": count - len(shown),
    }
