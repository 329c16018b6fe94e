"""What runs by itself, and how often. Celery beat and `manage.py run_jobs` both read this.

The schedule only ticks: which work is due is decided by rows in the database, so a tick too many or
too few does no harm.
"""

from datetime import timedelta

CELERY_BEAT_SCHEDULE = {
    "recompute stale results": {
        "task": "scoreboard.tasks.recompute_stale_results",
        "schedule": timedelta(seconds=1),
    },
    "send outgoing mail": {
        "task": "organisation.tasks.send_outgoing_mail",
        "schedule": timedelta(seconds=15),
    },
    "run long jobs": {
        "task": "organisation.tasks.run_long_jobs",
        "schedule": timedelta(seconds=2),
    },
}
