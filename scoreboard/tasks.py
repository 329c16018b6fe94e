"""One-line shells around actions."""

from celery import shared_task

from scoreboard import actions


@shared_task(ignore_result=True)
def recompute_stale_results() -> None:
    actions.recompute_stale_results()


@shared_task(ignore_result=True)
def ask_for_nightly_comparison() -> None:
    actions.ask_for_nightly_comparison()
