"""One-line shells around actions."""

from celery import shared_task

from scoreboard import actions
from scoreboard.actions.opendata import publish_open_data_daily


@shared_task(ignore_result=True)
def recompute_stale_results() -> None:
    actions.recompute_stale_results()


@shared_task(ignore_result=True)
def ask_for_nightly_comparison() -> None:
    actions.ask_for_nightly_comparison()


@shared_task(ignore_result=True)
def publish_open_data() -> None:
    publish_open_data_daily()
