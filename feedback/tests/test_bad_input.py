"""Hostile and unlucky answers: kept or told, never lost, never counted twice."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from feedback.actions import questionnaires, questions
from feedback.actions.questions import Part
from feedback.models import Answer, Response
from feedback.tests.cards import WAYS, a_survey, fields, rule

pytestmark = pytest.mark.django_db

VISIT = ("visit", "faces", {"wording": "How was your visit?"})
WHY = ("why", "short", {"wording": "What went wrong?", **rule(("visit", "most", 2))})
WAY = ("way", "choice", {"options": WAYS, "wording": "How did you come?"})


def said(client: Client, place: Any, answers: dict[str, Any]) -> Any:
    return client.post(place.url, {**fields(client.get(place.url).content), **answers})


@pytest.mark.parametrize("text", ["Danke 😀👍🏽", "شكراً جزيلاً", "=HYPERLINK(1)", "+1", "<script>x</script>"])
def test_what_people_write_is_kept_as_they_wrote_it(client: Client, text: str) -> None:
    place = a_survey(("words", "text", {}))
    receipt = client.get(said(client, place, {"q-words": text})["Location"])
    assert Answer.objects.get().text == text
    assert b"<script>x" not in receipt.content


def test_the_words_for_other_lose_bidirectional_controls_only(client: Client) -> None:
    said(client, a_survey(WAY), {"q-way": "other", "q-way.other": "mit \u202edem\u202c Rad"})
    assert Answer.objects.get().text == "mit dem Rad"


@pytest.mark.parametrize("key", ["q-way.other", "q-words"])
def test_a_hundred_kilobytes_come_back_whole_with_the_reason(client: Client, key: str) -> None:
    place = a_survey(WAY, ("words", "text", {}))
    answer = said(client, place, {"q-way": "other", key: "x" * 100_000})
    assert answer.status_code == 422
    assert "x" * 100_000 in answer.content.decode()
    assert "too long" in answer.content.decode()
    assert not Response.objects.exists()


def test_a_hundred_kilobytes_in_a_hidden_question_do_no_harm(client: Client) -> None:
    answer = said(client, a_survey(VISIT, WHY), {"q-visit": "5", "q-why": "x" * 100_000})
    assert answer.status_code == 303
    assert Answer.objects.get().value == 5


def test_an_option_taken_out_meanwhile_is_taken_by_a_form_that_still_showed_it(
    client: Client, now: datetime
) -> None:
    place = a_survey(WAY)
    opened = fields(client.get(place.url).content)
    draft = questionnaires.open_draft(place.version.questionnaire)
    questions.save_question(
        draft,
        edit_mark=draft.edit_mark,
        key="way",
        language="en",
        fields={"kind": "choice"},
        words={"wording": "How did you come?"},
        parts=[Part("At the counter", "counter"), Part("Another way", "other")],
    )
    questionnaires.publish_version(draft, edit_mark=draft.edit_mark, at=now)
    assert client.post(place.url, {**opened, "q-way": "phone"}).status_code == 303
    fresh = said(client, place, {"q-way": "phone"})
    assert fresh.status_code == 422
    assert "choose one of the answers offered" in fresh.content.decode()
    assert Response.objects.count() == 1


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
