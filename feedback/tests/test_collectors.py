"""Where we ask: places, posters, QR codes."""

import csv
import io
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from feedback.actions.collectors import archive_collector, reopen_collector
from feedback.models import Collector
from feedback.prints import data_of, poster_of
from feedback.tests.cards import a_place
from feedback.tests.factories import CollectorFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db


def test_the_poster_shows_the_address_and_its_qr_code(client: Client, settings: Any) -> None:
    InstallationFactory()
    settings.BASE_URL = "https://say.harbour.example"
    place = a_place()
    client.force_login(person_in(place.collector.unit, "staff"))
    page = client.get(f"/feedback/collectors/{place.collector.slug}/poster/").content.decode()
    assert f"say.harbour.example/c/{place.collector.slug}/" in page
    picture = client.get(f"/feedback/collectors/{place.collector.slug}/qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")


def test_a_manager_opens_a_place_only_in_an_own_unit(client: Client) -> None:
    place = a_place()
    elsewhere: Any = UnitFactory()
    client.force_login(person_in(place.collector.unit, "manager"))
    data = {"name": "Door", "slug": "door", "questionnaire": place.version.questionnaire_id}
    refused = client.post("/feedback/collectors/add/", {**data, "unit": elsewhere.pk})
    assert refused.status_code == 422
    assert not Collector.objects.filter(slug="door").exists()
    assert (
        client.post("/feedback/collectors/add/", {**data, "unit": place.collector.unit_id}).status_code == 302
    )
    assert client.get("/c/door/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "Two words"}, "slug"),
        ({"slug": "taken"}, "slug"),
        ({"opens_on": "2026-11-02", "closes_on": "2026-11-01"}, "closes_on"),
        ({"name": "a\x00"}, "name"),
    ],
)
def test_a_place_that_makes_no_sense_is_refused_beside_its_field(
    client: Client, change: dict[str, str], field: str
) -> None:
    place = a_place(slug="taken")
    client.force_login(person_in(place.collector.unit, "manager"))
    data = {
        "name": "Door",
        "slug": "door",
        "unit": place.collector.unit_id,
        "questionnaire": place.version.questionnaire_id,
    }
    answer = client.post("/feedback/collectors/add/", {**data, **change})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_an_archived_place_asks_again_under_the_same_address(client: Client, now: datetime) -> None:
    place = a_place()
    archive_collector(place.collector, at=now)
    assert client.get(place.url).status_code == 404
    reopen_collector(place.collector)
    assert client.get(place.url).status_code == 200


@pytest.mark.parametrize("path", ["/feedback/collectors/", "/feedback/questionnaires/"])
def test_twenty_places_cost_no_more_queries_than_two(client: Client, path: str) -> None:
    unit: Any = UnitFactory()
    client.force_login(person_in(unit, "manager"))
    counts = []
    for many in (2, 18):
        for _turn in range(many):
            CollectorFactory(unit=unit)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("size", ["a4", "a5", "tent"])
def test_the_poster_is_a_tagged_pdf_in_the_language_asked_for(client: Client, size: str) -> None:
    InstallationFactory()
    place = a_place()
    client.force_login(person_in(place.collector.unit, "staff"))
    answer = client.get(f"/feedback/collectors/{place.collector.slug}/poster-{size}.pdf?language=de")
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    assert reader.root_object["/Lang"] == "de"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert len(reader.pages) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_poster_has_whole_faces_and_an_address_that_can_be_typed_in_every_direction(
    client: Client, language: str
) -> None:
    """The five faces stand in the middle with all that is drawn in them, the address stands in one piece."""
    InstallationFactory()
    place = a_place()
    client.force_login(person_in(place.collector.unit, "staff"))
    address = f"/feedback/collectors/{place.collector.slug}/poster-a4.pdf?language={language}"
    [page] = PdfReader(io.BytesIO(client.get(address).content)).pages
    reached: list[float] = []
    pieces: list[str] = []

    def note(operator: bytes, operands: Any, matrix: Any, _text: Any) -> None:
        if operator == b"c":
            reached.extend(float(x) * matrix[0] + matrix[4] for x in operands[::2])

    page.extract_text(
        visitor_operand_before=note, visitor_text=lambda text, *_where: pieces.append(text.strip())
    )
    assert place.collector.address.partition("://")[2].rstrip("/") in pieces
    middle = float(page.mediabox.width) / 2
    assert len(reached) > 50
    assert (min(reached) + max(reached)) / 2 == pytest.approx(middle, abs=1)


def test_a_new_way_of_asking_leads_to_the_page_that_says_how(client: Client) -> None:
    place = a_place()
    client.force_login(person_in(place.collector.unit, "manager"))
    data = {
        "name": "Website",
        "slug": "website",
        "kind": "embed",
        "unit": place.collector.unit_id,
        "questionnaire": place.version.questionnaire_id,
        "expected_a_week": "20",
        "thanks_de": "Danke!",
    }
    page = client.post("/feedback/collectors/add/", data, follow=True).content.decode()
    assert "data-card=&quot;website&quot;" in page or 'data-card="website"' in page
    made = Collector.objects.get(slug="website")
    assert made.expected_a_week == 20
    assert [(row.language, row.thanks) for row in made.texts.all()] == [("de", "Danke!")]


def test_the_list_tells_ways_of_asking_apart_and_says_what_is_missing(client: Client) -> None:
    InstallationFactory()
    unit: Any = UnitFactory()
    CollectorFactory(unit=unit, name="Door", expected_a_week=30)
    CollectorFactory(unit=unit, name="Sheets", kind="paper")
    CollectorFactory(unit=unit, name="File", kind="import")
    client.force_login(person_in(unit, "manager"))
    assert "0 of 30" in client.get("/feedback/collectors/").content.decode()
    found = client.get("/feedback/collectors/?kind=paper&sort=latest").context["page"].object_list
    assert [each.name for each in found] == ["Sheets"]
    exported = b"".join(client.get("/feedback/collectors/export/")).decode()
    assert "File" not in exported


def test_silence_of_a_place_that_was_not_asking_is_no_zero(client: Client) -> None:
    InstallationFactory()
    unit: Any = UnitFactory()
    CollectorFactory(unit=unit, name="Door", expected_a_week=30)
    CollectorFactory(unit=unit, name="Closed", closes_on=date(2020, 1, 1), expected_a_week=31)
    CollectorFactory(unit=unit, name="Kiosk out of contact", kind="kiosk", expected_a_week=32)
    client.force_login(person_in(unit, "manager"))
    page = client.get("/feedback/collectors/").content.decode()
    assert [each in page for each in ("0 of 30", "0 of 31", "0 of 32")] == [True, False, False]
    exported = b"".join(client.get("/feedback/collectors/export/")).decode("utf-8-sig")
    lately = {row["Place"]: row["Last 7 days"] for row in csv.DictReader(io.StringIO(exported))}
    assert lately == {"Door": "0", "Closed": "", "Kiosk out of contact": ""}


def test_a_poster_shows_faces_only_where_faces_are_asked_first() -> None:
    place = a_place()
    assert data_of(place.collector, "a4", None)["shows"] == {"faces": True}
    place.visit.delete()
    assert data_of(place.collector, "a4", None)["shows"] == {
        "faces": False,
        "question": {"text": "Do you know what happens next?", "language": "en"},
    }


@pytest.mark.parametrize("size", ["a4", "a5", "tent"])
def test_a_poster_without_faces_says_what_is_asked_first(size: str) -> None:
    place = a_place()
    place.visit.delete()
    text = PdfReader(io.BytesIO(poster_of(place.collector, size))).pages[0].extract_text()
    assert "Do you know what happens next?" in " ".join(text.split())


def test_a_long_first_question_is_left_to_the_card() -> None:
    place = a_place()
    place.visit.delete()
    place.next.texts.update(wording="Did we keep what we promised? " * 5)
    assert data_of(place.collector, "a4", None)["shows"] == {"faces": False}
