"""Celery's shells around actions."""

from celery import shared_task
from django.utils import timezone

from feedback.actions import erase


@shared_task(ignore_result=True)
def forget_expired_contacts() -> None:
    erase.forget_expired_contacts(on=timezone.now().date())
