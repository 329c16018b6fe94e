"""What the schedule remembers: last runs, and periods whose work has been taken on."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from organisation.models import FormDraft, Tick

LAST = "last"
SCHEDULE = "schedule"
BEAT = "beat"
KEPT = timedelta(days=400)


def claim_period(*, job: str, period: str, scope: str = "", at: datetime | None = None) -> bool:
    """True for the first who asks for this job, scope and period (“2026-11-18”), else False.

    Call it in the transaction that does the period's work: both happen, or neither.
    """
    _row, created = Tick.objects.get_or_create(
        job=job, scope=scope, period=period, defaults={"at": at or timezone.now()}
    )
    return created


def is_claimed(*, job: str, period: str, scope: str = "") -> bool:
    """Whether the period's work has been taken on, to be asked before any of it is begun."""
    return Tick.objects.filter(job=job, scope=scope, period=period).exists()


def claimed_periods(*, job: str, scope: str = "") -> set[str]:
    """The periods whose work has been taken on in the last `KEPT` days."""
    return set(
        Tick.objects.filter(job=job, scope=scope).exclude(period=LAST).values_list("period", flat=True)
    )


def remember(*, job: str, scope: str, at: datetime) -> None:
    """Keep when something ran last, in one row."""
    Tick.objects.update_or_create(job=job, scope=scope, period=LAST, defaults={"at": at})


def last_runs(scope: str) -> dict[str, datetime]:
    return dict(Tick.objects.filter(scope=scope, period=LAST).values_list("job", "at"))


def mark_beat(*, at: datetime | None = None) -> None:
    """Leave the mark by which `/readyz` knows that schedule, broker and worker are alive."""
    remember(job=BEAT, scope="", at=at or timezone.now())


@transaction.atomic
def tidy_up(*, at: datetime | None = None) -> bool:
    """Once a day: forget old ticks, expired sessions, and words that nobody came back to.

    Returns False where it was done already.
    """
    at = at or timezone.now()
    if not claim_period(job="tidy up", period=f"{at:%Y-%m-%d}", at=at):
        return False
    Tick.objects.filter(at__lt=at - KEPT).exclude(period=LAST).delete()
    Session.objects.filter(expire_date__lt=at).delete()
    FormDraft.objects.forgotten(at).delete()
    return True
