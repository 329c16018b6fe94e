"""What the desk does with a response: answer it, set it aside, bring it back."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.text import clean_text
from feedback.actions.receive import mark_stale
from feedback.envelope import MOST_CHARACTERS
from feedback.models import Answer, Person, Response, ResponseEvent
from organisation.actions.mail import queue_mail
from organisation.models import Installation, User

MOST_AT_A_TIME = 5000


class AlreadyReplied(Exception):
    """A colleague was faster."""


class AlreadyDone(Exception):
    """The response is in that state already."""


@transaction.atomic
def reply_to_response(response: Response, *, text: str, by: User, at: datetime | None = None) -> None:
    """Answer the customer once, even if two people press the button together.

    The receipt page shows the answer; where the customer left an address, a letter is owed as well.
    Raises AlreadyReplied, for what is deleted or erased too; ValidationError for text that cannot be kept.
    """
    at = at or timezone.now()
    text = clean_text(text, max_length=MOST_CHARACTERS)
    standing = Response.objects.filter(pk=response.pk, erased_at__isnull=True, deleted_at__isnull=True)
    won = standing.unanswered().update(replied_at=at)
    if not won:
        raise AlreadyReplied(response.reference)
    ResponseEvent.objects.create(response=response, what=ResponseEvent.What.REPLIED, by=by, at=at, note=text)
    person = Person.objects.filter(response=response).exclude(email="").first()
    if person is not None:
        _owe_letter(response, person, text, at)


def _owe_letter(response: Response, person: Person, text: str, at: datetime) -> None:
    """The answer by e-mail, in the language of the card, with the address of the receipt."""
    installation = Installation.current()
    address = settings.BASE_URL + reverse("feedback:receipt", args=[response.receipt_code])
    with override(response.language):
        subject = _("Our answer to your comment (%(place)s)") % {"place": response.unit.name}
        footer = _("Your receipt, with what you told us: %(address)s") % {"address": address}
    sender = installation.name if installation else response.unit.name
    queue_mail(to=person.email, subject=subject, body=f"{text}\n\n{sender}\n\n{footer}\n", at=at)


def mark_as_spam(response: Response, *, by: User, at: datetime | None = None) -> None:
    """Take the response out of every figure; it can be restored. Raises AlreadyDone."""
    _change(
        response,
        {"is_spam": False},
        {"is_spam": True, "spam_reason": "person"},
        what=ResponseEvent.What.MARKED_SPAM,
        by=by,
        at=at,
    )


def restore_response(response: Response, *, by: User, at: datetime | None = None) -> None:
    """It was no spam after all: it counts again, for its day. Raises AlreadyDone."""
    _change(
        response,
        {"is_spam": True},
        {"is_spam": False, "spam_reason": ""},
        what=ResponseEvent.What.RESTORED,
        by=by,
        at=at,
    )


@transaction.atomic
def restore_set_aside(responses: "QuerySet[Response]", *, by: User, at: datetime | None = None) -> int:
    """Those that were suspected were no spam: they count again, each for its day. Returns how many, at most
    `MOST_AT_A_TIME`; of two people who press at once, the second restores nothing."""
    at = at or timezone.now()
    chosen = list(responses.order_by("pk").values_list("pk", flat=True)[:MOST_AT_A_TIME])
    suspected = Response.objects.filter(pk__in=chosen, is_spam=True)
    if suspected.update(is_spam=False, spam_reason="") != len(chosen):
        transaction.set_rollback(True)
        return 0
    what = ResponseEvent.What.RESTORED
    ResponseEvent.objects.bulk_create(
        [ResponseEvent(response_id=pk, what=what, by=by, at=at) for pk in chosen]
    )
    mark_stale(Answer.objects.filter(response__in=chosen, measure__isnull=False), at=at)
    return len(chosen)


def delete_response(response: Response, *, by: User, at: datetime | None = None) -> None:
    """Take the response out of every list and figure; it can be brought back. Raises AlreadyDone."""
    at = at or timezone.now()
    _change(
        response,
        {"deleted_at__isnull": True},
        {"deleted_at": at},
        what=ResponseEvent.What.DELETED,
        by=by,
        at=at,
    )


def undelete_response(response: Response, *, by: User, at: datetime | None = None) -> None:
    """Bring a deleted response back. Raises AlreadyDone."""
    _change(
        response,
        {"deleted_at__isnull": False},
        {"deleted_at": None},
        what=ResponseEvent.What.UNDELETED,
        by=by,
        at=at,
    )


@transaction.atomic
def _change(
    response: Response,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    what: ResponseEvent.What,
    by: User,
    at: datetime | None,
) -> None:
    """One guarded change of countability, with its event and its stale buckets."""
    at = at or timezone.now()
    if not Response.objects.filter(pk=response.pk, **before).update(**after):
        raise AlreadyDone(response.reference)
    ResponseEvent.objects.create(response=response, what=what, by=by, at=at)
    mark_stale(response.answers.filter(measure__isnull=False), at=at)
