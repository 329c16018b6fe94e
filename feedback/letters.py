"""What an invitation says, in the language of whoever gets it."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback.models import Invitation, InvitationRound
from organisation.models import Installation

ONE_CLICK = "List-Unsubscribe=One-Click"


def letter_of(invitation: Invitation, secret: str) -> dict[str, Any]:
    """Subject, body and headers of the next letter (RFC 8058: one click unsubscribes)."""
    about = invitation.round
    language = invitation.language or settings.LANGUAGE_CODE
    words: Any = about.text(language)
    link = settings.BASE_URL + reverse("feedback:invitation", args=[secret])
    stop = settings.BASE_URL + reverse("feedback:invitation_stop", args=[secret])
    with override(language):
        subject = words.subject
        if invitation.letters:
            subject = _("A reminder: %(subject)s") % {"subject": subject}
        body = "\n\n".join(_paragraphs(invitation, words.message, link, stop))
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": ONE_CLICK}
    return {"to": invitation.email, "subject": subject, "body": body + "\n", "headers": headers}


def _paragraphs(invitation: Invitation, message: str, link: str, stop: str) -> list[str]:
    installation = Installation.current()
    greeting = _("Good day %(name)s,") % {"name": invitation.name} if invitation.name else _("Good day,")
    return [
        greeting,
        message.strip(),
        _("Your personal link, for one card: %(link)s") % {"link": link},
        _secrecy(invitation.round),
        installation.name if installation else invitation.round.collector.unit.name,
        _("You do not want such letters any more? One click is enough: %(link)s") % {"link": stop},
    ]


def _secrecy(about: InvitationRound) -> str:
    if about.is_anonymous:
        return _("Your answers are anonymous: we keep whether you have answered, never what or when.")
    return _("Only those who look after this survey can see which answers are yours.")
