"""The inbox: who sees what of it, what it finds, and what can be done there."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from charter.models import StaleBucket
from feedback.actions.inbox import (
    AlreadyReplied,
    delete_response,
    mark_as_spam,
    reply_to_response,
    undelete_response,
)
from feedback.actions.receive import receive_response
from feedback.masking import masked
from feedback.models import Person, Response
from feedback.said import comment_of, written
from feedback.tests.cards import a_place, a_survey, envelope
from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db
CONTACT = {"name": "Ann Miller", "email": "ann@example.org", "phone": "020 7946 0123"}


def a_card(place: Any, now: datetime, comment: str = "", visit: int = 4, **more: Any) -> Response:
    sent = envelope(place, {"visit": visit, "comment": comment}, **more)
    return receive_response(collector=place.collector, envelope=sent, at=now).response


def page_for(user: Any, query: str = "", path: str = "/feedback/") -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(path + query)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def test_the_second_of_two_replies_is_refused_and_leaves_no_trace(now: datetime) -> None:
    response = a_card(a_place(), now)
    reply_to_response(response, text="Mended", by=UserFactory(), at=now)
    with pytest.raises(AlreadyReplied):
        reply_to_response(response, text="Mended too", by=UserFactory(), at=now)
    assert [event.note for event in response.events.all()] == ["Mended"]


def test_a_reply_goes_by_mail_only_where_an_address_was_left(now: datetime) -> None:
    InstallationFactory()
    place = a_place()
    silent, left = a_card(place, now), a_card(place, now, contact=CONTACT)
    for response in (silent, left):
        reply_to_response(response, text="We mended it.", by=UserFactory(), at=now)
    letter = OutgoingMail.objects.get()
    assert letter.to == "ann@example.org"
    assert f"/r/{left.receipt_code}/" in letter.body


def test_staff_read_their_own_units_comments_without_personal_data(now: datetime) -> None:
    place, elsewhere = a_place(), a_place()
    comment = "I am Ann Miller, write to ann@example.org or other@example.net, ring +44 20 7946 0999"
    card = a_card(place, now, comment, contact=CONTACT)
    a_card(elsewhere, now, "Not for you")
    staff = person_in(place.collector.unit, "staff")
    for path in ("/feedback/", "/feedback/export/", f"/feedback/responses/{card.reference}/"):
        page = page_for(staff, path=path)
        assert "write to" in page
        for secret in ("am Ann", "Miller", "@example", "7946", "Not for you"):
            assert secret not in page


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_the_desk_never_learns_the_code_that_opens_and_erases_the_receipt(now: datetime, role: str) -> None:
    place = a_place()
    card = a_card(place, now, "write to ann@example.org", contact=CONTACT)
    user = person_in(place.collector.unit, role)
    for path in ("/feedback/", "/feedback/export/", f"/feedback/responses/{card.reference}/"):
        assert card.receipt_code not in page_for(user, path=path)
    assert Client().get(f"/r/{card.reference}/").status_code == 404
    assert "write to" in page_for(user, f"?q={card.receipt_code.lower()}")


def test_staff_read_our_answer_without_personal_data(now: datetime) -> None:
    InstallationFactory()
    place = a_place()
    card = a_card(place, now, contact=CONTACT)
    reply_to_response(card, text="Dear Ann Miller, we rang 020 7946 0123.", by=UserFactory(), at=now)
    path = f"/feedback/responses/{card.reference}/"
    seen = page_for(person_in(place.collector.unit, "staff"), path=path)
    assert "we rang" in seen
    for secret in ("Miller", "7946"):
        assert secret not in seen
    assert "Ann Miller" in page_for(person_in(place.collector.unit, "manager"), path=path)


def test_a_search_without_a_hit_names_the_words(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "something")
    manager = person_in(place.collector.unit, "manager")
    assert "Nothing matches “hiver”" in page_for(manager, "?q=hiver")
    assert "Nobody has told you" not in page_for(manager, "?period=soon&state=spam")


def test_a_deleted_card_is_not_answered(now: datetime) -> None:
    card = a_card(a_place(), now, contact=CONTACT)
    delete_response(card, by=UserFactory(), at=now)
    with pytest.raises(AlreadyReplied):
        reply_to_response(card, text="Too late", by=UserFactory(), at=now)
    assert not OutgoingMail.objects.exists()


def test_managers_read_the_comment_and_the_contact(now: datetime) -> None:
    place = a_place()
    card = a_card(place, now, "Ring 020 7946 0999", contact=CONTACT)
    page = page_for(person_in(place.collector.unit, "manager"), path=f"/feedback/responses/{card.reference}/")
    assert "020 7946 0999" in page
    assert "ann@example.org" in page


def test_staff_cannot_find_out_an_address_by_searching_for_it(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "write to ann@example.org", contact=CONTACT)
    staff = person_in(place.collector.unit, "staff")
    assert "write to" in page_for(staff, "?q=write")
    assert "write to" not in page_for(staff, "?q=ann@example.org")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ring 020 7946 0999 now", "ring […] now"),
        ("(+44) 20-7946-0999", "[…]"),
        ("write to a.b+c@x.example.org.", "write to […]"),
        (
            "on 18 May at 10:30, counter 4, waited 25 minutes",
            "on 18 May at 10:30, counter 4, waited 25 minutes",
        ),
        ("paid 1,250 in 2026", "paid 1,250 in 2026"),
        ("annual report of ANN", "annual report of […]"),
    ],
)
def test_personal_data_are_masked_and_nothing_else(text: str, kept: str) -> None:
    assert masked(text, Person(name="Ann Li", email="ann@example.org")) == kept


def test_the_search_ignores_case_beyond_ascii(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "Un ÉTÉ agréable")
    manager = person_in(place.collector.unit, "manager")
    assert "agréable" in page_for(manager, "?q=été")
    assert "Nothing matches" in page_for(manager, "?q=hiver")


def test_filters_are_combined(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "wanted", visit=1)
    a_card(place, now, "too good", visit=5)
    a_card(place, now - timedelta(days=40), "too old", visit=1)
    spam = a_card(place, now, "spam", visit=1)
    mark_as_spam(spam, by=UserFactory(), at=now)
    manager = person_in(place.collector.unit, "manager")
    page = page_for(
        manager, f"?rating=low&period=2026-11&collector={place.collector.slug}&comment=yes&state=new"
    )
    assert "wanted" in page
    for other in ("too good", "too old", ">spam<"):
        assert other not in page
    assert ">spam<" in page_for(manager, "?state=spam")
    assert page_for(manager, "?sort=worst").index("wanted") < page_for(manager, "?sort=worst").index(
        "too good"
    )


def test_the_answers_behind_a_measure_are_found(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "with a face")
    sent = envelope(place, {"next": 1, "comment": "without a face"})
    receive_response(collector=place.collector, envelope=sent, at=now)
    page = page_for(person_in(place.collector.unit, "manager"), f"?measure={place.visit.measure.key}")
    assert "with a face" in page
    assert "without a face" not in page


def test_a_filter_that_means_nothing_is_told_and_left_out(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "Still here")
    page = page_for(person_in(place.collector.unit, "manager"), "?period=soon&rating=purple&unit=nowhere")
    assert "Still here" in page
    assert "is no period" in page


def test_a_unit_includes_what_stands_below_it(now: datetime) -> None:
    region: Any = UnitFactory()
    place = a_place(unit=UnitFactory(parent=region))
    a_card(place, now, "from below")
    manager = person_in(region, "manager")
    assert "from below" in page_for(manager, f"?unit={region.slug}")


def test_staff_see_no_spam_and_no_deleted_cards(now: datetime) -> None:
    place = a_place()
    card = a_card(place, now, "gone")
    delete_response(card, by=UserFactory(), at=now)
    staff, manager = person_in(place.collector.unit, "staff"), person_in(place.collector.unit, "manager")
    assert "gone" not in page_for(staff, "?state=deleted")
    assert "gone" in page_for(manager, "?state=deleted")
    undelete_response(card, by=manager, at=now)
    assert "gone" in page_for(staff)


def test_a_deletion_and_its_undoing_make_the_buckets_stale(now: datetime) -> None:
    card = a_card(a_place(), now)
    user = UserFactory()
    StaleBucket.objects.all().delete()
    delete_response(card, by=user, at=now)
    assert StaleBucket.objects.count() == 1
    undelete_response(card, by=user, at=now)
    assert StaleBucket.objects.count() == 2
    assert [event.what for event in card.events.all()] == ["deleted", "undeleted"]


def test_the_export_keeps_the_filters_and_computes_nothing(now: datetime) -> None:
    place = a_place()
    a_card(place, now, '=HYPERLINK("http://x")', visit=1)
    a_card(place, now, "fine", visit=5)
    page = page_for(person_in(place.collector.unit, "manager"), "?rating=low", "/feedback/export/")
    rows = list(csv.DictReader(io.StringIO(page.lstrip("\ufeff"))))
    assert [row["comment"] for row in rows] == ['\'=HYPERLINK("http://x")']
    assert rows[0]["visit"] == "1"


def queries_of(user: Any, path: str) -> int:
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
    return len(queries)


@pytest.mark.parametrize("role", ["staff", "manager"])
@pytest.mark.parametrize("path", ["/feedback/", "/feedback/export/"])
def test_twenty_responses_cost_no_more_queries_than_two(now: datetime, role: str, path: str) -> None:
    place = a_place()
    user = person_in(place.collector.unit, role)
    for _turn in range(2):
        a_card(place, now, "a word", contact=CONTACT)
    two = queries_of(user, path)
    for _turn in range(18):
        a_card(place, now, "a word", contact=CONTACT)
    assert queries_of(user, path) == two


def test_an_empty_reply_comes_back_with_what_is_wrong(client: Client, now: datetime) -> None:
    place = a_place()
    card = a_card(place, now)
    client.force_login(person_in(place.collector.unit, "manager"))
    answer = client.post(f"/feedback/responses/{card.reference}/reply/", {"text": "  "})
    assert answer.status_code == 422
    assert "Not saved yet" in answer.content.decode()


def test_a_hostile_comment_is_shown_and_not_run(now: datetime) -> None:
    place = a_place()
    card = a_card(place, now, "<script>alert(1)</script>")
    manager = person_in(place.collector.unit, "manager")
    for path in ("/feedback/", f"/feedback/responses/{card.reference}/", f"/r/{card.receipt_code}/"):
        assert "<script>alert" not in page_for(manager, path=path)


def test_the_export_comes_as_json_and_as_a_workbook_too(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "=1+1", visit=2)
    manager = person_in(place.collector.unit, "manager")
    (told,) = json.loads(page_for(manager, "?format=json", "/feedback/export/"))
    assert (told["comment"], told["visit"], told["day"]) == ("=1+1", 2, "2026-11-18")
    assert page_for(manager, "?format=json&q=nothing", "/feedback/export/") == "[]"
    client = Client()
    client.force_login(manager)
    content = b"".join(client.get("/feedback/export/?format=xlsx"))
    assert load_workbook(io.BytesIO(content)).active["A1"].value == "Number"


def test_a_question_named_like_a_column_is_told_apart_in_json(now: datetime) -> None:
    place = a_survey(("rating", "text", {}), ("unit", "text", {}))
    sent = envelope(place, {"rating": "Quite good", "unit": "The harbour"})
    receive_response(collector=place.collector, envelope=sent, at=now)
    manager = person_in(place.collector.unit, "manager")
    (row,) = json.loads(page_for(manager, "?format=json", "/feedback/export/"))
    assert (row["q-rating"], row["q-unit"]) == ("Quite good", "The harbour")
    assert row["unit"] == place.collector.unit.name


def test_the_name_of_who_helped_is_no_comment(now: datetime) -> None:
    InstallationFactory()
    place = a_survey(("who", "helper", {}), ("why", "text", {}))
    manager = person_in(place.collector.unit, "manager")
    receive_response(collector=place.collector, envelope=envelope(place, {"who": "Maya"}), at=now)
    page = page_for(manager)
    assert ("Helped by: Maya" in page, "No comment" in page) == (True, True)
    assert "Maya" not in page_for(manager, "?comment=yes")
    both = envelope(place, {"who": "Sofia", "why": "She wrote it down."})
    said = receive_response(collector=place.collector, envelope=both, at=now).response
    told = Response.objects.prefetch_related(written()).get(pk=said.pk)
    assert comment_of(told, mask=False) == "She wrote it down."
    assert "She wrote it down." in page_for(manager, "?comment=yes")


def test_the_page_of_a_card_says_where_it_stands(client: Client, now: datetime) -> None:
    response = a_card(a_place(), now)
    client.force_login(person_in(response.unit, "manager"))
    assert '<span class="chip">new</span>' in client.get(response.get_absolute_url()).content.decode()
    reply_to_response(response, text="Thank you.", by=UserFactory(), at=now)
    assert '<span class="chip">answered</span>' in client.get(response.get_absolute_url()).content.decode()
