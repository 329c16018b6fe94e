"""Letters of the charter room, in the language of whoever gets them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from organisation.actions.mail import queue_mail
from organisation.models import Installation, User


def write_letter(to: User, name: str, context: dict[str, Any], *, at: datetime) -> None:
    """Owe the person the letter `charter/letters/<name>.txt`, whose first line is the subject.

    `link` in the context is a path and is completed to a full address.
    """
    installation = Installation.current()
    known = context | {"to": to, "link": settings.BASE_URL + context.get("link", "")}
    with translation.override(to.language or (installation.language if installation else None)):
        subject, _newline, body = (
            render_to_string(f"charter/letters/{name}.txt", known).strip().partition("\n")
        )
    queue_mail(to=to.email, subject=subject, body=body.strip() + "\n", at=at)
