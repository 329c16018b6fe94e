"""Where we ask: places, posters, QR codes."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.actions.collectors import archive_collector, reopen_collector
from feedback.models import Collector
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
