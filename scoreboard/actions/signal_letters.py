"""The letter about signals: to who owns the standard, else to the managers of the unit; each signal once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from organisation.actions.mail import queue_mail
from organisation.actions.ticks import claim_period
from organisation.models import Installation, Membership, Tree, User
from scoreboard.models import LetterChoice, Signal, SignalNotice
from scoreboard.signal_words import sentence_of

TOLD_WITHIN = timedelta(days=60)
MOST_IN_A_LETTER = 30
Rhythm = LetterChoice.Rhythm


def write_signal_letters(*, at: datetime | None = None) -> int:
    """The letters that are owed: daily ones once a day, weekly ones once a week. How many were written."""
    at = at or timezone.now()
    periods = {Rhythm.DAILY: f"{at:%Y-%m-%d}", Rhythm.WEEKLY: f"{at:%G-W%V}"}
    return sum(_write(rhythm, period, at) for rhythm, period in periods.items())


@transaction.atomic
def _write(rhythm: str, period: str, at: datetime) -> int:
    if not claim_period(job="signal letters", scope=rhythm, period=period, at=at):
        return 0
    written = 0
    chosen = dict(LetterChoice.objects.values_list("person_id", "rhythm"))
    for person, signals in owed(at).items():
        if chosen.get(person.pk, Rhythm.WEEKLY) == rhythm:
            _write_letter(person, signals[:MOST_IN_A_LETTER], at)
            written += 1
    return written


def rhythm_of(person: User) -> str:
    """The person's choice; every week where none was made."""
    choice = LetterChoice.objects.filter(person=person).first()
    return choice.rhythm if choice else Rhythm.WEEKLY


def owed(at: datetime) -> dict[User, list[Signal]]:
    """Person → the new signals that no letter has told the person yet, oldest first."""
    signals = list(
        Signal.objects.filter(state=Signal.State.OPEN, found_at__gt=at - TOLD_WITHIN)
        .with_words()
        .order_by("found_at", "pk")
    )
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


def _write_letter(person: User, signals: list[Signal], at: datetime) -> None:
    installation = Installation.current()
    language = person.language or (installation.language if installation else settings.LANGUAGE_CODE)
    with translation.override(language):
        lines = [(signal, sentence_of(signal)) for signal in signals]
        subject = ngettext(
            "%(count)d thing to look at on the scoreboard",
            "%(count)d things to look at on the scoreboard",
            len(lines),
        ) % {"count": len(lines)}
        context = {"person": person, "lines": lines, "address": settings.BASE_URL}
        body = render_to_string("scoreboard/letters/signals.txt", context)
    SignalNotice.objects.bulk_create(
        [SignalNotice(signal=signal, person=person, at=at) for signal in signals], ignore_conflicts=True
    )
    queue_mail(to=person.email, subject=subject, body=body, at=at)


@transaction.atomic
def choose_rhythm(*, person: User, rhythm: str) -> LetterChoice:
    """How often the person wants the letter."""
    choice, _created = LetterChoice.objects.update_or_create(person=person, defaults={"rhythm": rhythm})
    return choice
