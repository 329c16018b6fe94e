"""A hint to the workers that there is something to do now. Work owed is a row; a hint may get lost."""

import logging
import threading
import time

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

EXPIRES_SECONDS = 60
# One hint in so many seconds from each process: each is worth a millisecond of a busy web process.
PAUSE_SECONDS = 0.1

_turn = threading.Lock()
_published: dict[str, float] = {}
_waiting: set[str] = set()


def nudge(task: str) -> None:
    """After the commit, ask a worker to run the task (by its full name) soon.

    Publishes once, without retries, and only where there is a broker; a broker that refuses is logged
    and never reaches the visitor. Where a hint went out a moment ago the next one waits for the end of
    the pause, and stands for all that were wanted meanwhile: none is sent before what it is about is
    committed. The embedded set-up publishes nothing: its scheduler looks every second anyway.
    """
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _publish_soon(task), robust=True)


def _publish_soon(task: str) -> None:
    """At once after a pause, else at its end."""
    with _turn:
        if task in _waiting:
            return
        now = time.monotonic()
        left = _published.get(task, now - PAUSE_SECONDS) + PAUSE_SECONDS - now
        if left > 0:
            _waiting.add(task)
            later = threading.Timer(left, _publish_late, [task])
            later.daemon = True
            later.start()
            return
        _published[task] = now
    _publish(task)


def _publish_late(task: str) -> None:
    with _turn:
        _waiting.discard(task)
        _published[task] = time.monotonic()
    _publish(task)


def _publish(task: str) -> None:
    try:
        current_app.send_task(task, retry=False, ignore_result=True, expires=EXPIRES_SECONDS)
    except OperationalError as refused:
        logger.warning("nudge for %s not delivered: %s", task, type(refused).__name__)
