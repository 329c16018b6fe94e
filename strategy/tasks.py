"""Celery's shells around actions. Each may run at any time: rows say what is owed."""

from celery import shared_task

from strategy.actions import digest, find_gaps, rounds


@shared_task(ignore_result=True)
def look_for_gaps() -> None:
    find_gaps.look_for_gaps()
    find_gaps.settle_gaps_nightly()


@shared_task(ignore_result=True)
def write_letters() -> None:
    digest.write_overdue_letters()


@shared_task(ignore_result=True)
def close_rounds() -> None:
    rounds.close_due_rounds()
