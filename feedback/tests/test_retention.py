"""Nothing is kept longer than was said, and a person gets what is kept."""

import json
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback import tasks
from feedback.actions import retention
from feedback.actions.erase import erase_response
from feedback.actions.handling import note_on_response
from feedback.actions.inbox import delete_response, reply_to_response
from feedback.actions.invitations import invite
from feedback.actions.suppression import suppress
from feedback.models import Answer, InvitationRound, Person, Response, Retention
from feedback.models.retention import retention_of
from feedback.tests.cards import a_place
from feedback.tests.test_inbox import CONTACT, a_card
from organisation.models import Membership, OutgoingMail
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


def test_one_card_that_cannot_be_erased_holds_no_other_up(now: datetime, monkeypatch: Any) -> None:
    place = a_place()
    bad, good = (a_card(place, now - timedelta(days=70), "old words") for _turn in range(2))
    keep(place, now, words_months=1)

    def broken_for_the_first(response: Response, **more: Any) -> None:
        if response.pk == bad.pk:
            raise RuntimeError
        erase_response(response, **more)

    monkeypatch.setattr(retention, "erase_response", broken_for_the_first)
    assert retention.erase_expired_words(at=now, limit=1) == 1
    assert Response.objects.get(erased_at__isnull=False) == good


def test_work_that_breaks_off_stops_no_other_work_of_the_turn(monkeypatch: Any) -> None:
    done = []

    def broken(**_when: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("feedback.actions.erase.forget_expired_contacts", broken)
    monkeypatch.setattr(retention, "erase_expired_words", lambda: done.append("words"))
    tasks.forget_expired_contacts()
    assert done == ["words"]


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
    going = retention.preview(rule, at=now)
    assert (going.words, going.contacts, going.before) == (2, 2, date(2026, 10, 1))
    assert going.invited == 0
    assert retention.erase_expired_words(at=now) == 2


def test_the_preview_tells_words_and_contacts_apart_from_cards_that_have_none(now: datetime) -> None:
    """A contact goes with its card, also where the days of contacts are not over."""
    place = a_place()
    a_card(place, now - timedelta(days=70), "words", contact=CONTACT)
    a_card(place, now - timedelta(days=70))
    a_card(place, now - timedelta(days=5), "words", contact=CONTACT)
    rule = keep(place, now, words_months=1, contact_days=365)
    going = retention.preview(rule, at=now)
    assert (going.cards, going.words, going.contacts) == (2, 1, 1)
    assert retention.erase_expired_words(at=now) == 2
    assert (Person.objects.count(), Answer.objects.exclude(text="").count()) == (1, 1)


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
    typed = {"contact_days": "30", "words_months": "1", "invited_days": "90", "version": "0"}
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


def told_of(email: str, reader: Any) -> dict[str, Any]:
    client = Client()
    client.force_login(reader)
    told: dict[str, Any] = json.loads(
        client.post("/feedback/retention/person/", {"email": email, "do": "file"}).content
    )
    return told


def test_contacts_are_given_out_by_managers_of_the_unit_and_by_nobody_who_only_works_there(
    now: datetime,
) -> None:
    place, own = a_place(), a_place()
    a_card(place, now, "Told to a colleague", contact=CONTACT)
    reader = person_in(own.collector.unit, "manager")
    Membership.objects.create(user=reader, unit=place.collector.unit, role="staff", level="front")
    assert told_of("ann@example.org", reader)["responses"] == []
    assert len(told_of("ann@example.org", person_in(place.collector.unit, "manager"))["responses"]) == 1


def test_deleted_cards_and_invitations_are_part_of_what_is_kept_about_a_person(now: datetime) -> None:
    place = a_place(kind="mail")
    manager = person_in(place.collector.unit, "manager")
    delete_response(a_card(place, now, "Taken off the list", contact=CONTACT), by=manager, at=now)
    open_: Any = InvitationRound.objects.create(collector=place.collector, name="Autumn", created_by=manager)
    secret: Any = InvitationRound.objects.create(
        collector=place.collector, name="Winter", created_by=manager, is_anonymous=True
    )
    for about in (open_, secret):
        invite(about, people=[{"email": "Ann@example.org", "name": "Ann Miller"}], at=now)
        about.invitations.update(state="answered")
    suppress(email="ann@example.org", reason="unsubscribed", at=now)
    told = told_of("ann@example.org", manager)
    assert [each["deleted"] for each in told["responses"]] == [True]
    states = {each["round"]: each["state"] for each in told["invitations"]}
    assert states == {"Autumn": "Answered", "Winter": "Asked"}
    assert told["invitations"][0]["name"] == "Ann Miller"
    assert told["no_letters"] == {"since": "2026-11-18", "reason": "wants no more letters"}
    assert told_of("ann@example.org", person_in(a_place().collector.unit, "manager"))["invitations"] == []
    page = Client()
    page.force_login(manager)
    shown = page.post(
        "/feedback/retention/person/", {"email": "ann@example.org", "do": "show"}
    ).content.decode()
    assert "since 18 November 2026" in shown
    for link in re.findall(r'href="(/feedback/responses/[^"]+)"', shown):
        assert page.get(link).status_code == 200


def test_the_page_of_one_person_shows_invitations_without_any_card(client: Client, now: datetime) -> None:
    place = a_place(kind="mail")
    manager = person_in(place.collector.unit, "manager")
    about: Any = InvitationRound.objects.create(collector=place.collector, name="Autumn", created_by=manager)
    invite(about, people=[{"email": "ann@example.org"}], at=now)
    client.force_login(manager)
    address = "/feedback/retention/person/"
    page = client.post(address, {"email": "ann@example.org", "do": "show"}).content.decode()
    assert "Autumn" in page
    assert "Everything as a file" in page
    assert (
        "Nothing is kept" in client.post(address, {"email": "bo@example.org", "do": "show"}).content.decode()
    )


def test_the_preview_counts_the_people_invited_who_would_go(now: datetime) -> None:
    place = a_place(kind="mail")
    about: Any = InvitationRound.objects.create(
        collector=place.collector,
        name="Autumn",
        created_by=UserFactory(),
        created_at=now - timedelta(days=40),
    )
    invite(about, people=[{"email": "ann@example.org"}], at=now)
    for days, going in ((30, 1), (60, 0)):
        rule = Retention(questionnaire=place.collector.questionnaire, invited_days=days)
        assert retention.preview(rule, at=now).invited == going


@pytest.mark.parametrize(("role", "offered"), [("staff", False), ("manager", True)])
def test_one_persons_data_are_offered_to_those_who_may_look_them_up(
    client: Client, role: str, offered: bool
) -> None:
    client.force_login(person_in(a_place().collector.unit, role))
    page = client.get("/feedback/retention/").content.decode()
    assert ("/feedback/retention/person/" in page) == offered
