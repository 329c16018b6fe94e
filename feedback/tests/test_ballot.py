"""Many people behind one address or before one screen, and one program that pretends to be many."""

import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.actions.inbox import restore_response
from feedback.actions.kiosk import add_device, receive_kiosk_card
from feedback.actions.receive import receive_response
from feedback.models import Response
from feedback.spam import FormTraces, new_stamp
from feedback.tests.cards import a_place, envelope, fields
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
ONE_ADDRESS = "the-hash-of-one-address"


def hand_in(place: SimpleNamespace, number: int, *, at: datetime, after: float, stamp: str = "") -> None:
    """A card from the one address, handed out `after` seconds before it came back."""
    given = stamp or new_stamp(place.collector, at=at - timedelta(seconds=after))
    receive_response(
        collector=place.collector,
        envelope=envelope(place, {"visit": number % 5 + 1}),
        source_hash=ONE_ADDRESS,
        traces=FormTraces(stamp=given),
        at=at,
    )


def a_screen(place: SimpleNamespace, at: datetime) -> tuple[Any, str]:
    """A device of the kiosk, and the address of its cards."""
    by: Any = person_in(place.collector.unit, "manager")
    device, secret = add_device(
        collector=place.collector, fields={"name": "Tablet", "exit_code": "2468"}, by=by, at=at
    )
    return device, f"/kiosk/{secret}/cards/"


def all_are_found_and_some_restored(sent: int, reason: str, at: datetime) -> None:
    """At least nine in ten are uncounted, none is lost, and whoever looks brings them back."""
    found = Response.objects.filter(is_spam=True)
    assert Response.objects.count() == sent
    assert found.count() >= sent * 9 // 10 - 4
    assert all(reason in each for each in found.values_list("spam_reason", flat=True))
    counted = sent - found.count()
    assert Response.objects.countable().count() == counted
    manager: Any = person_in(Response.objects.all()[0].unit, "manager")
    for each in found[:3]:
        restore_response(each, by=manager, at=at)
    assert Response.objects.countable().count() == counted + 3


@pytest.mark.parametrize("kind", ["place", "embed"])
def test_of_three_hundred_people_behind_one_address_all_but_three_count_at_least(
    now: datetime, kind: str
) -> None:
    """A few of them tap in less than two seconds, all within four minutes. A poster leads to the link."""
    place = a_place(kind=kind)
    for number in range(300):
        hand_in(place, number, at=now + timedelta(seconds=number * 0.8), after=1.5 if number % 60 == 0 else 9)
    assert Response.objects.count() == 300
    assert Response.objects.countable().count() >= 297


def test_three_hundred_cards_of_one_screen_that_was_offline_count_when_they_come_at_once(
    now: datetime,
) -> None:
    """One every six seconds, as fast as people can; each sent twice, for the first answer got lost."""
    place = a_place(kind="kiosk")
    device, _address = a_screen(place, now)
    for number in range(300):
        answered = now - timedelta(seconds=6 * (300 - number))
        card = envelope(
            place, {"visit": number % 5 + 1}, answered_at=answered.isoformat(), sent_at=now.isoformat()
        )
        for _twice in range(2):
            receive_kiosk_card(device=device, envelope=card, at=now)
    assert Response.objects.count() == 300
    assert Response.objects.countable().count() >= 297


@pytest.mark.parametrize("kind", ["place", "embed"])
@pytest.mark.parametrize(("after", "stamp"), [(0.2, ""), (9, "forged")])
def test_a_program_that_stuffs_the_ballot_is_found_uncounted_and_can_be_restored(
    now: datetime, after: float, stamp: str, kind: str
) -> None:
    place = a_place(kind=kind)
    for number in range(80):
        hand_in(place, number, at=now + timedelta(seconds=number), after=after, stamp=stamp)
    all_are_found_and_some_restored(80, "insistent", now)


@pytest.mark.parametrize("door", ["", "embed/"])
def test_a_program_that_sends_one_honest_form_again_and_again_is_found(
    client: Client, now: datetime, monkeypatch: Any, door: str
) -> None:
    InstallationFactory()
    place = a_place(kind="embed" if door else "place")
    monkeypatch.setattr(timezone, "now", lambda: now)
    form = fields(client.get(f"{place.url}{door}").content)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=2))
    for _turn in range(40):
        sent = client.post(f"{place.url}{door}", {**form, "uid": str(uuid.uuid4()), "q-visit": "1"})
        assert sent.status_code == 303
    all_are_found_and_some_restored(40, "reused", now)


def test_a_form_that_is_sent_until_it_is_stored_is_honest(now: datetime) -> None:
    place = a_place()
    stamp = new_stamp(place.collector, at=now - timedelta(minutes=1))
    card = envelope(place)
    for _turn in range(6):
        receive_response(
            collector=place.collector, envelope=card, traces=FormTraces(stamp=stamp), source_hash="x", at=now
        )
    Response.objects.get().answers.all().delete()
    Response.objects.all().delete()
    received = receive_response(
        collector=place.collector, envelope=card, traces=FormTraces(stamp=stamp), source_hash="x", at=now
    )
    assert received.response.is_countable


@pytest.mark.parametrize("kind", ["place", "embed"])
def test_a_program_that_stuffs_a_link_by_the_api_is_found(
    client: Client, now: datetime, monkeypatch: Any, kind: str
) -> None:
    place = a_place(kind=kind)
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _turn in range(80):
        card = {"uid": str(uuid.uuid4()), "answers": {"visit": 1}}
        assert client.post(place.api, card, content_type="application/json").status_code == 201
    all_are_found_and_some_restored(80, "program", now)


def test_a_program_that_has_a_collector_of_its_own_sends_as_many_as_it_has(
    client: Client, now: datetime, monkeypatch: Any
) -> None:
    place = a_place(kind="api")
    monkeypatch.setattr(timezone, "now", lambda: now)
    for _turn in range(30):
        card = {"uid": str(uuid.uuid4()), "answers": {"visit": 4}}
        client.post(place.api, card, content_type="application/json")
    assert Response.objects.countable().count() == 30


def test_a_program_that_stuffs_a_kiosk_by_its_link_is_found(
    client: Client, now: datetime, monkeypatch: Any
) -> None:
    InstallationFactory()
    place = a_place(kind="kiosk")
    monkeypatch.setattr(timezone, "now", lambda: now)
    _device, address = a_screen(place, now)
    for turn in range(200):
        answered = (now + timedelta(milliseconds=turn)).isoformat()
        card = {"uid": str(uuid.uuid4()), "q-visit": "1", "version": "1", "answered_at": answered}
        assert client.post(address, {**card, "sent_at": answered}).status_code == 201
    all_are_found_and_some_restored(200, "crowded", now)
