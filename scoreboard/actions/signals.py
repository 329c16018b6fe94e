"""Signals: noticed once, decided by persons. Nothing is opened and nothing is changed by them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.utils import timezone

from common.text import clean_text, search_form
from organisation.actions.ticks import claim_period, is_claimed
from organisation.models import User
from scoreboard.models import Signal, SignalEvent
from scoreboard.signal_words import searchable
from scoreboard.watch import Found, found_in_figures, found_silent

SCAN = "signal scan"
What = SignalEvent.What


class AlreadyDecided(Exception):
    """Somebody else has decided on the signal meanwhile."""


def scan_signals(*, at: datetime | None = None) -> int:
    """Look everywhere and keep what is new; returns how many. Twice or by two it has one effect."""
    at = at or timezone.now()
    found = list(chain(found_in_figures(at), found_silent(at)))
    return _keep(found, at)


def scan_signals_nightly(*, at: datetime | None = None) -> int | None:
    """Once after each night; None where it was done already, or somebody else has it in hand.

    It is looked before anything is locked, so that no card has to wait for it.
    """
    at = at or timezone.now()
    night = f"{at:%Y-%m-%d}"
    if is_claimed(job=SCAN, period=night):
        return None
    found = list(chain(found_in_figures(at), found_silent(at)))
    with transaction.atomic():
        if not claim_period(job=SCAN, period=night, at=at):
            return None
        return _keep(found, at)


@transaction.atomic
def _keep(found: Iterable[Found], at: datetime) -> int:
    """The rows of what was not known yet. A goal that stays missed is not noticed again."""
    missed = set(Signal.objects.filter(kind=Signal.Kind.MISSED).values_list("measure_id", "unit_id"))
    rows = [_row(each, at) for each in found if not _goes_on(each, missed)]
    Signal.objects.bulk_create(rows, ignore_conflicts=True)
    new = list(Signal.objects.filter(reference__in=[row.reference for row in rows]))
    SignalEvent.objects.bulk_create(SignalEvent(signal=row, what=What.FOUND, at=at) for row in new)
    return len(new)


def _goes_on(found: Found, missed: Collection[tuple[int | None, int]]) -> bool:
    """Missed before, missed now, and told already."""
    return (
        found.kind == Signal.Kind.MISSED
        and found.facts["before"] == found.facts["verdict"]
        and found.measure is not None
        and (found.measure.pk, found.unit.pk) in missed
    )


def _row(found: Found, at: datetime) -> Signal:
    row = Signal(
        kind=found.kind,
        measure=found.measure,
        collector=found.collector,
        unit=found.unit,
        period=found.period,
        facts=found.facts,
        found_at=at,
    )
    row.search = search_form(searchable(row))
    return row


def mark_seen(signal: Signal, *, by: User, at: datetime | None = None) -> None:
    """Say that it has been looked at. Raises AlreadyDecided where it is not new any more."""
    _decide(signal, [Signal.State.OPEN], Signal.State.SEEN, What.SEEN, by=by, at=at)


def dismiss_signal(signal: Signal, *, reason: str, by: User, at: datetime | None = None) -> None:
    """Put it aside, with a reason; it stays dismissed, whatever is scanned later.

    Raises AlreadyDecided where somebody else has dismissed it, ValidationError for a reason that
    cannot be kept.
    """
    reason = clean_text(reason, max_length=500)
    before = [Signal.State.OPEN, Signal.State.SEEN]
    _decide(signal, before, Signal.State.DISMISSED, What.DISMISSED, reason=reason, by=by, at=at)


def reopen_signal(signal: Signal, *, by: User, at: datetime | None = None) -> None:
    """Take a dismissal back. Raises AlreadyDecided where it is not dismissed any more."""
    _decide(signal, [Signal.State.DISMISSED], Signal.State.OPEN, What.REOPENED, by=by, at=at)


@transaction.atomic
def _decide(
    signal: Signal,
    before: Sequence[str],
    after: str,
    what: str,
    *,
    by: User,
    at: datetime | None,
    reason: str = "",
) -> None:
    at = at or timezone.now()
    won = Signal.objects.filter(pk=signal.pk, state__in=before).update(
        state=after, reason=reason, decided_by=by, decided_at=at
    )
    if not won:
        raise AlreadyDecided(signal.reference)
    SignalEvent.objects.create(signal=signal, what=what, note=reason, by=by, at=at)
