"""Nothing is kept longer than was said, and a person gets what is kept."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.actions import retention
from feedback.actions.erase import erase_response
from feedback.actions.handling import note_on_response
from feedback.actions.inbox import reply_to_response
from feedback.models import Answer, Person, Response
from feedback.models.retention import retention_of
from feedback.tests.cards import a_place
from feedback.tests.test_inbox import CONTACT, a_card
from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db


def keep(place: Any, now: datetime, **rule: Any) -> Any:
    asked = {"contact_days": 180, "words_months": None, "version": 0, **rule}
    return retention.set_retention(place.collector.questionnaire, **asked, by=UserFactory(), at=now)


def test_words_go_after_their_months_and_values_stay(now: datetime) -> None:
    place, other = a_place(), a_place()
    old = a_card(place, now - timedelta(days=70), "old words", contact=CONTACT)
    new = a_card(place, now - timedelta(days=5), "new words")
    elsewhere = a_card(other, now - timedelta(days=70), "other words")
    keep(place, now, words_months=1)
    assert retention.erase_expired_words(at=now) == 1
    assert retention.erase_expired_words(at=now) == 0
    kept = set(Answer.objects.exclude(text="").values_list("text", flat=True))
    assert kept == {"new words", "other words"}
    assert not Person.objects.exists()
    assert Answer.objects.countable().filter(response=old, value=4).exists()
    assert [event.what for event in old.events.all()] == ["expired"]
    for card in (new, elsewhere):
        assert not Response.objects.get(pk=card.pk).erased_at


def test_a_turn_takes_so_many_and_the_next_takes_the_rest(now: datetime) -> None:
    place = a_place()
    for _turn in range(3):
        a_card(place, now - timedelta(days=70), "old words")
    keep(place, now, words_months=1)
    assert [retention.erase_expired_words(at=now, limit=2) for _turn in range(2)] == [2, 1]


def test_the_preview_says_what_the_job_then_takes(now: datetime) -> None:
    place = a_place()
    for days in (100, 70, 5):
        a_card(place, now - timedelta(days=days), "words", contact=CONTACT)
    rule = keep(place, now, words_months=1, contact_days=30)
    going = retention.preview(rule, today=now.date())
    assert (going.words, going.contacts, going.before) == (2, 2, date(2026, 10, 1))
    assert retention.erase_expired_words(at=now) == 2


def test_contacts_are_kept_for_the_days_of_their_questionnaire_and_never_longer_than_was_said(
    now: datetime,
) -> None:
    place = a_place()
    a_card(place, now, contact=CONTACT)
    assert Person.objects.get().keep_until == now.date() + timedelta(days=180)
    keep(place, now, contact_days=30)
    assert Person.objects.get().keep_until == now.date() + timedelta(days=30)
    keep(place, now, contact_days=90, version=1)
    assert Person.objects.get().keep_until == now.date() + timedelta(days=30)
    a_card(place, now, contact=CONTACT)
    assert Person.objects.order_by("pk").last().keep_until == now.date() + timedelta(days=90)


def test_the_second_of_two_who_change_it_is_told(now: datetime) -> None:
    place = a_place()
    keep(place, now, contact_days=30)
    for stale in (0, 5):
        with pytest.raises(retention.ChangedMeanwhile):
            keep(place, now, contact_days=60, version=stale)
    assert retention_of(place.collector.questionnaire).contact_days == 30


def test_nothing_is_saved_before_it_was_said_what_goes(client: Client) -> None:
    place, now = a_place(), timezone.now()
    a_card(place, now - timedelta(days=70), "old words")
    client.force_login(person_in(place.collector.unit, "manager"))
    address = f"/feedback/retention/of/{place.collector.questionnaire.key}/"
    typed = {"contact_days": "30", "words_months": "1", "version": "0"}
    page = client.post(address, {**typed, "do": "preview"}).content.decode()
    assert "the words of 1 response" in page
    assert retention_of(place.collector.questionnaire).pk is None
    assert client.post(address, {**typed, "do": "save"}).status_code == 302
    assert client.post(address, {**typed, "do": "save"}).status_code == 409
    wrong = client.post(address, {**typed, "contact_days": "999"})
    assert wrong.status_code == 422


def test_the_receipt_gives_a_copy_of_everything_but_notes_among_colleagues(now: datetime) -> None:
    InstallationFactory()
    place = a_place()
    card = a_card(place, now, "I am Ann Miller", contact=CONTACT)
    note_on_response(card, text="Grumpy today", by=UserFactory(), at=now)
    reply_to_response(card, text="We mended it", by=UserFactory(), at=now)
    answer = Client().get(f"/r/{card.receipt_code.lower()}/data/")
    told = json.loads(answer.content)["responses"][0]
    assert told["contact"]["email"] == "ann@example.org"
    assert told["our_answer"] == "We mended it"
    assert {"question": "Anything we should know?", "answer": "I am Ann Miller"} in told["answers"]
    assert "Grumpy" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    erase_response(card, at=now)
    assert Client().get(f"/r/{card.receipt_code}/data/").status_code == 302


def test_a_manager_finds_one_persons_cards_by_address_in_the_own_units_only(
    client: Client, now: datetime
) -> None:
    place, elsewhere = a_place(), a_place()
    for where, words in ((place, "here"), (elsewhere, "there")):
        a_card(where, now, words, contact=CONTACT)
    a_card(place, now, "of somebody else", contact={**CONTACT, "email": "bo@example.org"})
    client.force_login(person_in(place.collector.unit, "manager"))
    typed = {"email": "Ann@Example.org", "do": "file"}
    told = json.loads(client.post("/feedback/retention/person/", typed).content)["responses"]
    assert [answer["answer"] for each in told for answer in each["answers"]] == ["Good", "here"]
    assert not OutgoingMail.objects.exists()
