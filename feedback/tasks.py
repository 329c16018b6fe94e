"""Celery's shells around actions."""

from celery import shared_task
from django.utils import timezone

from feedback.actions import erase, invitations, letters, retention, themes


@shared_task(ignore_result=True)
def forget_expired_contacts() -> None:
    erase.forget_expired_contacts(on=timezone.now().date())
    retention.erase_expired_words()


@shared_task(ignore_result=True)
def send_invitations() -> None:
    invitations.settle_letters()
    invitations.send_due_letters()


@shared_task(ignore_result=True)
def forget_invited_addresses() -> None:
    invitations.forget_addresses()


@shared_task(ignore_result=True)
def read_new_comments() -> None:
    themes.read_new_comments()


@shared_task(ignore_result=True)
def write_letters() -> None:
    letters.write_alerts()
    letters.write_digests()
