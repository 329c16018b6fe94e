"""One-line shells around actions."""

from celery import shared_task

from scoreboard import actions
from scoreboard.actions.opendata import publish_open_data_daily
from scoreboard.actions.reports import forget_erased_comments, make_due_reports
from scoreboard.actions.signal_letters import write_signal_letters
from scoreboard.actions.signals import scan_signals_nightly


@shared_task(ignore_result=True)
def recompute_stale_results() -> None:
    actions.recompute_stale_results()


@shared_task(ignore_result=True)
def ask_for_nightly_comparison() -> None:
    actions.ask_for_nightly_comparison()


@shared_task(ignore_result=True)
def publish_open_data() -> None:
    publish_open_data_daily()


@shared_task(ignore_result=True)
def watch() -> None:
    scan_signals_nightly()
    write_signal_letters()


@shared_task(ignore_result=True)
def report() -> None:
    forget_erased_comments()
    make_due_reports()
