"""Long work as rows: asked for once, claimed by a lease, tried five times, then parked."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from common.claim import claim
from common.nudge import nudge
from organisation.jobs import Report, kind_of
from organisation.models import Job, User

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
LONGEST_TURN_SECONDS = 60
MOST_CHARACTERS_OF_AN_ERROR = 500

Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Another worker has taken the job over."""


class AlreadyUnderWay(Exception):
    """The same work is waiting or running already."""


def pause_after(attempts: int) -> timedelta:
    """1, 5, 25, 125 … minutes after the first, second, third, fourth … failure."""
    return timedelta(minutes=5 ** (attempts - 1))


def error_text(error: BaseException) -> str:
    """What an administrator reads about a failure."""
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:MOST_CHARACTERS_OF_AN_ERROR]


def enqueue_job(*, kind: str, subject: str, by: User | None, at: datetime | None = None) -> Job:
    """Ask for a piece of long work, once: returns the open job where the same is under way already.

    `subject` is the reference of what the job works on. Call it inside the transaction that makes
    the work necessary.
    """
    job = Job(kind=kind, subject=subject, created_by=by, created_at=at or timezone.now())
    job.due_at = job.created_at
    try:
        return _insert(job)
    except IntegrityError:
        is_open = Q(state__in=[Job.State.WAITING, Job.State.RUNNING])
        found = Job.objects.filter(is_open, kind=kind, subject=subject).first()
    # The open one may have been finished just before we looked: then there is room for a new one.
    return found or _insert(job)


def _insert(job: Job) -> Job:
    with transaction.atomic():
        job.save(force_insert=True)
    nudge("organisation.tasks.run_long_jobs")
    return job


def is_under_way(*, kind: str, subject: str) -> bool:
    """Whether the work waits or runs; not where it is done, or was given up and parked."""
    open_states = [Job.State.WAITING, Job.State.RUNNING]
    return Job.objects.filter(kind=kind, subject=subject, state__in=open_states).exists()


def run_due_jobs(*, at: datetime | None = None, limit: int = 100) -> int:
    """Run the jobs that are due, one after the other; returns how many were taken.

    One bad job never stops the rest. A turn takes up no new job after a minute, so that a job has
    nearly all of the task's time limit to itself.
    """

    def clock() -> datetime:
        return at or timezone.now()

    began = time.monotonic()
    taken = 0
    while taken < limit and time.monotonic() - began < LONGEST_TURN_SECONDS:
        now = clock()
        claimed = claim(
            Job.objects.due(now).order_by("due_at", "pk"),
            limit=1,
            state=Job.State.RUNNING,
            leased_until=now + LEASE,
            attempts=F("attempts") + 1,
        )
        if not claimed:
            break
        _run(claimed[0], clock)
        taken += 1
    return taken


def _run(job: Job, clock: Clock) -> None:
    """Run a claimed job. Attempts are counted when it is claimed, so that one which kills its worker
    again and again is parked as well."""
    if job.attempts > Job.MOST_ATTEMPTS:
        _park(job, "The work was broken off every time it was tried.")
        return
    try:
        kind_of(job).handler(job, _reporter(job, clock))
    except LeaseLost:
        logger.warning("job %s (%s) was taken over by another worker", job.reference, job.kind)
    except Exception as error:
        logger.exception("job %s (%s) failed, attempt %d", job.reference, job.kind, job.attempts)
        _record_failure(job, error, clock())
    else:
        _write(job, state=Job.State.DONE, leased_until=None, error="", finished_at=clock())


def _reporter(job: Job, clock: Clock) -> Report:
    def report(done: int, total: int) -> None:
        until = clock() + LEASE
        if not _write(job, done=done, total=total, leased_until=until):
            raise LeaseLost(job.reference)
        job.done, job.total, job.leased_until = done, total, until

    return report


def _record_failure(job: Job, error: Exception, at: datetime) -> None:
    if job.attempts >= Job.MOST_ATTEMPTS:
        _park(job, error_text(error))
    else:
        _write(
            job,
            state=Job.State.WAITING,
            leased_until=None,
            due_at=at + pause_after(job.attempts),
            error=error_text(error),
        )


def _park(job: Job, error: str) -> None:
    _write(job, state=Job.State.PARKED, leased_until=None, error=error)
    logger.error("job %s (%s) is parked", job.reference, job.kind)


def _write(job: Job, **changes: object) -> int:
    """Change the row only as long as it is this worker's: the lease's end is the proof."""
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, leased_until=job.leased_until)
    return mine.update(**changes)


def retry_job(job: Job, *, by: User, at: datetime | None = None) -> None:
    """Give a parked job five new attempts. Pressed twice it has one effect.

    Raises AlreadyUnderWay where the same work is waiting or running meanwhile.
    """
    at = at or timezone.now()
    parked = Job.objects.filter(pk=job.pk, state=Job.State.PARKED)
    try:
        with transaction.atomic():
            changed = parked.update(state=Job.State.WAITING, attempts=0, due_at=at, error="")
    except IntegrityError:
        raise AlreadyUnderWay(job.reference) from None
    if changed:
        logger.info("job %s (%s) is tried again by user %s", job.reference, job.kind, by.reference)
        nudge("organisation.tasks.run_long_jobs")
