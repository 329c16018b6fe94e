"""Hostile and unlucky answers in a form; what holds at every door stands in `test_bad_input_at_each_door`."""

from typing import Any

import pytest
from django.test import Client

from feedback.models import Answer, Response
from feedback.tests.cards import WAYS, a_survey, fields

pytestmark = pytest.mark.django_db

VISIT = ("visit", "faces", {"wording": "How was your visit?"})
WAY = ("way", "choice", {"options": WAYS, "wording": "How did you come?"})


def said(client: Client, place: Any, answers: dict[str, Any]) -> Any:
    return client.post(place.url, {**fields(client.get(place.url).content), **answers})


def test_markup_that_somebody_writes_is_text_on_the_receipt(client: Client) -> None:
    place = a_survey(("words", "text", {}))
    receipt = client.get(said(client, place, {"q-words": "<script>x</script>"})["Location"])
    assert Answer.objects.get().text == "<script>x</script>"
    assert b"&lt;script&gt;x" in receipt.content
    assert b"<script>x" not in receipt.content


@pytest.mark.parametrize("key", ["q-way.other", "q-words"])
def test_a_hundred_kilobytes_come_back_whole_with_the_reason(client: Client, key: str) -> None:
    place = a_survey(WAY, ("words", "text", {}))
    answer = said(client, place, {"q-way": "other", key: "x" * 100_000})
    assert answer.status_code == 422
    assert "x" * 100_000 in answer.content.decode()
    assert "too long" in answer.content.decode()
    assert not Response.objects.exists()


def test_a_forged_stamp_is_a_hint_and_nothing_is_lost(client: Client) -> None:
    answer = said(client, a_survey(VISIT), {"q-visit": "5", "stamp": "forged:by:me", "website": "x"})
    assert answer.status_code == 303
    kept = Response.objects.get()
    assert (kept.is_spam, kept.spam_reason) == (True, "trap,stamp")
    assert not Response.objects.countable().exists()


def test_going_back_and_sending_the_last_page_again_counts_once(client: Client) -> None:
    place = a_survey(VISIT, ("words", "text", {"starts_page": True}))
    opened = {**fields(client.get(place.url).content), "page": "1", "shown": "", "q-visit": "4"}
    client.post(place.url, opened)
    last = {**opened, "page": "2", "q-words": "Thank you"}
    first, second = client.post(place.url, last), client.post(place.url, last)
    assert first["Location"] == second["Location"]
    assert Response.objects.count() == 1


def test_how_important_something_is_says_nothing_about_how_it_went(client: Client) -> None:
    place = a_survey(("importance-speed", "rating", {}), ("repeat", "yes_no", {}), ("back", "rating", {}))
    said(client, place, {"q-importance-speed": "5", "q-repeat": "1", "q-back": "2"})
    assert Response.objects.get().rating == 25
