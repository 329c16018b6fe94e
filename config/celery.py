"""The Celery application. The broker carries hints only: every piece of work owed is a row.

    celery -A config worker -Q celery -c 2
    celery -A config worker -Q long -c 1
    celery -A config beat

Any number of workers may run, and any number of beats: what is due is claimed in the database.
"""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("charterwell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_settings_say(**kwargs: Any) -> None:
    """With a receiver Celery leaves logging alone: workers and beat write the same lines as the web."""
    logging.config.dictConfig(settings.LOGGING)
    # Three lines for every tick of every second would bury the rest; failures are above INFO.
    for chatty in ("celery.app.trace", "celery.beat", "celery.worker.strategy"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
