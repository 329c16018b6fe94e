"""What runs by itself, and how often. Celery beat and `manage.py run_jobs` both read this.

The schedule only ticks: which work is due is decided by rows in the database, so a tick too many or
too few does no harm. A tick that no worker took in time is dropped by the broker (`expires`), so that
ticks never pile up behind long work.
"""

from datetime import timedelta
from typing import Any


def _every(task: str, **interval: int) -> dict[str, Any]:
    pause = timedelta(**interval)
    return {"task": task, "schedule": pause, "options": {"expires": max(pause.total_seconds(), 5)}}


CELERY_BEAT_SCHEDULE = {
    "recompute stale results": _every("scoreboard.tasks.recompute_stale_results", seconds=1),
    "compare tallies at night": _every("scoreboard.tasks.ask_for_nightly_comparison", hours=1),
    "run long jobs": _every("organisation.tasks.run_long_jobs", seconds=2),
    "send outgoing mail": _every("organisation.tasks.send_outgoing_mail", seconds=15),
    "mark the beat": _every("organisation.tasks.mark_beat", seconds=15),
    "ask for signatures": _every("charter.tasks.ask_for_signatures", seconds=15),
    "remind of signatures": _every("charter.tasks.remind_missing", hours=1),
    "remind of charter reviews": _every("charter.tasks.remind_of_reviews", hours=1),
    "forget expired contacts": _every("feedback.tasks.forget_expired_contacts", hours=1),
    "find themes of comments": _every("feedback.tasks.read_new_comments", seconds=15),
    "write letters about feedback": _every("feedback.tasks.write_letters", minutes=1),
    "send invitations": _every("feedback.tasks.send_invitations", seconds=15),
    "forget invited addresses": _every("feedback.tasks.forget_invited_addresses", hours=1),
    "look for signals": _every("scoreboard.tasks.watch", hours=1),
    "make due reports": _every("scoreboard.tasks.report", hours=1),
    "publish open data": _every("scoreboard.tasks.publish_open_data", hours=1),
    "look for gaps": _every("strategy.tasks.look_for_gaps", minutes=15),
    "write strategy letters": _every("strategy.tasks.write_letters", hours=1),
    "close assessments": _every("strategy.tasks.close_rounds", hours=1),
    "close attempts": _every("training.tasks.close_attempts", seconds=30),
    "apply training rules": _every("training.tasks.apply_rules", minutes=15),
    "look after training": _every("training.tasks.look_after_cycles", hours=1),
    "forget uploads of training": _every("training.tasks.forget_uploads", hours=1),
    "write training letters": _every("training.tasks.write_letters", hours=1),
    "prepare charters for training": _every("training.tasks.prepare_charters", seconds=30),
    "ask to know charters": _every("training.tasks.ask_to_know_charters", minutes=5),
    "tidy up": _every("organisation.tasks.tidy_up", hours=1),
}
