"""The letter about signals: who gets it, and each signal once."""

from datetime import date, timedelta

import pytest
from django.db import connection

from organisation.models import OutgoingMail
from organisation.tests.factories import UnitFactory, person_in
from scoreboard.actions import signal_letters
from scoreboard.actions.signal_letters import choose_rhythm, write_signal_letters
from scoreboard.actions.signals import mark_seen
from scoreboard.signal_words import sentence_of
from scoreboard.tests.signals.given import AT, MONDAY, signal_of

pytestmark = pytest.mark.django_db


def letters():
    return [(mail.to, mail.body) for mail in OutgoingMail.objects.order_by("pk")]


def test_the_letter_goes_to_who_owns_the_standard(measure, branch):
    owner = person_in(branch, "staff", email="owner@example.org")
    person_in(branch, "manager", email="manager@example.org")
    measure.standard.owner = owner
    measure.standard.save()
    signal = signal_of(measure, branch)
    write_signal_letters(at=AT)
    [(to, body)] = letters()
    assert to == "owner@example.org"
    assert "2 answers in October 2026" in body
    assert signal.get_absolute_url() in body


def test_without_an_owner_the_letter_goes_to_the_nearest_managers(measure, branch, root):
    person_in(root, "manager", email="top@example.org")
    signal_of(measure, branch)
    write_signal_letters(at=AT)
    assert [to for to, _body in letters()] == ["top@example.org"]


def test_each_signal_stands_in_one_letter_only(measure, branch):
    person_in(branch, "manager")
    signal_of(measure, branch)
    assert [write_signal_letters(at=AT), write_signal_letters(at=AT)] == [1, 0]
    assert write_signal_letters(at=MONDAY) == 0
    signal_of(measure, branch, period=date(2026, 9, 1), found_at=MONDAY)
    assert write_signal_letters(at=MONDAY + timedelta(days=7)) == 1
    assert "1 thing to look at" in OutgoingMail.objects.latest("pk").subject


def test_who_wants_it_daily_gets_it_daily_and_who_wants_none_gets_none(measure, branch):
    daily, never = (person_in(branch, "manager", email=f"{name}@example.org") for name in ("daily", "never"))
    choose_rhythm(person=daily, rhythm="daily")
    choose_rhythm(person=never, rhythm="never")
    write_signal_letters(at=AT)
    signal_of(measure, branch)
    write_signal_letters(at=AT + timedelta(days=1))
    assert [to for to, _body in letters()] == ["daily@example.org"]


def test_a_weekly_letter_waits_for_monday(measure, branch):
    person_in(branch, "manager")
    write_signal_letters(at=AT)
    signal_of(measure, branch)
    assert write_signal_letters(at=AT + timedelta(days=1)) == 0
    assert write_signal_letters(at=MONDAY) == 1


def test_what_has_been_decided_is_not_told_any_more(measure, branch):
    manager = person_in(branch, "manager")
    mark_seen(signal_of(measure, branch), by=manager)
    assert write_signal_letters(at=AT) == 0


def test_one_bad_signal_keeps_its_letter_back_and_no_other(measure, branch, root, monkeypatch):
    person_in(branch, "manager", email="branch@example.org")
    hill = UnitFactory(name="Hill branch", parent=root)
    person_in(hill, "manager", email="hill@example.org")
    bad = signal_of(measure, branch)
    signal_of(measure, hill)
    monkeypatch.setattr(signal_letters, "sentence_of", _that_fails_for(bad))
    assert write_signal_letters(at=AT) == 1
    assert [to for to, _body in letters()] == ["hill@example.org"]
    monkeypatch.undo()
    assert write_signal_letters(at=AT + timedelta(days=7)) == 1
    assert letters()[-1][0] == "branch@example.org"


def _that_fails_for(bad):
    def sentence(signal):
        if signal == bad:
            raise ValueError("no such fact")
        return sentence_of(signal)

    return sentence


def test_the_letters_are_reckoned_before_anything_is_locked(measure, branch, monkeypatch):
    person_in(branch, "manager")
    signal_of(measure, branch)
    around = len(connection.savepoint_ids)
    depths = []

    def sentence(signal):
        depths.append(len(connection.savepoint_ids))
        return sentence_of(signal)

    monkeypatch.setattr(signal_letters, "sentence_of", sentence)
    assert write_signal_letters(at=AT) == 1
    assert depths == [around]


def test_signals_beyond_the_length_of_a_letter_are_counted_in_it_and_told_in_the_next(measure, branch):
    person_in(branch, "manager")
    for number in range(32):
        signal_of(measure, branch, period=date(2024 + number // 12, 1 + number % 12, 1))
    write_signal_letters(at=AT)
    [(_to, body)] = letters()
    assert body.count("/signals/") == 30 + 2
    assert "32 things to look at" in OutgoingMail.objects.get().subject
    assert "2 more that no letter has told you yet wait on" in body
    write_signal_letters(at=AT + timedelta(days=7))
    assert "2 things to look at" in OutgoingMail.objects.latest("pk").subject


def test_signals_that_have_grown_too_old_for_a_letter_are_counted_in_it(measure, branch):
    person_in(branch, "manager")
    signal_of(measure, branch, found_at=AT - timedelta(days=61))
    assert write_signal_letters(at=AT) == 0
    signal_of(measure, branch, period=date(2026, 9, 1))
    write_signal_letters(at=AT + timedelta(days=7))
    [(_to, body)] = letters()
    assert "1 more that no letter has told you yet waits" in body
