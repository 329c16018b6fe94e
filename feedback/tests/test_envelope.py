"""What is taken for an envelope, and what is refused in which words."""

import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.envelope import EnvelopeInvalid, from_form, from_json
from feedback.tests.cards import a_place, asked_at, envelope

pytestmark = pytest.mark.django_db


def refused(place: Any, answers: dict[str, Any], **more: Any) -> dict[str, str]:
    with pytest.raises(EnvelopeInvalid) as caught:
        envelope(place, answers, **more)
    return caught.value.errors


def test_a_form_and_json_with_the_same_words_are_the_same_envelope() -> None:
    place = a_place()
    uid = str(uuid.uuid4())
    form = from_form(
        {"q-visit": "4", "q-next": "na", "q-comment": "Good\r\nday ", "uid": uid}, asked_at(place)
    )
    api = from_json(
        {"answers": {"visit": 4, "next": "na", "comment": "Good\nday"}, "uid": uid}, asked_at(place)
    )
    assert form == api
    assert form.body_hash == api.body_hash


def test_the_body_hash_ignores_the_devices_clock_and_notices_every_word() -> None:
    place = a_place()
    first = envelope(place, {"visit": 4})
    later = envelope(place, {"visit": 4}, sent_at="2026-11-18T12:00:00Z", answered_at="2026-11-18T11:00:00Z")
    assert first.body_hash == later.body_hash
    assert envelope(place, {"visit": 5}).body_hash != first.body_hash
    assert envelope(place, {"visit": 4}, contact={"name": "Ann"}).body_hash != first.body_hash


@pytest.mark.parametrize("value", [0, 6, -1, "9", "4.0", "４", "four", 10**30, "na", True, 4.5, [4]])
def test_an_answer_off_the_scale_is_refused_beside_its_question(value: Any) -> None:
    assert set(refused(a_place(), {"visit": value, "next": 1})) == {"visit"}


def test_an_unknown_question_is_refused_by_its_key() -> None:
    assert set(refused(a_place(), {"visit": 4, "colour": 1})) == {"colour"}


def test_a_missing_required_answer_is_refused() -> None:
    place = a_place()
    place.visit.is_required = True
    place.visit.save()
    assert set(refused(place, {"next": 1})) == {"visit"}


def test_an_empty_card_is_refused() -> None:
    assert set(refused(a_place(), {"comment": "  "})) == {"answers"}


@pytest.mark.parametrize("text", ["a\x00b", "broken \ud800", "x" * 5001])
def test_text_that_a_database_cannot_keep_is_refused(text: str) -> None:
    assert set(refused(a_place(), {"visit": 4, "comment": text})) == {"comment"}


def test_five_thousand_characters_are_not_too_many() -> None:
    assert envelope(a_place(), {"comment": "x" * 5000}).answers[0].text == "x" * 5000


@pytest.mark.parametrize("uid", [None, "", "7", "not-a-uuid", "00000000-0000-1000-8000-000000000000"])
def test_an_id_that_is_no_uuid4_is_refused(uid: Any) -> None:
    assert set(refused(a_place(), {"visit": 4}, uid=uid)) == {"uid"}


@pytest.mark.parametrize(
    ("contact", "field"),
    [({"email": "no address"}, "email"), ({"name": "n" * 151}, "name"), ({"phone": "1\x002"}, "phone")],
)
def test_a_contact_that_cannot_be_kept_is_refused_beside_its_field(
    contact: dict[str, str], field: str
) -> None:
    assert set(refused(a_place(), {"visit": 4}, contact=contact)) == {field}


def test_bidirectional_controls_are_taken_out_of_the_text() -> None:
    assert envelope(a_place(), {"comment": "a\u202eb"}).answers[0].text == "ab"


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-18T12:00:00", "9999-99-99T00:00:00Z", 7])
def test_a_device_time_that_is_none_is_left_out_and_refuses_nothing(moment: Any) -> None:
    assert envelope(a_place(), {"visit": 4}, answered_at=moment).answered_at is None


@pytest.fixture
def card() -> Any:
    return asked_at(a_place())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(), max_size=60), choice=st.text(st.characters(), max_size=8))
def test_hostile_texts_are_kept_or_refused_and_never_break(card: Any, text: str, choice: str) -> None:
    data = {"q-comment": text, "q-next": choice, "uid": str(uuid.uuid4())}
    errors: dict[str, str] = {}
    try:
        read = from_form(data, card)
    except EnvelopeInvalid as invalid:
        errors = invalid.errors
    else:
        assert len(read.body_hash) == 64
    assert set(errors) <= {"comment", "next", "answers"}
