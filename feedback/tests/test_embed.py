"""The card in a frame of another website."""

import uuid
from typing import Any

import pytest
from django.test import Client

from feedback.models import Response
from feedback.tests.cards import a_place, fields
from organisation.tests.factories import InstallationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Any:
    InstallationFactory()
    return a_place(kind="embed")


def frames(answer: Any) -> tuple[bool, bool]:
    """Whether any website may frame the page, by each of the two headers."""
    policy = answer.headers["Content-Security-Policy"]
    return "frame-ancestors *" in policy, "X-Frame-Options" not in answer.headers


def test_only_the_card_and_its_thanks_may_be_framed(client: Client, place: Any) -> None:
    page = client.get(f"{place.url}embed/")
    assert frames(page) == (True, True)
    sent = client.post(f"{place.url}embed/", {**fields(page.content), "q-visit": "4"})
    assert frames(client.get(sent["Location"])) == (True, True)
    receipt = Response.objects.get().receipt_code
    assert frames(client.get(f"/r/{receipt}/")) == (False, False)
    assert frames(client.get(place.url)) == (False, False)


def test_the_framed_card_leads_to_thanks_in_the_frame_without_a_cookie(client: Client, place: Any) -> None:
    page = client.get(f"{place.url}embed/")
    sent = client.post(f"{place.url}embed/", {**fields(page.content), "q-visit": "4"})
    code = Response.objects.get().receipt_code
    assert sent["Location"] == f"{place.url}embed/{code}/"
    thanks = client.get(sent["Location"]).content.decode()
    assert code in thanks
    assert 'target="_blank"' in thanks
    assert not client.cookies


def test_what_is_wrong_comes_back_in_the_frame(client: Client, place: Any) -> None:
    answer = client.post(f"{place.url}embed/", {"uid": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert frames(answer) == (True, True)
    assert b'data-inside="yes"' in answer.content


def test_the_receipt_says_thanks_in_words_of_the_place(client: Client, place: Any) -> None:
    place.collector.texts.create(language="en", thanks="The library thanks you.")
    sent = client.post(place.url, {"uid": str(uuid.uuid4()), "q-visit": "4"})
    assert "The library thanks you." in client.get(sent["Location"]).content.decode()
