"""From page to page, and what an answer brings up, without script and with it."""

import html
import re
import uuid
from typing import Any

import pytest
from django.test import Client

from feedback.asked import asked_in
from feedback.fields import Typed
from feedback.models import Answer, Response
from feedback.steps import order_of, page_for
from feedback.tests.cards import WAYS, a_survey, fields, rule

pytestmark = pytest.mark.django_db

VISIT = ("visit", "faces", {"wording": "How was your visit?"})
WHY = ("why", "short", {"wording": "What went wrong?", **rule(("visit", "most", 2))})
PAGES = (
    ("visit", "faces", {"is_required": True}),
    ("why", "short", {**rule(("visit", "most", 2)), "starts_page": True}),
    ("way", "choices", {"options": WAYS, "starts_page": True}),
)


def hidden(page: bytes) -> dict[str, Any]:
    """Every hidden field of a page, as a browser would send it."""
    found: dict[str, Any] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([^"]+)"(?: id="\w+")? value="([^"]*)"', page.decode()
    ):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def test_a_question_that_an_answer_brings_up_is_asked_before_the_card_is_taken(client: Client) -> None:
    place = a_survey(VISIT, WHY)
    page = client.get(place.url)
    assert 'name="q-why"' not in page.content.decode()
    asked = client.post(place.url, {**hidden(page.content), "q-visit": "1"})
    assert asked.status_code == 200
    assert 'name="q-why"' in asked.content.decode()
    assert "brings up a further question" in asked.content.decode()
    assert not Response.objects.exists()
    sent = client.post(place.url, {**hidden(asked.content), "q-visit": "1", "q-why": "Nobody came"})
    assert sent.status_code == 303
    assert {answer.text for answer in Answer.objects.all()} == {"", "Nobody came"}


def test_a_question_that_was_shown_may_be_left_blank(client: Client) -> None:
    place = a_survey(VISIT, WHY)
    said = {"q-visit": "1"}
    asked = client.post(place.url, {**hidden(client.get(place.url).content), **said})
    assert client.post(place.url, {**hidden(asked.content), **said, "q-why": ""}).status_code == 303


def test_a_good_visit_is_taken_at_once(client: Client) -> None:
    place = a_survey(VISIT, WHY)
    said = {**hidden(client.get(place.url).content), "q-visit": "5"}
    assert client.post(place.url, said).status_code == 303


def test_a_card_sent_without_our_form_is_taken_as_it_is(client: Client) -> None:
    place = a_survey(VISIT, WHY)
    assert client.post(place.url, {"uid": str(uuid.uuid4()), "q-visit": "1"}).status_code == 303


def test_htmx_gets_the_places_that_change_and_nothing_is_stored(client: Client) -> None:
    place = a_survey(VISIT, WHY)
    said = {**hidden(client.get(place.url).content), "q-visit": "1"}
    answer = client.post(place.url, said, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert part.lstrip().startswith('<div id="slot-why" hx-swap-oob="true">')
    assert 'name="q-why"' in part
    assert 'name="shown" id="shown" value="why"' in part
    assert "<html" not in part
    assert not Response.objects.exists()


def test_only_a_card_that_adapts_brings_a_script(client: Client) -> None:
    assert b"<script" in client.get(a_survey(VISIT, WHY).url).content
    assert b"<script" not in client.get(a_survey(VISIT).url).content
    assert b"<script" not in client.get(a_survey(*PAGES).url).content


def test_pages_carry_what_was_answered_to_the_end(client: Client) -> None:
    place = a_survey(*PAGES)
    first = client.get(place.url)
    assert "Page 1 of 3" in first.content.decode()
    second = client.post(place.url, {**hidden(first.content), "q-visit": "2"})
    assert 'name="q-why"' in second.content.decode()
    third = client.post(place.url, {**hidden(second.content), "q-why": "Nobody <came>"})
    sent = client.post(
        place.url, {**hidden(third.content), "q-way": ["phone", "counter"], "email": "a@b.example"}
    )
    assert sent.status_code == 303
    kept = {answer.question.key: answer for answer in Answer.objects.all()}
    assert (kept["visit"].value, kept["why"].text, kept["way"].chosen.count()) == (2, "Nobody <came>", 2)
    assert fields(third.content)["uid"] == str(Response.objects.get().uid)


def test_a_page_without_anything_to_show_is_passed_over_in_both_directions(client: Client) -> None:
    place = a_survey(*PAGES)
    third = client.post(place.url, {**hidden(client.get(place.url).content), "q-visit": "5"})
    assert "Page 3 of 3" in third.content.decode()
    back = client.post(place.url, {**hidden(third.content), "q-way": "phone", "go": "back"})
    assert "Page 1 of 3" in back.content.decode()
    assert '<input type="hidden" name="q-way" value="phone">' in back.content.decode()
    assert 'name="q-visit" value="5" checked' in back.content.decode()


def test_a_page_is_not_left_before_its_required_questions_are_answered(client: Client) -> None:
    place = a_survey(*PAGES)
    answer = client.post(place.url, hidden(client.get(place.url).content))
    assert answer.status_code == 422
    assert "Page 1 of 3" in answer.content.decode()
    assert '<a href="#q-visit">' in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "99", "-1", "two", "\x00", ""])
def test_a_forged_page_number_skips_nothing(client: Client, page: str) -> None:
    place = a_survey(*PAGES)
    said = {**hidden(client.get(place.url).content), "page": page}
    answer = client.post(place.url, said)
    assert answer.status_code == 422
    assert "Page 1 of 3" in answer.content.decode()


def test_a_contact_typed_at_the_end_survives_going_back(client: Client) -> None:
    place = a_survey(*PAGES)
    last = client.post(place.url, {**hidden(client.get(place.url).content), "q-visit": "5"})
    back = client.post(place.url, {**hidden(last.content), "go": "back", "name": "Ann"})
    assert hidden(back.content)["name"] == ["Ann"]


def _keys(asked: Any, order: int) -> tuple[str, ...]:
    return tuple(each.key for each in page_for(asked, "en", Typed(), order=order).fields)


def test_the_random_order_of_a_card_is_always_the_same_and_others_differ() -> None:
    place = a_survey(*((f"rating-{number}", "rating", {}) for number in range(6)))
    place.version.is_shuffled = True
    place.version.save()
    asked = asked_in(place.version)
    uids = [str(uuid.UUID(int=number, version=4)) for number in range(40)]
    orders = [_keys(asked, order_of(asked, uid)) for uid in uids]
    assert orders == [_keys(asked, order_of(asked, uid)) for uid in uids]
    assert len(set(orders)) > 10
    assert all(len(set(order)) == 6 for order in orders)


def test_questions_that_hang_on_each_other_keep_their_places_in_a_random_order() -> None:
    others = tuple((f"rating-{number}", "rating", {}) for number in range(4))
    place = a_survey(*others[:2], VISIT, WHY, *others[2:])
    place.version.is_shuffled = True
    place.version.save()
    asked = asked_in(place.version)
    for order in range(1, 25):
        assert _keys(asked, order)[2:4] == ("visit", "why")


def test_other_stays_last_among_options_in_random_order() -> None:
    place = a_survey(("way", "choice", {"options": WAYS, "is_shuffled": True}))
    asked = asked_in(place.version)
    seen = {
        tuple(choice.value for choice in page_for(asked, "en", Typed(), order=order).fields[0].choices)
        for order in range(1, 25)
    }
    assert seen == {("counter", "phone", "other"), ("phone", "counter", "other")}


def test_a_shuffled_card_shows_its_order_again_when_something_is_wrong(client: Client) -> None:
    place = a_survey(*((f"rating-{number}", "rating", {}) for number in range(6)))
    place.version.is_shuffled = True
    place.version.save()
    page = client.get(place.url)
    again = client.post(place.url, {**hidden(page.content), "q-rating-1": "9"})
    names = [re.findall(r'<fieldset id="(q-[^"]+)"', each.content.decode()) for each in (page, again)]
    assert again.status_code == 422
    assert names[0] == names[1]
