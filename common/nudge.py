"""A hint to the workers that there is something to do now. Work owed is a row; a hint may get lost."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

EXPIRES_SECONDS = 60


def nudge(task: str) -> None:
    """After the commit, ask a worker to run the task (by its full name) soon.

    Publishes once, without retries, and only where there is a broker; a broker that refuses is logged
    and never reaches the visitor. The embedded set-up publishes nothing: its scheduler looks every
    second anyway.
    """
    if settings.REDIS_URL:
        transaction.on_commit(lambda: _publish(task), robust=True)


def _publish(task: str) -> None:
    try:
        current_app.send_task(task, retry=False, ignore_result=True, expires=EXPIRES_SECONDS)
    except OperationalError as refused:
        logger.warning("nudge for %s not delivered: %s", task, type(refused).__name__)
