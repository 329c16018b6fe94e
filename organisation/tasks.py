"""One-line shells around actions. Attempts, leases and due times are rows, never the broker's."""

from celery import shared_task

from organisation.actions import files, jobs, mail, ticks


@shared_task(ignore_result=True)
def send_outgoing_mail() -> None:
    mail.send_due_mail()


@shared_task(ignore_result=True)
def run_long_jobs() -> None:
    jobs.run_due_jobs()


@shared_task(ignore_result=True)
def mark_beat() -> None:
    ticks.mark_beat()


@shared_task(ignore_result=True)
def tidy_up() -> None:
    if ticks.tidy_up():
        files.delete_forgotten_files()
