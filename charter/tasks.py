"""One-line shells around actions."""

from celery import shared_task

from charter.actions import acknowledge, remind


@shared_task(ignore_result=True)
def ask_for_signatures() -> None:
    acknowledge.ask_for_signatures()


@shared_task(ignore_result=True)
def remind_missing() -> None:
    acknowledge.remind_missing()


@shared_task(ignore_result=True)
def remind_of_reviews() -> None:
    remind.remind_of_reviews()
