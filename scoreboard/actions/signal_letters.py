"""The letter about signals: to who owns the standard, else to the managers of the unit; each signal once."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from organisation.actions.mail import queue_mail
from organisation.actions.ticks import claim_period, is_claimed
from organisation.models import Installation, Membership, Tree, User
from scoreboard.models import LetterChoice, Signal, SignalNotice
from scoreboard.signal_words import sentence_of

logger = logging.getLogger(__name__)

LETTERS = "signal letters"
TOLD_WITHIN = timedelta(days=60)
MOST_IN_A_LETTER = 30
Rhythm = LetterChoice.Rhythm


@dataclass(frozen=True)
class Letter:
    """A person's letter in the person's language: what it tells, and how it is written."""

    person: User
    signals: list[Signal]
    subject: str
    body: str


def write_signal_letters(*, at: datetime | None = None) -> int:
    """The letters that are owed: daily ones once a day, weekly ones once a week. How many were written."""
    at = at or timezone.now()
    periods = {Rhythm.DAILY: f"{at:%Y-%m-%d}", Rhythm.WEEKLY: f"{at:%G-W%V}"}
    return sum(_write(rhythm, period, at) for rhythm, period in periods.items())


def _write(rhythm: str, period: str, at: datetime) -> int:
    """The letters are worded before anything is locked, so that no card has to wait for them."""
    if is_claimed(job=LETTERS, scope=rhythm, period=period):
        return 0
    chosen = dict(LetterChoice.objects.values_list("person_id", "rhythm"))
    wanted = {
        person: signals
        for person, signals in owed(at).items()
        if chosen.get(person.pk, Rhythm.WEEKLY) == rhythm
    }
    worded = [letter for person, signals in wanted.items() if (letter := _worded(person, signals, at))]
    with transaction.atomic():
        if not claim_period(job=LETTERS, scope=rhythm, period=period, at=at):
            return 0
        for letter in worded:
            _send(letter, at)
    return len(worded)


def rhythm_of(person: User) -> str:
    """The person's choice; every week where none was made."""
    choice = LetterChoice.objects.filter(person=person).first()
    return choice.rhythm if choice else Rhythm.WEEKLY


def owed(at: datetime) -> dict[User, list[Signal]]:
    """Person → the new signals that no letter has told the person yet, oldest first."""
    signals = list(Signal.objects.filter(state=Signal.State.OPEN).with_words().order_by("found_at", "pk"))
    told = set(SignalNotice.objects.filter(signal__in=signals).values_list("signal_id", "person_id"))
    found: dict[User, list[Signal]] = {}
    for signal, persons in concerned(signals, at):
        for person in persons:
            if (signal.pk, person.pk) not in told:
                found.setdefault(person, []).append(signal)
    return found


def concerned(signals: Iterable[Signal], at: datetime) -> Iterable[tuple[Signal, list[User]]]:
    """Each signal with whom it concerns: the standard's owner, else the nearest managers. Two queries."""
    roles = Membership.objects.filter(user__is_active=True).exclude(role=Membership.Role.STAFF)
    managers: dict[int, list[User]] = {}
    for membership in roles.select_related("user"):
        managers.setdefault(membership.unit_id, []).append(membership.user)
    tree = Tree.on(at.date())
    for signal in signals:
        path = reversed(tree.path(signal.unit_id))
        nearest = next((managers[unit] for unit in path if unit in managers), [])
        yield signal, [signal.owner] if signal.owner else nearest


def _worded(person: User, signals: list[Signal], at: datetime) -> Letter | None:
    """What was found lately, the first of it; how much more there is, old things included, is counted.

    None where nothing of it is new enough for a letter, or none of it can be said.
    """
    installation = Installation.current()
    language = person.language or (installation.language if installation else settings.LANGUAGE_CODE)
    with translation.override(language):
        said = ((signal, _said(signal)) for signal in signals if signal.found_at > at - TOLD_WITHIN)
        lines = list(islice(((signal, words) for signal, words in said if words), MOST_IN_A_LETTER))
        if not lines:
            return None
        subject = ngettext(
            "%(count)d thing to look at on the scoreboard",
            "%(count)d things to look at on the scoreboard",
            len(signals),
        ) % {"count": len(signals)}
        more = len(signals) - len(lines)
        context = {"person": person, "lines": lines, "more": more, "address": settings.BASE_URL}
        body = render_to_string("scoreboard/letters/signals.txt", context)
    return Letter(person, [signal for signal, _words in lines], subject, body)


def _said(signal: Signal) -> str:
    """The sentence; nothing where it cannot be said, so that one bad signal keeps back no letter."""
    try:
        return sentence_of(signal)
    except Exception:
        logger.exception("signal %s cannot be said", signal.reference)
        return ""


def _send(letter: Letter, at: datetime) -> None:
    notices = [SignalNotice(signal=signal, person=letter.person, at=at) for signal in letter.signals]
    SignalNotice.objects.bulk_create(notices, ignore_conflicts=True)
    queue_mail(to=letter.person.email, subject=letter.subject, body=letter.body, at=at)


@transaction.atomic
def choose_rhythm(*, person: User, rhythm: str) -> LetterChoice:
    """How often the person wants the letter."""
    choice, _created = LetterChoice.objects.update_or_create(person=person, defaults={"rhythm": rhythm})
    return choice
