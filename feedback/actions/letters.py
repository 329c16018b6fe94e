"""Letters about feedback to those who asked: at once about a low rating, and summaries; each once."""

import logging
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from common.period import Period
from feedback.actions.handling import language_of
from feedback.models import Alert, LetterWish, Response, ThemeMatch
from feedback.models.response import ResponseQuerySet
from organisation.actions.mail import queue_mail
from organisation.actions.ticks import claim_period, is_claimed
from organisation.models import Installation, User

logger = logging.getLogger(__name__)

DIGEST = "feedback digest"
LOW = 25
NEWS_FOR = timedelta(days=2)
MOST_IN_A_LETTER = 20
WAITS_TOO_LONG = timedelta(days=3)
Rhythm = LetterWish.Rhythm


@transaction.atomic
def choose_letters(*, person: User, alerts: bool, rhythm: str, at: datetime | None = None) -> LetterWish:
    """What the person wants to be told; cards from before the first wish are no news."""
    wish, _created = LetterWish.objects.update_or_create(
        person=person,
        defaults={"alerts": alerts, "rhythm": rhythm},
        create_defaults={"alerts": alerts, "rhythm": rhythm, "since": at or timezone.now()},
    )
    return wish


def write_alerts(*, at: datetime | None = None) -> int:
    """Tell of cards with a low rating, each card to each person once; returns how many letters were written.

    One bad letter never stops the rest.
    """
    at = at or timezone.now()
    wishes = LetterWish.objects.filter(alerts=True, person__is_active=True).select_related("person")
    return sum(_guarded(_alert, wish, at) for wish in wishes)


def write_digests(*, at: datetime | None = None) -> int:
    """The summaries of yesterday and of last week that were not written yet; returns how many there were."""
    at = at or timezone.now()
    wishes = LetterWish.objects.filter(person__is_active=True).exclude(rhythm=Rhythm.NEVER)
    return sum(_guarded(_digest, wish, at) for wish in wishes.select_related("person"))


def _guarded(write: Any, wish: LetterWish, at: datetime) -> int:
    try:
        return int(write(wish, at))
    except Exception:
        logger.exception("letter about feedback to user %s could not be written", wish.person.reference)
        return 0


def _seen_by(person: User) -> ResponseQuerySet:
    """What counts in the units that the person manages; of staff in their own unit. A file of an earlier
    survey is no news, on whichever day it is taken in."""
    return Response.objects.visible_to(person).countable().filter(batch__isnull=True)


@transaction.atomic
def _alert(wish: LetterWish, at: datetime) -> bool:
    since = max(wish.since, at - NEWS_FOR)
    told = Alert.objects.filter(person=wish.person).values("response")
    news = _seen_by(wish.person).filter(rating__lte=LOW, received_at__gte=since).exclude(pk__in=told)
    rows = news.select_related("unit", "collector__unit").order_by("received_at", "pk")
    cards = [card for card in rows.iterator() if _may_be_told(card, at)][:MOST_IN_A_LETTER]
    if not cards:
        return False
    day = datetime.combine(at.date(), time.min, UTC)
    Alert.objects.bulk_create(Alert(response=card, person=wish.person, at=day) for card in cards)
    with override(language_of(wish.person)):
        subject = ngettext(
            "%(count)d customer is not satisfied", "%(count)d customers are not satisfied", len(cards)
        ) % {"count": len(cards)}
        body = render_to_string("feedback/letters/alert.txt", {"lines": _told(cards), "person": wish.person})
    queue_mail(to=wish.person.email, subject=subject, body=body, at=at)
    return True


def _may_be_told(card: Response, at: datetime) -> bool:
    """An anonymous card keeps no time but its day: told at once, the letter would say the minute. It is told
    when the day is over, with the others of the day."""
    keeps_its_day_only = card.received_at == datetime.combine(
        card.service_date, time.min, ZoneInfo(card.unit.timezone)
    )
    return not keeps_its_day_only or card.collector.local_day(at) > card.service_date


def _told(cards: list[Response]) -> list[dict[str, Any]]:
    """Where and when, with the way there. Never the words: a letter is read on screens that we do not know,
    and nobody can erase it there."""
    return [{"card": card, "address": settings.BASE_URL + card.get_absolute_url()} for card in cards]


def period_of(rhythm: str, today: date) -> Period:
    """Yesterday, or the last whole week from Monday to Sunday."""
    if rhythm == Rhythm.DAILY:
        return Period(today - timedelta(days=1), today)
    monday = today - timedelta(days=today.weekday())
    return Period(monday - timedelta(days=7), monday)


@transaction.atomic
def _digest(wish: LetterWish, at: datetime) -> bool:
    installation = Installation.current()
    zone = ZoneInfo(installation.root.timezone if installation else "UTC")
    period = period_of(wish.rhythm, at.astimezone(zone).date())
    scope = wish.person.reference
    if is_claimed(job=DIGEST, scope=scope, period=period.code):
        return False
    start, end = (datetime.combine(day, time.min, zone) for day in (period.start, period.end))
    if end <= wish.since or not claim_period(job=DIGEST, scope=scope, period=period.code, at=at):
        return False
    came = _seen_by(wish.person).filter(received_at__gte=start, received_at__lt=end)
    facts = came.aggregate(
        n=Count("pk"),
        comments=Count("pk", filter=Q(has_comment=True)),
        low=Count("pk", filter=Q(rating__lte=LOW)),
        high=Count("pk", filter=Q(rating__gte=75)),
    )
    if not facts["n"]:
        return False
    facts |= {"themes": _most_frequent(came), "waiting": _waiting(wish.person, at), "period": period}
    _send_digest(wish.person, facts, at)
    return True


def _most_frequent(came: "QuerySet[Response]") -> list[tuple[str, int]]:
    about = ThemeMatch.objects.filter(
        theme__archived_at__isnull=True, response__in=came.order_by().values("pk")
    )
    counted = about.values_list("theme__name").annotate(many=Count("pk")).order_by("-many", "theme__name")
    return list(counted[:5])


def _waiting(person: User, at: datetime) -> int:
    """Comments that wait for an answer for longer than three days, of the last month."""
    recent = _seen_by(person).filter(has_comment=True, received_at__gte=at - timedelta(days=31))
    return recent.unanswered().filter(received_at__lt=at - WAITS_TOO_LONG).count()


def _send_digest(person: User, facts: dict[str, Any], at: datetime) -> None:
    with override(language_of(person)):
        subject = _("What customers told us: %(period)s") % {"period": facts["period"]}
        address = settings.BASE_URL + reverse("feedback:response_list")
        context = {**facts, "person": person, "address": address}
        body = render_to_string("feedback/letters/digest.txt", context)
    queue_mail(to=person.email, subject=subject, body=body, at=at)
