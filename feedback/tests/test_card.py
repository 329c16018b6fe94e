"""The public card, in a browser without script, cookie or account."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from feedback import card
from feedback.models import Person, Response, VersionText
from feedback.models import QuestionText as Words
from feedback.spam import new_stamp
from feedback.tests.cards import a_place, fields
from organisation.tests.factories import InstallationFactory

pytestmark = pytest.mark.django_db


def test_a_card_goes_from_the_page_to_the_receipt(client: Client) -> None:
    place = a_place()
    page = client.get(place.url)
    said = {"q-visit": "4", "q-next": "1", "q-comment": "Quick and friendly"}
    answer = client.post(place.url, {**fields(page.content), **said})
    stored = Response.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/r/{stored.receipt_code}/")
    receipt = client.get(answer["Location"])
    assert stored.receipt_code in receipt.content.decode()
    assert "Quick and friendly" in receipt.content.decode()


def test_no_cookie_is_set_and_no_session_opened(client: Client) -> None:
    place = a_place()
    page = client.get(place.url)
    answer = client.post(place.url, {**fields(page.content), "q-visit": "4"})
    receipt = client.get(answer["Location"])
    for each in (page, answer, receipt):
        assert not each.cookies
        assert "Cookie" not in each.get("Vary", "")


def test_a_card_needs_no_csrf_token() -> None:
    place = a_place()
    client = Client(enforce_csrf_checks=True)
    assert client.post(place.url, {"uid": str(uuid.uuid4()), "q-visit": "4"}).status_code == 303


def test_every_page_has_an_id_of_its_own_and_is_not_stored(client: Client) -> None:
    place = a_place()
    first, second = client.get(place.url), client.get(place.url)
    assert fields(first.content)["uid"] != fields(second.content)["uid"]
    assert first["Cache-Control"] == "no-store"
    assert "ETag" not in first


def test_a_second_page_costs_one_query(client: Client, django_assert_num_queries: Any) -> None:
    place = a_place()
    client.get(place.url)
    with django_assert_num_queries(1):
        client.get(place.url)


def test_the_card_is_small(client: Client) -> None:
    assert len(client.get(a_place().url).content) < 20_000


def test_a_new_name_shows_at_once(client: Client) -> None:
    place = a_place()
    InstallationFactory()
    client.get(place.url)
    place.collector.unit.name = "Quay branch"
    place.collector.unit.save()
    assert "Quay branch" in client.get(place.url).content.decode()


def test_sending_twice_leads_to_the_same_receipt(client: Client) -> None:
    place = a_place()
    said = {**fields(client.get(place.url).content), "q-visit": "4"}
    first, second = client.post(place.url, said), client.post(place.url, said)
    assert first["Location"] == second["Location"]
    assert Response.objects.count() == 1


def test_another_body_under_the_same_id_is_a_conflict(client: Client) -> None:
    place = a_place()
    said = {**fields(client.get(place.url).content), "q-visit": "4"}
    client.post(place.url, said)
    assert client.post(place.url, {**said, "q-visit": "1"}).status_code == 409
    assert Response.objects.get().rating == 75


def test_an_invalid_card_comes_back_with_everything_typed(client: Client) -> None:
    place = a_place()
    hidden = fields(client.get(place.url).content)
    said = {
        "q-visit": "4",
        "q-next": "7",
        "q-comment": "<b>Loud & clear</b>",
        "name": "Ann",
        "email": "not an address",
    }
    answer = client.post(place.url, {**hidden, **said})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert fields(answer.content)["uid"] == hidden["uid"]
    assert 'name="q-visit" value="4" checked' in page
    assert "&lt;b&gt;Loud &amp; clear&lt;/b&gt;" in page
    assert '<a href="#q-next">' in page
    assert '<a href="#email">' in page
    assert 'value="not an address"' in page
    assert not Response.objects.exists()


def test_a_card_without_an_id_gets_one_and_is_asked_for_again(client: Client) -> None:
    place = a_place()
    answer = client.post(place.url, {"q-visit": "4"})
    assert answer.status_code == 422
    assert uuid.UUID(fields(answer.content)["uid"]).version == 4


def test_surrogates_smuggled_in_by_an_encoding_break_nothing(client: Client) -> None:
    place = a_place()
    body = (
        '--x\r\nContent-Disposition: form-data; name="q-comment"\r\n\r\n\\ud800\r\n'
        f'--x\r\nContent-Disposition: form-data; name="uid"\r\n\r\n{uuid.uuid4()}\r\n--x--\r\n'
    )
    answer = client.generic(
        "POST", place.url, body.encode(), "multipart/form-data; boundary=x; charset=unicode_escape"
    )
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "closed",
    [
        {"archived_at": timezone.now()},
        {"opens_on": date(2999, 1, 1)},
        {"closes_on": date(2020, 1, 1)},
        {"kind": "import"},
    ],
)
def test_a_closed_place_says_so_kindly(client: Client, closed: dict[str, Any]) -> None:
    place = a_place(**closed)
    answer = client.get(place.url)
    assert answer.status_code == 404
    assert "not asking here at the moment" in answer.content.decode()
    assert client.post(place.url, {"uid": str(uuid.uuid4()), "q-visit": "4"}).status_code == 404
    assert not Response.objects.exists()


def test_an_unknown_place_says_so_kindly(client: Client) -> None:
    answer = client.get("/c/nowhere/")
    assert answer.status_code == 404
    assert "not asking here at the moment" in answer.content.decode()


@pytest.mark.parametrize(("hours", "status"), [(20, 303), (25, 404)])
def test_a_form_handed_out_before_closing_is_taken_for_a_day(
    client: Client, now: datetime, monkeypatch: Any, hours: int, status: int
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    place = a_place(closes_on=now.date())
    stamp = new_stamp(place.collector, at=now - timedelta(hours=hours))
    said = {"uid": str(uuid.uuid4()), "stamp": stamp, "q-visit": "4"}
    assert client.post(place.url, said).status_code == status


def test_a_replay_leads_to_its_receipt_even_after_closing(client: Client) -> None:
    place = a_place()
    said = {"uid": str(uuid.uuid4()), "q-visit": "4"}
    first = client.post(place.url, said)
    place.collector.closes_on = date(2020, 1, 1)
    place.collector.save()
    assert client.post(place.url, said)["Location"] == first["Location"]


def test_a_database_that_fails_is_told_and_never_a_lost_success(client: Client, monkeypatch: Any) -> None:
    place = a_place()
    said = {**fields(client.get(place.url).content), "q-visit": "4", "q-comment": "Keep me"}

    def broken(**kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("feedback.views.card.receive_response", broken)
    answer = client.post(place.url, said)
    assert answer.status_code == 503
    assert "Keep me" in answer.content.decode()


def test_a_database_that_is_gone_altogether_is_told_too(client: Client, monkeypatch: Any) -> None:
    def broken(slug: str) -> None:
        raise DatabaseError

    monkeypatch.setattr("feedback.views.card.place_at", broken)
    assert client.get("/c/anywhere/").status_code == 503


def test_the_card_speaks_the_customers_language(client: Client) -> None:
    place = a_place()
    VersionText.objects.create(version=place.version, language="de", title="Wie war es heute?")
    Words.objects.create(question=place.visit, language="de", wording="Wie war Ihr Besuch?")
    by_browser = client.get(place.url, headers={"Accept-Language": "fr, de-AT;q=0.8, en;q=0.5"})
    assert "Wie war Ihr Besuch?" in by_browser.content.decode()
    assert 'lang="de"' in by_browser.content.decode()
    by_choice = client.get(place.url + "?language=en", headers={"Accept-Language": "de"})
    assert "How was your visit?" in by_choice.content.decode()
    answer = client.post(place.url, {**fields(by_browser.content), "q-visit": "4"})
    assert answer.status_code == 303
    assert Response.objects.get().language == "de"


def test_a_contact_left_is_kept_for_the_answer(client: Client) -> None:
    place = a_place()
    said = {**fields(client.get(place.url).content), "q-visit": "4", "email": "ann@example.org"}
    client.post(place.url, said)
    assert Person.objects.get().email == "ann@example.org"


def test_what_a_card_is_made_from_is_read_once_in_a_while_and_never_kept_longer(
    client: Any, settings: Any, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    clock = [100.0]
    monkeypatch.setattr(card, "_places", {})
    monkeypatch.setattr(card.time, "monotonic", lambda: clock[0])
    settings.PUBLIC_PAGE_SECONDS = 1
    place = a_place()
    address = f"/c/{place.collector.slug}/"
    client.get(address)
    with django_assert_num_queries(0):
        client.get(address)
    type(place.collector).objects.update(archived_at="2026-11-18T14:00Z")
    clock[0] += 1
    assert client.get(address).status_code == 404


def test_the_other_languages_stand_before_the_title_where_a_reader_of_them_looks_first(
    client: Client,
) -> None:
    place = a_place()
    VersionText.objects.create(version=place.version, language="de", title="Wie war Ihr Besuch?")
    page = client.get(place.url).content.decode()
    assert page.index('hreflang="de"') < page.index("<h1")
