"""The receipt page and erasure."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from charter.models import StaleBucket
from feedback.actions.erase import erase_response, forget_expired_contacts
from feedback.actions.inbox import reply_to_response
from feedback.actions.receive import EnvelopeErased, receive_response
from feedback.answer_source import CustomerAnswers
from feedback.models import Answer, Person, Response, ResponseEvent, Tombstone
from feedback.tests.cards import a_place, envelope
from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, UserFactory

pytestmark = pytest.mark.django_db


def a_card(now: datetime, **more: Any) -> tuple[Any, Any, Response]:
    place = a_place()
    sent = envelope(
        place,
        {"visit": 4, "comment": "Canary in the comment"},
        contact={"name": "Ann Canary", "email": "canary@example.org"},
        **more,
    )
    return place, sent, receive_response(collector=place.collector, envelope=sent, at=now).response


def test_our_answer_stands_on_the_receipt(client: Client, now: datetime) -> None:
    _place, _sent, response = a_card(now)
    url = f"/r/{response.receipt_code}/"
    assert "Our answer</h2>" not in client.get(url).content.decode()
    reply_to_response(response, text="We opened a second counter.", by=UserFactory(), at=now)
    assert "We opened a second counter." in client.get(url).content.decode()


def test_the_receipt_names_the_organisation_with_our_answer_too(client: Client, now: datetime) -> None:
    InstallationFactory(name="Harbour City Services")
    _place, _sent, response = a_card(now)
    for _turn in range(2):
        html = client.get(f"/r/{response.receipt_code}/").content.decode()
        assert f"Harbour City Services · {response.unit.name}" in html
        if not response.replied_at:
            reply_to_response(response, text="We opened a second counter.", by=UserFactory(), at=now)
            response.refresh_from_db()


def test_an_unknown_code_is_told_in_plain_words(client: Client) -> None:
    answer = client.get("/r/ABCDEFGHJK/")
    assert answer.status_code == 404
    assert "We do not know this receipt code" in answer.content.decode()


def test_a_code_typed_with_blanks_and_small_letters_is_found(client: Client, now: datetime) -> None:
    _place, _sent, response = a_card(now)
    typed = " ".join([response.receipt_code[:5], response.receipt_code[5:]]).lower()
    assert client.get("/r/", {"code": typed})["Location"] == f"/r/{response.receipt_code}/"


def test_a_receipt_is_neither_stored_nor_indexed(client: Client, now: datetime) -> None:
    _place, _sent, response = a_card(now)
    answer = client.get(f"/r/{response.receipt_code}/")
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("no-store", "noindex")


def test_erasure_asks_first_and_then_tells(client: Client, now: datetime) -> None:
    _place, _sent, response = a_card(now)
    url = f"/r/{response.receipt_code}/"
    assert client.get(f"{url}erase/").status_code == 200
    assert Person.objects.exists()
    assert client.post(f"{url}erase/").status_code == 303
    assert client.get(url).status_code == 410


def test_erasure_leaves_no_trace_of_person_text_or_envelope(now: datetime) -> None:
    InstallationFactory()
    _place, sent, response = a_card(now, answered_at="2026-11-18T13:00:00Z")
    reply_to_response(response, text="Dear Ann Canary", by=UserFactory(), at=now)
    assert OutgoingMail.objects.filter(to="canary@example.org").exists()
    code = response.receipt_code
    erase_response(response, at=now)
    everything = [
        *Response.objects.values(),
        *Answer.objects.values(),
        *Person.objects.values(),
        *ResponseEvent.objects.values(),
        *OutgoingMail.objects.values(),
        *Tombstone.objects.values(),
    ]
    told = str(everything).lower()
    for canary in ("canary", str(sent.uid), sent.uid.hex, sent.body_hash, code.lower()):
        assert canary not in told
    stored = Response.objects.get()
    assert (stored.received_at.hour, stored.answered_at, stored.sent_at) == (0, None, None)
    assert response.events.filter(what="erased").exists()


def test_erasure_changes_no_figure(now: datetime) -> None:
    place, _sent, response = a_card(now)
    bucket = (place.visit.measure_id, response.unit_id, response.service_date)
    before, stale = CustomerAnswers().values_of(*bucket), StaleBucket.objects.count()
    erase_response(response, at=now)
    assert CustomerAnswers().values_of(*bucket) == before == {1: {4: 1}}
    assert StaleBucket.objects.count() == stale


def test_a_late_replay_of_an_erased_card_is_not_taken_in_again(client: Client, now: datetime) -> None:
    place, sent, response = a_card(now)
    erase_response(response, at=now)
    with pytest.raises(EnvelopeErased):
        receive_response(collector=place.collector, envelope=sent, at=now)
    assert Response.objects.count() == 1


def test_erasing_twice_has_one_effect(now: datetime) -> None:
    _place, _sent, response = a_card(now)
    erase_response(response, at=now)
    erase_response(response, at=now)
    assert Tombstone.objects.count() == 1


def test_contacts_are_forgotten_when_their_time_is_over(now: datetime) -> None:
    a_card(now)
    assert forget_expired_contacts(on=date(2027, 5, 17)) == 0
    assert forget_expired_contacts(on=date(2027, 5, 18)) == 1
    assert Response.objects.count() == 1


def test_our_letter_is_forgotten_with_the_contact_it_was_sent_to(now: datetime) -> None:
    InstallationFactory()
    _place, _sent, response = a_card(now)
    reply_to_response(response, text="Dear Ann Canary", by=UserFactory(), at=now)
    OutgoingMail.objects.create(to="canary@example.org", subject="Another matter", body="Stays")
    assert forget_expired_contacts(on=date(2027, 5, 18)) == 1
    assert [letter.body for letter in OutgoingMail.objects.all()] == ["Stays"]


def test_erasure_takes_the_letter_even_after_the_contact_is_gone(now: datetime) -> None:
    InstallationFactory()
    _place, _sent, response = a_card(now)
    reply_to_response(response, text="Dear Ann Canary", by=UserFactory(), at=now)
    Person.objects.all().delete()
    erase_response(response, at=now)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("address", "typed"), [("/r/?code=AB-12!", "AB-12!"), ("/r/ABCDEFGHJK/", "ABCDEFGHJK")]
)
def test_a_code_that_leads_nowhere_stays_in_its_field(client: Client, address: str, typed: str) -> None:
    InstallationFactory()
    page = client.get(address).content.decode()
    assert f'value="{typed}"' in page


@pytest.mark.parametrize("address", ["/r/", "/r/ABCDEFGHJK/"])
def test_where_a_code_is_typed_in_one_sees_whose_page_it_is_and_the_way_home(
    client: Client, address: str
) -> None:
    InstallationFactory()
    page = client.get(address).content.decode()
    assert "Harbour City" in page.partition("<h1>")[0].partition("<main")[2]
    assert 'href="/"' in page
