"""Every type of question: what is an answer to it, and how it is kept."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from charter.models import StaleBucket
from charter.tests.factories import MeasureFactory
from feedback.actions.erase import erase_response
from feedback.actions.receive import receive_response
from feedback.envelope import EnvelopeInvalid
from feedback.models import Answer, ChosenOption, Response
from feedback.said import words_of
from feedback.tests.cards import WAYS, a_survey, envelope, fields
from feedback.tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db

WAY = ("way", "choice", {"options": WAYS})
NEEDS = ("needs", "choices", {"options": WAYS, "allows_na": True})


def stored(place: Any, answers: dict[str, Any], now: datetime) -> dict[str, Answer]:
    response = receive_response(collector=place.collector, envelope=envelope(place, answers), at=now).response
    return {answer.question.key: answer for answer in response.answers.all()}


def refused(place: Any, answers: dict[str, Any]) -> set[str]:
    with pytest.raises(EnvelopeInvalid) as caught:
        envelope(place, answers)
    return set(caught.value.errors)


def chosen(answer: Answer) -> list[str]:
    return [each.option.key for each in answer.chosen.all()]


def test_one_option_is_kept_as_the_row_that_was_chosen(now: datetime) -> None:
    kept = stored(a_survey(WAY), {"way": "phone"}, now)["way"]
    assert (chosen(kept), kept.value, words_of(kept)) == (["phone"], None, "By telephone")


def test_several_options_are_kept_in_the_order_of_the_card_with_the_words_for_other(now: datetime) -> None:
    said = {"needs": ["other", "counter"], "needs.other": "By fax"}
    kept = stored(a_survey(NEEDS), said, now)["needs"]
    assert chosen(kept) == ["counter", "other"]
    assert words_of(kept) == "At the counter, Another way: By fax"


@pytest.mark.parametrize(
    "wrong",
    [
        {"way": "fax"},
        {"way": ["phone"]},
        {"way": 1},
        {"way": "na"},
        {"needs": ["phone", "fax"]},
        {"way": "\x00"},
    ],
)
def test_what_is_not_offered_is_refused_beside_its_question(wrong: dict[str, Any]) -> None:
    assert refused(a_survey(WAY, NEEDS), wrong) == set(wrong)


def test_words_for_other_without_other_are_left_out(now: datetime) -> None:
    assert stored(a_survey(WAY), {"way": "phone", "way.other": "By fax"}, now)["way"].text == ""


def test_does_not_apply_can_be_said_where_it_is_offered(now: datetime) -> None:
    kept = stored(a_survey(NEEDS), {"needs": ["na"]}, now)["needs"]
    assert (kept.is_na, chosen(kept)) == (True, [])


def test_each_row_of_a_matrix_is_an_answer_that_may_feed_a_measure(now: datetime) -> None:
    place = a_survey(("staff", "matrix", {"rows": ("friendly", "clear")}))
    measure: Any = MeasureFactory(scale_low=1, scale_high=5)
    place.questions["clear"].measure = measure
    place.questions["clear"].save()
    kept = stored(place, {"friendly": 4, "clear": 5}, now)
    assert {key: answer.value for key, answer in kept.items()} == {"friendly": 4, "clear": 5}
    assert [bucket.measure_id for bucket in StaleBucket.objects.all()] == [measure.pk]


def test_a_matrix_itself_takes_no_answer() -> None:
    assert refused(a_survey(("staff", "matrix", {"rows": ("friendly",)})), {"staff": 4}) == {"staff"}


def test_a_missing_row_of_a_required_matrix_is_named() -> None:
    place = a_survey(("staff", "matrix", {"rows": ("friendly", "clear"), "is_required": True}))
    assert refused(place, {"friendly": 4}) == {"clear"}


def test_a_date_is_kept_as_a_day(now: datetime) -> None:
    kept = stored(a_survey(("when", "date", {})), {"when": "2026-11-03"}, now)["when"]
    assert (kept.date, kept.text) == (date(2026, 11, 3), "")


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "3.11.2026", 7, ["2026-11-03"], "\x00"])
def test_what_is_no_day_is_refused(day: Any) -> None:
    assert refused(a_survey(("when", "date", {})), {"when": day}) == {"when"}


@pytest.mark.parametrize(("kind", "most"), [("short", 300), ("helper", 150), ("text", 5000)])
def test_words_are_kept_up_to_what_their_kind_holds(now: datetime, kind: str, most: int) -> None:
    place = a_survey(("words", kind, {}))
    assert stored(place, {"words": "é" * most}, now)["words"].text == "é" * most
    assert refused(place, {"words": "é" * (most + 1)}) == {"words"}


def test_a_thumb_is_a_number_and_read_in_words(now: datetime) -> None:
    kept = stored(a_survey(("thumb", "thumbs", {})), {"thumb": 1}, now)["thumb"]
    assert (kept.value, words_of(kept)) == (1, "Thumb up")


def test_the_same_choice_again_is_a_replay_and_another_one_a_conflict(client: Client) -> None:
    place = a_survey(NEEDS)
    said = {**fields(client.get(place.url).content), "q-needs": ["phone", "counter"]}
    first, second = client.post(place.url, said), client.post(place.url, said)
    assert (first.status_code, first["Location"]) == (303, second["Location"])
    assert client.post(place.url, {**said, "q-needs": ["phone"]}).status_code == 409
    assert ChosenOption.objects.count() == 2


def test_what_was_chosen_comes_back_ticked_when_something_is_wrong(client: Client) -> None:
    place = a_survey(NEEDS, ("when", "date", {}))
    said = {"q-needs": ["phone", "other"], "q-needs.other": "By <fax>", "q-when": "soon"}
    answer = client.post(place.url, {**fields(client.get(place.url).content), **said})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(" checked") == 2
    assert "By &lt;fax&gt;" in page
    assert not Response.objects.exists()


def test_the_receipt_tells_what_was_chosen(client: Client) -> None:
    place = a_survey(WAY, ("when", "date", {}))
    said = {**fields(client.get(place.url).content), "q-way": "counter", "q-when": "2026-11-03"}
    receipt = client.get(client.post(place.url, said)["Location"]).content.decode()
    assert "At the counter" in receipt
    assert "3 November 2026" in receipt


def test_the_api_takes_options_as_a_list(client: Client) -> None:
    place = a_survey(NEEDS)
    body = {"uid": "1a3ab1f5-4a2c-4a0c-9c1b-0a5a0f1f2b3c", "answers": {"needs": ["phone"]}}
    assert client.post(place.api, body, content_type="application/json").status_code == 201
    assert chosen(Answer.objects.get()) == ["phone"]


def test_an_erased_card_keeps_what_was_chosen_and_loses_the_words(now: datetime) -> None:
    place = a_survey(WAY, ("when", "date", {}), ("who", "helper", {}))
    said = {"way": "other", "way.other": "By fax from my desk", "when": "2026-11-03", "who": "Maya"}
    kept = stored(place, said, now)
    erase_response(kept["way"].response, at=now)
    left = Answer.objects.get()
    assert (chosen(left), left.text) == (["other"], "")


def test_a_row_without_a_matrix_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionFactory(kind="row", scale_low=1, scale_high=5)


def test_the_card_shows_every_type_of_question(client: Client) -> None:
    place = a_survey(
        WAY,
        NEEDS,
        ("staff", "matrix", {"rows": ("friendly", "clear")}),
        ("thumb", "thumbs", {}),
        ("ease", "ease", {}),
        ("nps", "nps", {}),
        ("rating", "rating", {}),
        ("when", "date", {}),
        ("who", "helper", {}),
        ("short", "short", {}),
    )
    page = client.get(place.url).content.decode()
    for name in (
        "way",
        "needs",
        "friendly",
        "clear",
        "thumb",
        "ease",
        "nps",
        "rating",
        "when",
        "who",
        "short",
    ):
        assert f'name="q-{name}"' in page
    assert 'name="q-staff"' not in page
    assert 'name="q-needs.other"' in page
