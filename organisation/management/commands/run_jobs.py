"""The embedded job process: what Celery's workers and beat do in production."""

import logging
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from organisation.schedule import Scheduler

logger = logging.getLogger(__name__)

LONGEST_NAP_SECONDS = 0.25
RESTART_AFTER_SECONDS = 5.0
LONG_WORK_MAY_FINISH_SECONDS = 60


class Command(BaseCommand):
    help = "Runs the schedule in this process, and long jobs in a second one. Publishes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run everything that is due once, then end")
        parser.add_argument("--long", action="store_true", help="only the long jobs (the second process)")

    def handle(self, *args: Any, **options: Any) -> None:
        self.check(tags=[Tags.database], databases=["default"])
        if options["once"]:
            Scheduler().run_due()
            return
        scheduler = Scheduler(wanted=lambda entry: entry.is_long == options["long"])
        signal.signal(signal.SIGTERM, scheduler.stop)
        signal.signal(signal.SIGINT, scheduler.stop)
        if options["long"]:
            _loop(scheduler, OrphanWatch())
        else:
            long_work = SecondProcess()
            try:
                _loop(scheduler, long_work)
            finally:
                long_work.end()


class OrphanWatch:
    """Ends the second process when the first one is gone, however it went."""

    def __init__(self) -> None:
        self.parent = os.getppid()

    def look(self, scheduler: Scheduler) -> None:
        if os.getppid() != self.parent:
            scheduler.stop()


class SecondProcess:
    """The process of the long jobs; started again when it dies."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.started = float("-inf")

    def look(self, scheduler: Scheduler) -> None:
        if self.process and self.process.poll() is not None:
            logger.error("the process of the long jobs ended with %s", self.process.returncode)
            self.process = None
        if self.process is None and time.monotonic() - self.started > RESTART_AFTER_SECONDS:
            self.started = time.monotonic()
            command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "run_jobs", "--long"]
            self.process = subprocess.Popen(command)  # noqa: S603  (our own command)

    def end(self) -> None:
        """Let the job under way finish, for a while; a job broken off is taken over by its lease."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=LONG_WORK_MAY_FINISH_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _loop(scheduler: Scheduler, companion: OrphanWatch | SecondProcess) -> None:
    """Sleeps in short naps, so that a signal is heeded at once.

    A database connection that broke is dropped before each round, so that the next one is sound.
    """
    while not scheduler.stopping:
        companion.look(scheduler)
        close_old_connections()
        until = time.monotonic() + scheduler.run_due()
        while not scheduler.stopping and (rest := until - time.monotonic()) > 0:
            time.sleep(min(rest, LONGEST_NAP_SECONDS))
