"""A kind of long work that the worker of the services test knows (`celery worker -I`)."""

from typing import Any

from organisation.jobs import register_job

KIND = "services test"


def count_to_three(job: Any, report: Any) -> None:
    for done in (1, 2, 3):
        report(done, 3)


register_job(KIND, count_to_three, "Services test")
