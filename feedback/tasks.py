"""Celery's shells around actions."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import shared_task
from django.utils import timezone

from feedback.actions import bounces, erase, files, forget_invited, invitations, letters, retention, themes

logger = logging.getLogger(__name__)


def _each(*actions: Callable[[], Any]) -> None:
    """One after the other; one that fails is told and stops none of the others."""
    for action in actions:
        try:
            action()
        except Exception as error:  # without its words: databases quote the row that they refused
            logger.error("%r broke off: %s", action, type(error).__name__)


@shared_task(ignore_result=True)
def forget_expired_contacts() -> None:
    _each(
        partial(erase.forget_expired_contacts, on=timezone.now().date()),
        retention.erase_expired_words,
        files.forget_old_files,
    )


@shared_task(ignore_result=True)
def send_invitations() -> None:
    _each(bounces.settle_letters, invitations.send_due_letters)


@shared_task(ignore_result=True)
def forget_invited_addresses() -> None:
    forget_invited.forget_addresses()


@shared_task(ignore_result=True)
def read_new_comments() -> None:
    themes.read_new_comments()


@shared_task(ignore_result=True)
def write_letters() -> None:
    letters.write_alerts()
    letters.write_digests()
