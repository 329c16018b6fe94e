"""Remind the managers of a charter of its next review."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from charter.letters import write_letter
from charter.models import Charter
from charter.scope import managers_of
from organisation.actions.ticks import claim_period

AHEAD = timedelta(days=30)
JOB = "charter review reminder"


def remind_of_reviews(*, at: datetime | None = None) -> int:
    """Letters 30 days before the next review and on the day, each once; returns how many charters.

    Where the job did not run on the day itself the letter goes out with the next run.
    """
    at = at or timezone.now()
    waiting = Charter.objects.filter(next_review_on__isnull=False, next_review_on__lte=at.date() + AHEAD * 2)
    return sum(_remind(charter, at) for charter in waiting.select_related("unit"))


@transaction.atomic
def _remind(charter: Charter, at: datetime) -> bool:
    day, today = charter.next_review_on, charter.local_day(at)
    if day is None or today < day - AHEAD or today > day + AHEAD:
        return False
    step = "day" if today >= day else "ahead"
    if not claim_period(job=JOB, scope=str(charter.pk), period=f"{day.isoformat()} {step}", at=at):
        return False
    _write(charter, day, today, at)
    return True


def _write(charter: Charter, day: date, today: date, at: datetime) -> None:
    context = {
        "charter": charter,
        "day": day,
        "is_ahead": today < day,
        "link": reverse("charter:edit", args=[charter.unit.slug]),
    }
    for manager in managers_of(charter.unit, today):
        write_letter(manager, "next_review", context, at=at)
