"""Letters about feedback: to those who asked, each card and each period once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback import tasks
from feedback.actions import letters
from feedback.actions.inbox import mark_as_spam
from feedback.actions.themes import read_new_comments, save_theme
from feedback.models import LetterWish, Response
from feedback.tests.cards import a_place
from feedback.tests.imports import begin
from feedback.tests.test_inbox import CONTACT, a_card
from organisation.models import Import, OutgoingMail
from organisation.tests.factories import InstallationFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db


def a_reader(place: Any, now: datetime, *, alerts: bool = True, rhythm: str = "never") -> Any:
    InstallationFactory()
    manager = person_in(place.collector.unit, "manager")
    letters.choose_letters(person=manager, alerts=alerts, rhythm=rhythm, at=now - timedelta(days=30))
    return manager


def test_a_low_rating_is_told_once_without_personal_data(now: datetime) -> None:
    place = a_place()
    manager = a_reader(place, now)
    card = a_card(place, now, "Nobody helped. Ann Miller, 020 7946 0123", visit=1, contact=CONTACT)
    a_card(place, now, "Fine", visit=4)
    assert letters.write_alerts(at=now) == 1
    assert letters.write_alerts(at=now + timedelta(minutes=1)) == 0
    letter = OutgoingMail.objects.get()
    assert letter.to == manager.email
    assert card.reference in letter.body
    for secret in ("Miller", "7946", "Fine", card.receipt_code):
        assert secret not in letter.body


def test_nobody_is_told_of_spam_of_other_units_or_of_old_cards(now: datetime) -> None:
    place = a_place()
    a_reader(place, now)
    mark_as_spam(a_card(place, now, visit=1), by=UserFactory(), at=now)
    a_card(a_place(), now, visit=1)
    a_card(place, now - timedelta(days=5), visit=1)
    assert letters.write_alerts(at=now) == 0


def test_a_file_of_an_earlier_survey_is_no_news(now: datetime, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    place = a_place()
    a_reader(place, now, rhythm="daily")
    card = a_card(place, now - timedelta(days=1), "I waited", visit=1)
    import_ = begin("id\n1\n")
    Import.objects.filter(pk=import_.pk).update(state=Import.State.DONE)
    Response.objects.filter(pk=card.pk).update(batch=import_)
    assert Response.objects.countable().count() == 1
    assert letters.write_alerts(at=now) == 0
    assert letters.write_digests(at=now) == 0


def test_who_did_not_ask_gets_no_letter(now: datetime) -> None:
    place = a_place()
    a_reader(place, now, alerts=False)
    a_card(place, now, visit=1)
    assert letters.write_alerts(at=now) == 0
    assert letters.write_digests(at=now) == 0


@pytest.mark.parametrize(("rhythm", "came"), [("daily", 1), ("weekly", 4)])
def test_the_summary_of_a_period_is_written_once(now: datetime, rhythm: str, came: int) -> None:
    place = a_place()
    a_reader(place, now, alerts=False, rhythm=rhythm)
    a_card(place, now - timedelta(days=came), "I waited", visit=1)
    a_card(place, now, "today", visit=5)
    save_theme(None, name="Waiting", lines={"en": "wait*"}, by=None, at=now)
    read_new_comments()
    assert letters.write_digests(at=now) == 1
    assert letters.write_digests(at=now + timedelta(hours=1)) == 0
    letter = OutgoingMail.objects.get()
    assert "1 response." in letter.body
    assert "not satisfied: 1" in letter.body
    assert "Waiting: 1" in letter.body


def test_a_period_without_a_card_makes_no_letter(now: datetime) -> None:
    a_reader(a_place(), now, rhythm="daily")
    assert letters.write_digests(at=now) == 0
    assert not OutgoingMail.objects.exists()


def test_one_letter_that_cannot_be_written_stops_no_other(now: datetime, monkeypatch: Any) -> None:
    place = a_place()
    first, second = a_reader(place, now), person_in(place.collector.unit, "manager")
    letters.choose_letters(person=second, alerts=True, rhythm="never", at=now - timedelta(days=1))
    a_card(place, now, visit=1)
    queue = letters.queue_mail

    def broken_for_the_first(*, to: str, **more: Any) -> Any:
        if to == first.email:
            raise RuntimeError
        return queue(to=to, **more)

    monkeypatch.setattr(letters, "queue_mail", broken_for_the_first)
    assert letters.write_alerts(at=now) == 1
    monkeypatch.undo()
    assert letters.write_alerts(at=now) == 1


def test_a_week_is_counted_from_monday_to_sunday() -> None:
    wednesday = datetime(2026, 11, 18, tzinfo=UTC).date()
    assert letters.period_of(LetterWish.Rhythm.WEEKLY, wednesday).code == "2026-W46"
    assert letters.period_of(LetterWish.Rhythm.DAILY, wednesday).code == "2026-11-17"


def test_alerts_that_break_off_stop_no_summary(monkeypatch: Any) -> None:
    told: list[str] = []

    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(letters, "write_alerts", broken)
    monkeypatch.setattr(letters, "write_digests", lambda: told.append("summaries"))
    tasks.write_letters()
    assert told == ["summaries"]
