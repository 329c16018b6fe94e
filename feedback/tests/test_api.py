"""Handing in a card through the API."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from feedback.actions.erase import erase_response
from feedback.models import Response
from feedback.tests.cards import a_place

pytestmark = pytest.mark.django_db


def post(client: Client, place: Any, **body: Any) -> Any:
    data = {"uid": str(uuid.uuid4()), "answers": {"visit": 4, "next": "na"}, **body}
    return client.post(place.api, data, content_type="application/json")


def test_a_card_is_created_once_and_a_replay_is_answered_as_the_first(client: Client) -> None:
    place, uid = a_place(), str(uuid.uuid4())
    first, again = post(client, place, uid=uid), post(client, place, uid=uid)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == {"receipt": Response.objects.get().receipt_code}
    assert not first.cookies


def test_an_altered_card_is_a_conflict(client: Client) -> None:
    place, uid = a_place(), str(uuid.uuid4())
    post(client, place, uid=uid)
    assert post(client, place, uid=uid, answers={"visit": 1}).status_code == 409
    assert Response.objects.get().rating == 75


def test_an_erased_card_is_gone(client: Client) -> None:
    place, uid = a_place(), str(uuid.uuid4())
    post(client, place, uid=uid)
    erase_response(Response.objects.get())
    assert post(client, place, uid=uid).status_code == 410


def test_what_is_wrong_is_told_by_question(client: Client) -> None:
    answer = post(client, a_place(), answers={"visit": 9, "colour": 1, "comment": "a\x00"})
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == {"visit", "colour", "comment"}


@pytest.mark.parametrize(
    "body",
    [
        {"uid": None},
        {"uid": "7"},
        {"answers": []},
        {"answers": {"visit": 4.5}},
        {"answers": {"visit": True}},
        {"answers": {"visit": [1]}},
        {"answers": {"comment": "\ud800"}},
        {"answers": {"\ud800": 1}},
        {"answers": {"visit": 10**40}},
        {"answers": {}},
        {"contact": "me"},
        {"contact": {"email": "\ud800"}},
        {"answered_at": "9999-12-31T23:59:59-23:59", "answers": {}},
        {"service_date": "2026-02-30"},
        {"uid": "00000000-0000-1000-8000-000000000000"},
        {"version": "one"},
    ],
)
def test_malformed_envelopes_are_refused_and_nothing_is_stored(client: Client, body: dict[str, Any]) -> None:
    assert post(client, a_place(), **body).status_code == 422
    assert not Response.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b'"x"', b"[]", b"\xff\xfe", b"\x00"])
def test_what_is_no_json_is_refused(client: Client, raw: bytes) -> None:
    answer = client.generic("POST", a_place().api, raw, "application/json")
    assert answer.status_code in (400, 422)


def test_extreme_but_possible_device_times_are_no_reason_to_refuse(client: Client) -> None:
    for moment in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2026-11-18T12:00:00"):
        assert post(client, a_place(), answered_at=moment, sent_at=moment).status_code == 201


def test_an_unknown_or_closed_place_is_not_found(client: Client) -> None:
    place = a_place(closes_on="2020-01-01")
    assert post(client, place).status_code == 404
    place.api = "/api/v1/collectors/nowhere/responses"
    assert post(client, place).status_code == 404


def test_a_database_that_fails_asks_to_send_again(client: Client, monkeypatch: Any) -> None:
    def broken(**kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("feedback.api.receive_response", broken)
    assert post(client, a_place()).status_code == 503


def test_an_address_with_a_nul_is_unknown_and_not_a_failure(client: Client) -> None:
    body = {"uid": str(uuid.uuid4()), "answers": {"visit": 4}}
    answer = client.post("/api/v1/collectors/%00/responses", body, content_type="application/json")
    assert answer.status_code == 404
