"""Keeping no longer than was said: the rule of a questionnaire, what would go, and the job that erases it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from feedback.actions.erase import erase_response
from feedback.actions.forget_invited import over_by
from feedback.models import Person, Questionnaire, Response, ResponseEvent
from feedback.models.retention import INVITED_DAYS, Retention
from organisation.models import User

logger = logging.getLogger(__name__)

MOST_A_TURN = 2000
CHUNK = 500


class ChangedMeanwhile(Exception):
    """Somebody has changed the rule since the form was opened."""


@dataclass(frozen=True)
class Going:
    """What a rule would take away now: what leads from so many cards to a person, of them those with words;
    contacts, people invited; from which day on, before which."""

    cards: int
    words: int
    contacts: int
    invited: int
    first: date | None
    before: date | None


def preview(rule: Retention, *, at: datetime) -> Going:
    """What the job would erase at its next turn, were this the rule."""
    today = at.date()
    cards = _expired(rule, today)
    expired = set(cards.filter(person__isnull=False).values_list("pk", flat=True))
    over = (until < today or person.response_id in expired for person, until in _shortened(rule))
    return Going(
        cards=cards.count(),
        words=cards.exclude(search="").count(),
        contacts=sum(over),
        invited=over_by([rule.questionnaire_id], rule.invited_days, at).count(),
        first=cards.aggregate(first=Min("service_date"))["first"],
        before=rule.words_go_before(today),
    )


def _expired(rule: Retention, today: date) -> "QuerySet[Response]":
    before = rule.words_go_before(today)
    kept = Response.objects.filter(version__questionnaire=rule.questionnaire_id, erased_at__isnull=True)
    return kept.none() if before is None else kept.filter(service_date__lt=before)


def _shortened(rule: Retention) -> Iterator[tuple[Person, date]]:
    """Each contact with its last day under the rule: what was told to the customer is never made longer."""
    people = Person.objects.filter(response__version__questionnaire=rule.questionnaire_id)
    for person in people.select_related("response__collector__unit").iterator(chunk_size=CHUNK):
        response = person.response
        until = response.collector.local_day(response.received_at) + timedelta(days=rule.contact_days)
        yield person, min(person.keep_until, until)


@transaction.atomic
def set_retention(
    questionnaire: Questionnaire,
    *,
    contact_days: int,
    words_months: int | None,
    version: int,
    by: User,
    invited_days: int = INVITED_DAYS,
    at: datetime | None = None,
) -> Retention:
    """Say how long things are kept. Contacts that are kept already are shortened, never kept longer.

    Raises ChangedMeanwhile where the rule is not of that `version` any more.
    """
    at = at or timezone.now()
    fields = {
        "contact_days": contact_days,
        "words_months": words_months,
        "invited_days": invited_days,
        "version": version + 1,
        "changed_by": by,
        "changed_at": at,
    }
    same = Retention.objects.filter(questionnaire=questionnaire, version=version)
    if not same.update(**fields):
        try:
            with transaction.atomic():
                Retention.objects.create(questionnaire=questionnaire, **fields)
        except IntegrityError:
            raise ChangedMeanwhile(questionnaire.key) from None
    rule = Retention.objects.get(questionnaire=questionnaire)
    shorter = []
    for person, until in _shortened(rule):
        if until != person.keep_until:
            person.keep_until = until
            shorter.append(person)
    Person.objects.bulk_update(shorter, ["keep_until"], batch_size=CHUNK)
    return rule


def erase_expired_words(*, at: datetime | None = None, limit: int = MOST_A_TURN) -> int:
    """Erase what was written longer ago than its questionnaire allows; returns how many. Run by the schedule.

    Each response is a transaction of its own, so that a turn may be broken off anywhere; the values stay
    countable. What is left over waits for the next turn; one that cannot be erased holds no other up.
    """
    at = at or timezone.now()
    done = 0
    for rule in Retention.objects.filter(words_months__isnull=False):
        keys = _expired(rule, at.date()).order_by("pk").values_list("pk", flat=True)
        for pk in list(keys):
            if done == limit:
                return done
            done += _erased(pk, at)
    return done


def _erased(pk: int, at: datetime) -> bool:
    try:
        response = Response.objects.select_related("unit", "collector").get(pk=pk)
        erase_response(response, at=at, what=ResponseEvent.What.EXPIRED)
    except Exception as error:
        logger.error("response %d not erased: %s", pk, type(error).__name__)
        return False
    return True
