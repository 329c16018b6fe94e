"""The Celery application. The broker carries hints only: every piece of work owed is a row."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("charterwell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
