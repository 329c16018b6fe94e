"""Names and addresses of people who were invited: kept while letters go out, and then so many days."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback.models import Invitation, InvitationRound, Questionnaire
from feedback.models.retention import INVITED_DAYS, Retention
from organisation.models import OutgoingMail

KEEP_LETTERS = timedelta(days=7)


def over_by(questionnaires: Iterable[Any], days: int, at: datetime) -> "QuerySet[Invitation]":
    """Those of the questionnaires whose time is over: their last letter left so many days ago, or their round
    was stopped, never begun, or at a place that has closed, so long ago. Whoever still waits for a letter of
    a round that runs is kept."""
    long_ago = at - timedelta(days=days)
    day = long_ago.date()
    rounds = InvitationRound.objects.filter(collector__questionnaire__in=questionnaires)
    ended = rounds.filter(
        Q(stopped_at__lt=long_ago)
        | Q(collector__archived_at__lt=long_ago)
        | Q(collector__closes_on__lt=day)
        | Q(started_at__isnull=True, created_at__lt=long_ago)
    )
    begun = rounds.filter(started_at__lt=long_ago)
    asked_last = Q(round__in=begun, due_at__isnull=True, asked_on__lt=day)
    never_asked = Q(round__in=begun, due_at__isnull=True, asked_on__isnull=True)
    letters_out = Q(mail__isnull=False) & Q(mail__created_at__gte=long_ago)
    over = Q(round__in=ended) | asked_last | never_asked
    return Invitation.objects.filter(over).exclude(letters_out).exclude(email="", name="", search="")


def forget_addresses(*, at: datetime | None = None) -> int:
    """Names and addresses whose time is over, and letters that have left: they hold links.

    Counts, states and hashes stay, and by them the way out of letters in a mailbox works for good. Returns
    how many people were forgotten.
    """
    at = at or timezone.now()
    with transaction.atomic():
        sent = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT, sent_at__lt=at - KEEP_LETTERS)
        sent.filter(pk__in=Invitation.objects.exclude(mail=None).values("mail")).delete()
    rules = Retention.objects.all()
    forgotten = 0
    for rule in rules:
        forgotten += _forget(over_by([rule.questionnaire_id], rule.invited_days, at))
    without = Questionnaire.objects.exclude(pk__in=rules.values("questionnaire"))
    return forgotten + _forget(over_by(without.values("pk"), INVITED_DAYS, at))


@transaction.atomic
def _forget(people: "QuerySet[Invitation]") -> int:
    keys = list(people.values_list("pk", flat=True))
    letters = Invitation.objects.filter(pk__in=keys).exclude(mail=None).values("mail")
    OutgoingMail.objects.filter(pk__in=letters).delete()
    return Invitation.objects.filter(pk__in=keys).update(email="", name="", search="", due_at=None)
