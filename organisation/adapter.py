"""How django-allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from common.client import client_ip
from organisation.actions.mail import queue_mail


class InvitationsOnly(DefaultAccountAdapter):
    """Accounts come from invitations; nobody signs up by himself."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose guesses at a password are counted: behind our proxy all would be one client."""
        return client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter owed like every other: a mail server that is away keeps nobody waiting and loses none."""
        letter = self.render_mail(
            template_prefix, email, {"request": self.request, "email": email, **context}
        )
        queue_mail(to=email, subject=letter.subject, body=letter.body)
