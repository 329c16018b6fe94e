"""Colleagues among themselves: cards in hands, notes, praise, many at once, saved views."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from feedback.actions import handling
from feedback.actions.erase import erase_response
from feedback.actions.inbox import AlreadyDone, mark_as_spam
from feedback.actions.receive import receive_response
from feedback.models import PassedOn, Response, ResponseEvent, SavedView
from feedback.tests.cards import a_place, a_survey, envelope
from feedback.tests.test_inbox import CONTACT, a_card, page_for
from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db


def test_a_card_is_given_to_a_colleague_of_the_unit_and_shows_on_my_work(now: datetime) -> None:
    InstallationFactory()
    place = a_place()
    card, colleague = a_card(place, now, "a word"), person_in(place.collector.unit, "staff")
    handling.assign_response(card, to=colleague, by=UserFactory(), at=now)
    assert "is in your hands" in page_for(colleague, path="/my/")
    assert "a word" in page_for(colleague, "?hand=mine")
    with pytest.raises(AlreadyDone):
        handling.assign_response(card, to=colleague, by=UserFactory(), at=now)


def test_nobody_from_elsewhere_is_given_a_card(now: datetime) -> None:
    card = a_card(a_place(), now)
    with pytest.raises(handling.NotAColleague):
        handling.assign_response(card, to=person_in(UnitFactory(), "manager"), by=UserFactory(), at=now)


def test_the_manager_above_may_take_a_card_in_hand(now: datetime) -> None:
    region: Any = UnitFactory()
    card = a_card(a_place(unit=UnitFactory(parent=region)), now)
    handling.assign_response(card, to=person_in(region, "manager"), by=UserFactory(), at=now)
    with pytest.raises(handling.NotAColleague):
        handling.assign_response(card, to=person_in(region, "staff"), by=UserFactory(), at=now)


def test_a_note_is_read_by_managers_only_and_goes_with_the_card(now: datetime) -> None:
    place = a_place()
    card = a_card(place, now)
    handling.note_on_response(card, text="Rang her twice", by=UserFactory(), at=now)
    path = f"/feedback/responses/{card.reference}/"
    assert "Rang her twice" in page_for(person_in(place.collector.unit, "manager"), path=path)
    assert "Rang her twice" not in page_for(person_in(place.collector.unit, "staff"), path=path)
    erase_response(card, at=now)
    assert not ResponseEvent.objects.filter(note__contains="twice").exists()


def test_praise_is_passed_on_once_and_read_without_the_customers_data(now: datetime) -> None:
    place = a_place()
    card = a_card(place, now, "Maya was kind. Ann Miller, ann@example.org", contact=CONTACT)
    maya, manager = person_in(place.collector.unit, "staff"), person_in(place.collector.unit, "manager")
    handling.pass_praise_on(card, to=maya, words="Well done!", by=manager, at=now)
    with pytest.raises(handling.AlreadyPassedOn):
        handling.pass_praise_on(card, to=maya, by=manager, at=now)
    page = page_for(maya, path="/feedback/praise/")
    assert "Maya was kind" in page
    assert "Well done!" in page
    assert "Miller" not in page
    letter = OutgoingMail.objects.get()
    assert letter.to == maya.email
    assert "kind" not in letter.body
    erase_response(card, at=now)
    assert not PassedOn.objects.exists()


def test_many_are_changed_together_and_those_changed_already_are_counted(now: datetime) -> None:
    place = a_place()
    cards = [a_card(place, now) for _turn in range(3)]
    manager = person_in(place.collector.unit, "manager")
    mark_as_spam(cards[0], by=manager, at=now)
    references = [card.reference for card in cards]
    assert handling.handle_many(references, change="spam", by=manager, at=now) == handling.Outcome(2, 1)
    assert Response.objects.countable().count() == 0
    assert handling.handle_many(references, change="restore", by=manager, at=now).done == 3


def test_one_foreign_card_among_many_and_nothing_is_done(client: Client, now: datetime) -> None:
    place, elsewhere = a_place(), a_place()
    mine, foreign = a_card(place, now), a_card(elsewhere, now)
    client.force_login(person_in(place.collector.unit, "manager"))
    typed = {"do": "delete", "chosen": [mine.reference, foreign.reference]}
    assert client.post("/feedback/bulk/", typed).status_code == 404
    assert Response.objects.countable().count() == 2


def test_a_colleague_from_elsewhere_undoes_the_whole_assignment(now: datetime) -> None:
    root: Any = UnitFactory()
    here, there = a_place(unit=UnitFactory(parent=root)), a_place(unit=UnitFactory(parent=root))
    cards = [a_card(here, now), a_card(there, now)]
    with pytest.raises(handling.NotAColleague):
        handling.handle_many(
            [card.reference for card in cards],
            change="assign",
            to=person_in(here.collector.unit, "staff"),
            by=person_in(root, "manager"),
            at=now,
        )
    assert not Response.objects.filter(assigned_to__isnull=False).exists()


def test_nothing_chosen_comes_back_with_what_is_wrong(client: Client) -> None:
    client.force_login(person_in(a_place().collector.unit, "manager"))
    answer = client.post("/feedback/bulk/", {"do": "spam"})
    assert answer.status_code == 422
    assert "Choose at least one response" in answer.content.decode()


def test_after_many_the_list_stands_as_it_was_and_no_other_page_is_led_to(
    client: Client, now: datetime
) -> None:
    place = a_place()
    card = a_card(place, now)
    client.force_login(person_in(place.collector.unit, "manager"))
    typed = {"do": "spam", "chosen": [card.reference]}
    for back, leads in (
        ("/feedback/?rating=low", "/feedback/?rating=low"),
        ("//evil.example/", "/feedback/"),
    ):
        assert client.post("/feedback/bulk/", {**typed, "back": back})["Location"] == leads


def test_a_view_keeps_the_filters_it_knows_and_is_seen_by_those_it_is_shared_with(client: Client) -> None:
    unit = a_place().collector.unit
    manager, colleague = person_in(unit, "manager"), person_in(unit, "staff")
    client.force_login(manager)
    for name, shared in (("Poor ones", "on"), ("Just me", "")):
        answer = client.post("/feedback/views/save/?rating=low&evil=1", {"name": name, "is_shared": shared})
        assert answer["Location"] == "/feedback/?rating=low"
    seen = page_for(colleague)
    assert "Poor ones" in seen
    assert "Just me" not in seen
    assert SavedView.objects.get(name="Just me").query == "rating=low"
    again = client.post("/feedback/views/save/?rating=high", {"name": "Just me"})
    assert again.status_code == 302
    assert SavedView.objects.get(name="Just me").query == "rating=high"


def test_the_colleague_whom_the_customer_named_is_proposed(now: datetime) -> None:
    place = a_survey(("who", "helper", {}))
    unit = place.collector.unit
    people = [person_in(unit, name=name) for name in ("Maya Lind", "Jo Okafor", "Jo Reyes")]
    for said, meant in (("the kind MAYA", people[0].reference), ("Jo", None), ("nobody", None)):
        sent = envelope(place, {"who": said})
        card = receive_response(collector=place.collector, envelope=sent, at=now).response
        assert handling.praised_in(card, people) == meant


def test_what_was_done_to_many_is_undone_for_those_it_changed_and_offered_once(
    client: Client, now: datetime
) -> None:
    place = a_place()
    cards = [a_card(place, now) for _turn in range(3)]
    manager = person_in(place.collector.unit, "manager")
    mark_as_spam(cards[0], by=manager, at=now)
    client.force_login(manager)
    client.post("/feedback/bulk/", {"do": "spam", "chosen": [card.reference for card in cards]})
    shown = client.get("/feedback/")
    assert "Undo it for 2 responses" in shown.content.decode()
    undo = shown.context["undo"]
    client.post("/feedback/bulk/", {"do": undo["do"], "chosen": undo["chosen"]})
    assert set(Response.objects.countable()) == set(cards[1:])
    client.get("/feedback/")
    assert "Undo it" not in client.get("/feedback/").content.decode()


def test_giving_into_the_hands_of_somebody_offers_no_undo(client: Client, now: datetime) -> None:
    card = a_card(a_place(), now)
    client.force_login(person_in(card.unit, "manager"))
    colleague = person_in(card.unit, "staff")
    typed = {"do": "assign", "to": colleague.reference, "chosen": [card.reference]}
    assert client.post("/feedback/bulk/", typed).status_code == 302
    assert client.get("/feedback/").context["undo"] is None


@pytest.mark.parametrize(
    ("way", "data", "told"),
    [("note", {"note": "Called her back."}, "The note is kept."), ("assign", {}, "has the card in hand now")],
)
def test_what_was_done_to_a_card_is_said(
    client: Client, now: datetime, way: str, data: dict[str, str], told: str
) -> None:
    response = a_card(a_place(), now)
    colleague = person_in(response.unit, "manager", name="Ann Hill")
    client.force_login(colleague)
    data = data or {"to": colleague.reference}
    page = client.post(f"{response.get_absolute_url()}{way}/", data, follow=True).content.decode()
    assert told in page
    data = {"to": ""} if way == "assign" else data
    again = client.post(f"{response.get_absolute_url()}{way}/", data, follow=True).content.decode()
    assert ("Nobody has the card in hand now." in again) == (way == "assign")
