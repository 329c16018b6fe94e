"""Suspicion counts hints, refuses nothing, and can be taken back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from charter.models import StaleBucket
from common.client import client_ip
from feedback.actions.inbox import AlreadyDone, mark_as_spam, restore_response
from feedback.actions.receive import receive_response
from feedback.models import Response
from feedback.source import source_hash
from feedback.spam import MOST_A_MINUTE, FormTraces, new_stamp
from feedback.tests.cards import a_place, envelope
from organisation.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LONG = "The same sentence that somebody pastes again and again"


def sent(
    place: Any, now: datetime, *, age: float = 30, trap: str = "", stamp: str | None = None, **more: Any
) -> Any:
    traces = FormTraces(
        stamp=new_stamp(place.collector, at=now - timedelta(seconds=age)) if stamp is None else stamp,
        trap=trap,
    )
    answers = more.pop("answers", None)
    return receive_response(
        collector=place.collector, envelope=envelope(place, answers), traces=traces, at=now, **more
    ).response


def test_an_ordinary_card_is_no_spam(now: datetime) -> None:
    assert not sent(a_place(), now).is_spam


def test_the_hidden_field_filled_in_is_enough(now: datetime) -> None:
    response = sent(a_place(), now, trap="http://example.org")
    assert (response.is_spam, response.spam_reason) == (True, "trap")
    assert not Response.objects.countable().exists()
    assert not StaleBucket.objects.exists()


@pytest.mark.parametrize("stamp", ["", "forged", "YWJj:1x:abc"])
def test_a_missing_or_forged_stamp_alone_refuses_nobody(now: datetime, stamp: str) -> None:
    assert not sent(a_place(), now, stamp=stamp).is_spam


def test_two_hints_make_a_suspicion(now: datetime) -> None:
    links = {"visit": 5, "comment": "http://a.example http://b.example"}
    assert sent(a_place(), now, age=1, answers=links).spam_reason == "fast,links"
    assert sent(a_place(), now, age=90_000, answers=links).spam_reason == "expired,links"
    assert sent(a_place(), now, stamp="", answers=links).spam_reason == "stamp,links"
    assert sent(a_place(), now, answers=links).spam_reason == ""


def test_a_stamp_of_another_place_is_a_hint(now: datetime) -> None:
    place = a_place()
    foreign = new_stamp(a_place().collector, at=now - timedelta(minutes=1))
    assert sent(place, now, stamp=foreign, answers={"comment": "www.a www.b"}).spam_reason == "stamp,links"


def test_the_same_long_text_from_a_fast_form_is_suspected_from_the_fourth_on(now: datetime) -> None:
    place = a_place()
    cards = [sent(place, now, age=1, answers={"comment": LONG}) for _turn in range(4)]
    assert [card.is_spam for card in cards] == [False, False, False, True]


def test_a_busy_source_alone_condemns_nobody(now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr("feedback.spam.MOST_A_MINUTE", 3)
    place = a_place()
    cards = [sent(place, now, source_hash="branch") for _turn in range(6)]
    assert not any(card.is_spam for card in cards)
    assert sent(place, now, source_hash="branch", age=1).spam_reason == "fast,busy"


def test_three_hundred_customers_a_minute_behind_one_address_are_not_even_busy() -> None:
    assert MOST_A_MINUTE >= 300


def test_a_counter_that_is_gone_stops_nobody(now: datetime, monkeypatch: Any) -> None:
    def gone(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "add", gone)
    assert not sent(a_place(), now, source_hash="branch", answers={"comment": LONG}).is_spam


def test_a_restored_response_counts_again_for_its_day(now: datetime) -> None:
    response = sent(a_place(), now, trap="x")
    restore_response(response, by=UserFactory(), at=now)
    assert Response.objects.countable().get() == response
    assert {each.day for each in StaleBucket.objects.all()} == {response.service_date}
    assert [event.what for event in response.events.all()] == ["restored"]


def test_marking_twice_has_one_effect(now: datetime) -> None:
    response = sent(a_place(), now)
    mark_as_spam(response, by=UserFactory(), at=now)
    with pytest.raises(AlreadyDone):
        mark_as_spam(response, by=UserFactory(), at=now)
    assert not Response.objects.countable().exists()
    assert response.events.count() == 1


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (3, "1.2.3.4", "1.2.3.4"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_is_counted_through_trusted_proxies(
    settings: Any, proxies: int, header: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": header} if header else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1")
    assert client_ip(request) == expected


def test_the_source_has_another_name_tomorrow(now: datetime) -> None:
    request = RequestFactory().get("/")
    assert source_hash(request, at=now) == source_hash(request, at=now + timedelta(minutes=5))
    assert source_hash(request, at=now) != source_hash(request, at=now + timedelta(days=1))
