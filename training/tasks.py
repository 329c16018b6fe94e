"""Celery's shells around actions. Each may run at any time: rows say what is owed."""

from celery import shared_task

from training.actions import assign, attempts, know, know_people, new_versions, reminders, rules, uploads


@shared_task(ignore_result=True)
def close_attempts() -> None:
    attempts.close_attempts_over_limit()


@shared_task(ignore_result=True)
def apply_rules() -> None:
    rules.apply_rules()


@shared_task(ignore_result=True)
def look_after_cycles() -> None:
    assign.end_waivers()
    assign.open_refreshers()
    new_versions.ask_for_renewals()


@shared_task(ignore_result=True)
def forget_uploads() -> None:
    uploads.forget_uploads()


@shared_task(ignore_result=True)
def write_letters() -> None:
    reminders.remind_learners()
    reminders.write_digests()


@shared_task(ignore_result=True)
def prepare_charters() -> None:
    know.prepare_editions()


@shared_task(ignore_result=True)
def ask_to_know_charters() -> None:
    know_people.ask_to_know_charters()
