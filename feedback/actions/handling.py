"""What colleagues do with a response among themselves: take in hand, note, pass praise on, many at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.text import clean_text, search_form
from feedback.actions import inbox
from feedback.models import PassedOn, Question, Response, ResponseEvent
from organisation.actions.mail import queue_mail
from organisation.models import Installation, Tree, Unit, User

MOST_OF_A_NOTE = 2000
MOST_AT_ONCE = 200


class NotYours(Exception):
    """Not every response asked for is one that the person may handle: nothing was done."""


class NotAColleague(Exception):
    """The person does not work where the card came from."""


class AlreadyPassedOn(Exception):
    """The colleague has this praise already."""


def colleagues_of(unit: Unit, on: Any) -> Any:
    """Who may be given a card of the unit: those who work in it, and the managers above it."""
    above = Tree.on(on).path(unit.pk)[:-1]
    here = Q(memberships__unit=unit)
    managers = Q(memberships__unit__in=above) & ~Q(memberships__role="staff")
    return User.objects.filter(here | managers, is_active=True).distinct().order_by("name", "pk")


def praised_in(response: Response, people: Iterable[User]) -> str | None:
    """The reference of the one colleague whom the customer named as helper; None where it may be several."""
    named = [answer.text for answer in response.answers.all() if answer.question.kind == Question.Kind.HELPER]
    words = {word for text in named for word in search_form(text).split()}
    meant = [person for person in people if words & set(search_form(person.name).split())]
    return meant[0].reference if len(meant) == 1 else None


@transaction.atomic
def assign_response(response: Response, *, to: User | None, by: User, at: datetime | None = None) -> None:
    """Give the card into somebody's hands, or (None) take it out of everybody's.

    Raises NotAColleague for who does not work there, AlreadyDone where it is so already.
    """
    at = at or timezone.now()
    if to is not None and not colleagues_of(response.unit, at.date()).filter(pk=to.pk).exists():
        raise NotAColleague(to.reference)
    standing = Response.objects.filter(pk=response.pk, deleted_at__isnull=True)
    other = Q(assigned_to__isnull=False) if to is None else ~Q(assigned_to=to) | Q(assigned_to__isnull=True)
    if not standing.filter(other).update(assigned_to=to):
        raise inbox.AlreadyDone(response.reference)
    note = str(to) if to else _("nobody")
    ResponseEvent.objects.create(response=response, what=ResponseEvent.What.ASSIGNED, by=by, at=at, note=note)


@transaction.atomic
def note_on_response(response: Response, *, text: str, by: User, at: datetime | None = None) -> None:
    """Write down something for colleagues; the customer never sees it.

    Raises AlreadyDone for a card that is erased, ValidationError for text that cannot be kept.
    """
    text = clean_text(text, max_length=MOST_OF_A_NOTE)
    if not Response.objects.filter(pk=response.pk, erased_at__isnull=True).exists():
        raise inbox.AlreadyDone(response.reference)
    ResponseEvent.objects.create(
        response=response, what=ResponseEvent.What.NOTED, by=by, at=at or timezone.now(), note=text
    )


@transaction.atomic
def pass_praise_on(
    response: Response, *, to: User, words: str = "", by: User, at: datetime | None = None
) -> PassedOn:
    """Hand a card to the colleague whom it praises, with a letter that leads to it; once each.

    Raises NotAColleague, AlreadyPassedOn, and ValidationError for text that cannot be kept.
    """
    at = at or timezone.now()
    words = clean_text(words, max_length=500)
    if not colleagues_of(response.unit, at.date()).filter(pk=to.pk).exists():
        raise NotAColleague(to.reference)
    try:
        with transaction.atomic():
            passed = PassedOn.objects.create(response=response, person=to, by=by, at=at, words=words)
    except IntegrityError:
        raise AlreadyPassedOn(response.reference) from None
    ResponseEvent.objects.create(
        response=response, what=ResponseEvent.What.PASSED_ON, by=by, at=at, note=str(to)
    )
    _write_to(to, by, at)
    return passed


def language_of(person: User) -> str:
    """The language in which a person gets letters."""
    installation = Installation.current()
    return person.language or (installation.language if installation else settings.LANGUAGE_CODE)


def _write_to(person: User, by: User, at: datetime) -> None:
    """Only the way there: what was written, and what the colleague adds, stays where it can be erased."""
    address = settings.BASE_URL + reverse("feedback:praise_list")
    with override(language_of(person)):
        subject = _("A customer praised you")
        lines = [
            _("%(name)s has passed on to you what a customer wrote.") % {"name": by},
            _("Read it here: %(address)s") % {"address": address},
        ]
    queue_mail(to=person.email, subject=subject, body="\n\n".join(lines) + "\n", at=at)


@dataclass(frozen=True)
class Outcome:
    """How many responses were changed, how many were so already, and the references of those changed."""

    done: int
    unchanged: int
    changed: tuple[str, ...] = field(default=(), compare=False)


CHANGES: dict[str, Callable[..., None]] = {
    "spam": inbox.mark_as_spam,
    "restore": inbox.restore_response,
    "delete": inbox.delete_response,
    "undelete": inbox.undelete_response,
    "assign": assign_response,
}

UNDOES = {"spam": "restore", "restore": "spam", "delete": "undelete", "undelete": "delete"}
"""A change → the one that takes it back."""


@transaction.atomic
def handle_many(
    references: Iterable[str],
    *,
    change: str,
    by: User,
    to: User | None = None,
    at: datetime | None = None,
) -> Outcome:
    """One of `CHANGES` on many responses: on all of them, or on none.

    Raises NotYours where one is not among those that the person may handle, NotAColleague where `to`
    does not work where one of them came from.
    """
    wanted = set(references)
    found = list(_in_scope(wanted, by))
    if not wanted or len(found) != len(wanted) or len(wanted) > MOST_AT_ONCE:
        raise NotYours
    more = {"to": to} if change == "assign" else {}
    changed = []
    for response in found:
        try:
            CHANGES[change](response=response, by=by, at=at, **more)
            changed.append(response.reference)
        except inbox.AlreadyDone:
            continue
    return Outcome(len(changed), len(found) - len(changed), tuple(changed))


def _in_scope(references: set[str], by: User) -> Iterable[Response]:
    """Those that the person may handle, deleted ones too; each once, in a fixed order."""
    may = Response.objects.visible_to(by) | Response.objects.deleted_for(by)
    rows = may.filter(reference__in=references).select_related("unit").order_by("pk")
    return [row for row in rows if by.has_perm("feedback.handle", row)]
