"""Hostile and unlucky cards at every door: kept or told, never lost, never counted twice."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from feedback.actions import questionnaires, questions
from feedback.actions.questions import Part
from feedback.models import Answer, Response
from feedback.tests.cards import WAYS, rule
from feedback.tests.doors import ALL, BY_DEVICE, BY_FORM, Door, open_door

pytestmark = pytest.mark.django_db

VISIT = ("visit", "faces", {"wording": "How was your visit?"})
WHY = ("why", "short", {"wording": "What went wrong?", **rule(("visit", "most", 2))})
WAY = ("way", "choice", {"options": WAYS, "wording": "How did you come?"})
WORDS = ("words", "text", {"wording": "Anything else?"})


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any, now: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture(params=ALL)
def door(request: Any, now: datetime) -> Door:
    return open_door(request.param, VISIT, WHY, WAY, WORDS, at=now)


def given() -> dict[str, str]:
    """What was stored in words, by the question's key."""
    return {each.question.key: each.text for each in Answer.objects.select_related("question") if each.text}


def test_what_people_write_is_kept_but_for_controls_that_turn_the_line_around(door: Door) -> None:
    said = "=1+1 <b>Danke</b> 😀👍🏽 شكراً \u202edrow\u202c"
    assert door.send({"visit": 4, "way": "other", "way.other": said, "words": said}).status_code == door.taken
    kept = "=1+1 <b>Danke</b> 😀👍🏽 شكراً drow"
    assert given() == {"way": kept, "words": kept}


@pytest.mark.parametrize("words", ["x" * 100_000, "a\x00b"])
def test_what_cannot_be_kept_is_told_and_nothing_is_stored(door: Door, words: str) -> None:
    answer = door.send({"visit": 4, "words": words})
    assert answer.status_code == 422
    if door.kind in BY_DEVICE:
        assert set(answer.json()["errors"]) == {"words"}
    elif len(words) > 100:
        assert words in answer.content.decode()
    assert not Response.objects.exists()


def test_an_answer_to_a_hidden_question_is_left_out_and_the_card_is_taken(door: Door) -> None:
    assert door.send({"visit": 5, "why": "x" * 100_000}).status_code == door.taken
    assert [each.question.key for each in Answer.objects.all()] == ["visit"]


def test_an_option_taken_out_meanwhile_is_taken_by_a_card_that_still_offered_it(
    door: Door, now: datetime
) -> None:
    draft = questionnaires.open_draft(door.place.version.questionnaire)
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
    assert door.send({"visit": 4, "way": "phone"}, version=2).status_code == 422
    assert not Response.objects.exists()
    assert door.send({"visit": 4, "way": "phone"}).status_code == door.taken
    assert Response.objects.get().version == door.place.version


def test_a_card_that_is_sent_again_and_again_counts_once(door: Door) -> None:
    answers = [door.send({"visit": 4}).status_code for _turn in range(3)]
    assert answers[0] == door.taken
    assert Response.objects.countable().count() == Response.objects.count() == 1


def test_a_place_that_has_closed_takes_nothing_and_says_so(door: Door, now: datetime) -> None:
    """It closed two days ago: longer than any form lives, and sheets of today are none of its days."""
    door.place.collector.closes_on = (now - timedelta(days=2)).date()
    door.place.collector.save()
    assert door.send({"visit": 4}, stamp="").status_code in (404, 422)
    assert not Response.objects.exists()


@pytest.mark.parametrize("kind", BY_FORM)
@pytest.mark.parametrize("stamp", ["", "forged:by:me", "\x00", "😀"])
def test_a_forged_stamp_is_no_reason_to_lose_a_card(kind: str, stamp: str, now: datetime) -> None:
    door = open_door(kind, VISIT, at=now)
    assert door.send({"visit": 4}, stamp=stamp).status_code == 303
    assert Response.objects.countable().count() == 1


@pytest.mark.parametrize("kind", BY_DEVICE)
@pytest.mark.parametrize("years", [-1, 1, -30])
def test_a_clock_wrong_by_years_moves_no_card(kind: str, years: int, now: datetime) -> None:
    door = open_door(kind, VISIT, at=now)
    theirs = now + timedelta(days=365 * years)
    stamps = {"answered_at": (theirs - timedelta(days=3)).isoformat(), "sent_at": theirs.isoformat()}
    assert door.send({"visit": 4}, **stamps).status_code == 201
    assert Response.objects.get().service_date == date(2026, 11, 15)


@pytest.mark.parametrize("kind", [each for each in ALL if each not in BY_DEVICE])
def test_who_fills_in_a_form_does_not_choose_its_day(kind: str, now: datetime) -> None:
    door = open_door(kind, VISIT, at=now)
    stamps = {
        "answered_at": "2026-11-01T10:00:00Z",
        "sent_at": "2026-11-18T10:00:00Z",
        "service_date": "2026-11-02",
    }
    assert door.send({"visit": 4}, **stamps).status_code == door.taken
    assert Response.objects.get().service_date == date(2026, 11, 18)
