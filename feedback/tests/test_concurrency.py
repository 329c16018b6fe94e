"""Many at once: needs a database with many writers."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from feedback.actions.anonymous import make_anonymous
from feedback.actions.invitations import (
    AlreadyAnswered,
    answer_invitation,
    invite,
    send_due_letters,
    start_round,
)
from feedback.actions.receive import EnvelopeAltered, receive_response
from feedback.envelope import Envelope, from_json
from feedback.models import Answer, InvitationRound, Person, Response
from feedback.tests.cards import a_place, asked_at, envelope
from organisation.models import OutgoingMail
from organisation.tests.factories import person_in

CARDS = 10_000
CLIENTS = 32

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]


def test_ten_senders_of_one_envelope_make_one_response(now: datetime) -> None:
    assert connection.vendor == "postgresql"
    place = a_place()
    sent = envelope(place)
    found: list[Any] = []
    start = threading.Barrier(10)

    def send() -> None:
        try:
            start.wait()
            found.append(receive_response(collector=place.collector, envelope=sent, at=now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _turn in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({received.response.pk for received in found}) == 1
    assert sorted(received.is_replay for received in found) == [False] + [True] * 9
    assert (Response.objects.count(), Answer.objects.count()) == (1, 2)


def test_ten_thousand_cards_sent_up_to_twenty_times_are_ten_thousand_responses(now: datetime) -> None:
    """32 clients, in no order; each card between 1 and 20 times, the last time of some with other answers."""
    assert connection.vendor == "postgresql"
    chance = random.Random(20)
    place = a_place()
    asked = asked_at(place)
    cards = [envelope(place, {"visit": number % 5 + 1}) for number in range(CARDS)]
    repeats = [min(20, 1 + int(chance.expovariate(1))) for _card in cards]
    sends = [card for card, many in zip(cards, repeats, strict=True) for _turn in range(many)]
    forged = [from_json({"uid": card.uid, "answers": {"next": 0}}, asked) for card in cards[:100]]
    chance.shuffle(sends)
    told: Counter[str] = Counter()
    lock = threading.Lock()

    def send(mine: list[Envelope]) -> None:
        found: Counter[str] = Counter()
        try:
            for each in mine:
                try:
                    received = receive_response(collector=place.collector, envelope=each, at=now)
                    found["again" if received.is_replay else "first"] += 1
                except EnvelopeAltered:
                    found["altered"] += 1
        finally:
            connections.close_all()
        with lock:
            told.update(found)

    for batch in (sends, forged):
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(send, [batch[number::CLIENTS] for number in range(CLIENTS)]))
    assert told == {"first": CARDS, "again": len(sends) - CARDS, "altered": len(forged)}
    assert Response.objects.countable().count() == CARDS
    assert Answer.objects.filter(question=place.visit).count() == CARDS
    assert Answer.objects.filter(question=place.next).count() == 0


def test_two_cards_of_one_invitation_at_once_store_one(now: datetime) -> None:
    assert connection.vendor == "postgresql"
    place = a_place(kind="mail")
    about: Any = InvitationRound.objects.create(
        collector=place.collector, name="Autumn", created_by=person_in(place.collector.unit, "manager")
    )
    invite(about, people=[{"email": "ann@example.org"}])
    found = about.invitations.select_related("round").get()
    start = threading.Barrier(8)

    def send(card: Envelope) -> str:
        try:
            start.wait()
            answer_invitation(invitation=found, collector=place.collector, envelope=card, at=now)
        except AlreadyAnswered:
            return "late"
        finally:
            connections.close_all()
        return "first"

    with ThreadPoolExecutor(8) as clients:
        told = Counter(clients.map(send, [envelope(place) for _turn in range(8)]))
    assert told == {"first": 1, "late": 7}
    assert Response.objects.count() == 1


def test_two_workers_write_each_letter_once_and_keep_the_rest_of_ninety_days(now: datetime) -> None:
    assert connection.vendor == "postgresql"
    place = a_place(kind="mail")
    manager = person_in(place.collector.unit, "manager")
    people = [{"email": f"person{number}@example.org"} for number in range(20)]
    rounds: list[Any] = []
    for name in ("One", "Two"):
        about: Any = InvitationRound.objects.create(collector=place.collector, name=name, created_by=manager)
        about.texts.create(language="en", subject="How?", message="Say.")
        invite(about, people=people)
        start_round(about, by=manager, at=now)
        rounds.append(about)
    start = threading.Barrier(4)

    def work(minute: int) -> int:
        try:
            start.wait()
            return send_due_letters(at=now + timedelta(minutes=minute))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as workers:
        owed = sum(workers.map(work, range(4)))
    assert owed == 20
    assert OutgoingMail.objects.values("to").distinct().count() == OutgoingMail.objects.count() == 20


def test_no_answer_slips_through_while_a_round_becomes_anonymous(now: datetime) -> None:
    place = a_place(kind="mail")
    manager = person_in(place.collector.unit, "manager")
    about: Any = InvitationRound.objects.create(collector=place.collector, name="Autumn", created_by=manager)
    invite(about, people=[{"email": f"person{number}@example.org"} for number in range(60)], at=now)
    found = list(about.invitations.select_related("round__collector__unit"))
    contact = {"contact": {"name": "Ann Miller", "email": "ann@example.org"}}
    asked_at(place)

    def send(invitation: Any) -> None:
        try:
            sent = envelope(place, {"visit": 4}, **contact)
            answer_invitation(
                invitation=invitation, collector=place.collector, envelope=sent, at=datetime.now(UTC)
            )
            if invitation == found[20]:
                make_anonymous(about, by=manager)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as many:
        list(many.map(send, found))
    assert Response.objects.count() == 60
    assert not Person.objects.exists()
    assert not about.invitations.filter(response__isnull=False).exists()
    assert {response.received_at.time() for response in Response.objects.all()} == {time()}
