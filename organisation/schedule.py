"""The embedded scheduler: Celery's schedule, run in this process, with last runs as rows."""

import copy
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from celery import current_app
from celery.schedules import maybe_schedule
from django.conf import settings
from django.utils import timezone

from organisation.actions.ticks import SCHEDULE, last_runs, remember

logger = logging.getLogger(__name__)

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_SLEEP_SECONDS = 5.0

Clock = Callable[[], datetime]


class TookTooLong(Exception):
    """A task went on past the time limit that Celery would have set it."""


@dataclass
class Entry:
    """One line of the schedule."""

    name: str
    task: str
    schedule: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    last_run: datetime

    @property
    def is_long(self) -> bool:
        """Long work has a queue, and here a process, of its own: it must not hold up the scores."""
        return settings.CELERY_TASK_ROUTES.get(self.task, {}).get("queue") == "long"


class Scheduler:
    """Runs what is due. `wanted` picks the entries; the clock is passed in."""

    def __init__(
        self, *, wanted: Callable[[Entry], bool] = lambda entry: True, clock: Clock = timezone.now
    ) -> None:
        current_app.autodiscover_tasks(force=True)
        self.clock = clock
        self.stopping = False
        self.entries = [entry for entry in _read(clock) if wanted(entry)]

    def stop(self, *_signal: Any) -> None:
        """Take up nothing more; the task under way is finished."""
        self.stopping = True

    def run_due(self) -> float:
        """Run every entry that is due, once; returns the seconds until the next one."""
        waits = [LONGEST_SLEEP_SECONDS]
        for entry in self.entries:
            if self.stopping:
                return 0
            due, wait = entry.schedule.is_due(entry.last_run)
            if due:
                entry.last_run = self.clock()
                self._run(entry)
            waits.append(wait)
        return max(min(waits), 0)

    def _run(self, entry: Entry) -> None:
        try:
            remember(job=entry.name, scope=SCHEDULE, at=entry.last_run)
            with _time_limit(settings.CELERY_TASK_SOFT_TIME_LIMIT):
                current_app.tasks[entry.task].run(*entry.args, **entry.kwargs)
        except Exception:
            logger.exception("scheduled task %s failed", entry.task)


def _read(clock: Clock) -> Iterator[Entry]:
    """The entries of the schedule; one that never ran counts as due."""
    last = last_runs(SCHEDULE)
    for name, line in settings.CELERY_BEAT_SCHEDULE.items():
        schedule = copy.copy(maybe_schedule(line["schedule"], app=current_app))
        schedule.nowfun = clock
        yield Entry(
            name=name,
            task=line["task"],
            schedule=schedule,
            args=tuple(line.get("args", ())),
            kwargs=dict(line.get("kwargs", {})),
            last_run=last.get(name, NEVER),
        )


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Raise TookTooLong inside the block after so many seconds (main thread only)."""

    def give_up(*_signal: Any) -> None:
        raise TookTooLong(f"after {seconds} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
