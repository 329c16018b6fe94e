"""Keeping no longer than was said: the rule of a questionnaire, what would go, and the job that erases it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from feedback.actions.erase import erase_response
from feedback.models import Person, Questionnaire, Response, ResponseEvent
from feedback.models.retention import Retention
from organisation.models import User

MOST_A_TURN = 2000
CHUNK = 500


class ChangedMeanwhile(Exception):
    """Somebody has changed the rule since the form was opened."""


@dataclass(frozen=True)
class Going:
    """What a rule would take away now: responses with words, contacts; from which day on, before which."""

    words: int
    contacts: int
    first: date | None
    before: date | None


def preview(rule: Retention, *, today: date) -> Going:
    """What the job would erase at its next turn, were this the rule."""
    words = _expired(rule, today)
    return Going(
        words=words.count(),
        contacts=sum(1 for _person, until in _shortened(rule) if until < today),
        first=words.aggregate(first=Min("service_date"))["first"],
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
    at: datetime | None = None,
) -> Retention:
    """Say how long things are kept. Contacts that are kept already are shortened, never kept longer.

    Raises ChangedMeanwhile where the rule is not of that `version` any more.
    """
    at = at or timezone.now()
    fields = {
        "contact_days": contact_days,
        "words_months": words_months,
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
    countable. What is left over waits for the next turn.
    """
    at = at or timezone.now()
    done = 0
    for rule in Retention.objects.filter(words_months__isnull=False):
        expired = _expired(rule, at.date()).select_related("unit", "collector")
        for response in expired.order_by("pk")[: limit - done]:
            erase_response(response, at=at, what=ResponseEvent.What.EXPIRED)
            done += 1
    return done
