"""What people decide about a signal."""

import pytest
from django.core.exceptions import ValidationError

from organisation.tests.factories import person_in
from scoreboard.actions.signals import (
    AlreadyDecided,
    dismiss_signal,
    mark_seen,
    reopen_signal,
    scan_signals,
)
from scoreboard.models import Signal
from scoreboard.tests.signals.given import AT, USUAL, months, one, signal_of

pytestmark = pytest.mark.django_db


def test_dismissed_it_stays_dismissed_whatever_is_scanned(measure, branch):
    months(measure, branch, [*USUAL, (10, 40)])
    scan_signals(at=AT)
    dismiss_signal(one("point"), reason="The counter was closed.", by=person_in(branch, "manager"))
    scan_signals(at=AT)
    assert [each.state for each in Signal.objects.all()] == ["dismissed"]


def test_the_second_of_two_dismissals_is_refused_and_leaves_no_trace(measure, branch):
    signal, by = signal_of(measure, branch), person_in(branch, "manager")
    dismiss_signal(signal, reason="Closed", by=by)
    with pytest.raises(AlreadyDecided):
        dismiss_signal(signal, reason="Closed too", by=by)
    assert [event.note for event in signal.events.all()] == ["Closed"]


def test_a_reason_that_no_database_can_keep_is_refused(measure, branch):
    with pytest.raises(ValidationError):
        dismiss_signal(signal_of(measure, branch), reason="a\x00b", by=person_in(branch, "manager"))


def test_a_dismissal_can_be_taken_back(measure, branch):
    signal, by = signal_of(measure, branch), person_in(branch, "manager")
    mark_seen(signal, by=by)
    dismiss_signal(signal, reason="Closed", by=by)
    reopen_signal(signal, by=by)
    assert Signal.objects.get().state == "open"
    assert [event.what for event in signal.events.all()] == ["seen", "dismissed", "reopened"]
