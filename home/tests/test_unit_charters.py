"""The public charter beside those of units, and what it says about departures."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from charter.models import Measure
from charter.tests.factories import MeasureFactory, RecordedResultFactory, StandardFactory
from home.tests.published import NOW, charter_of, promise, publish, root_unit
from organisation.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def page(client: Client) -> str:
    return " ".join(client.get("/").content.decode().split())


def test_departures_within_the_guidance_are_told_beside_the_figure(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = MeasureFactory(
        standard=StandardFactory(charter=charter),
        method=Measure.Method.SHARE_MET,
        source=Measure.Source.RESULTS,
        goal=90,
    )
    publish(charter)
    RecordedResultFactory(
        measure=measure,
        unit=root,
        met=90,
        total=100,
        departures=6,
        departure_reason="Storm",
    )
    html = page(client)
    assert "90 of 94" in html
    assert "6 more cases, departures within the guidance, are counted apart." in html
    assert "Every case is counted" not in html


def test_the_charters_of_units_are_listed_on_the_charter_of_the_whole(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    branch = charter_of(UnitFactory(name="Harbour branch", slug="harbour", parent=root))
    promise(branch, "Greeted at once")
    assert "/charters/harbour/" not in page(client)
    publish(branch)
    assert '<a href="/charters/harbour/">Harbour branch</a>' in page(client)


def test_the_api_gives_a_units_own_charter_or_says_that_there_is_none(client: Client) -> None:
    root = root_unit()
    for unit in (root, UnitFactory(slug="harbour", parent=root)):
        charter = charter_of(unit)
        promise(charter, f"Promise of {unit.slug}")
        publish(charter)
    found = client.get("/api/v1/charter?unit=harbour").json()
    assert (found["unit"], found["promises"][0]["promise"]) == ("harbour", "Promise of harbour")
    assert client.get("/api/v1/charter").json()["unit"] == root.slug
    assert client.get("/api/v1/charter?unit=nowhere%00").status_code == 404


def test_all_charters_of_units_are_listed_folded_where_there_are_many(client: Client) -> None:
    root = root_unit()
    promise(charter_of(root))
    publish(root.charter)
    for number in range(31):
        unit = UnitFactory(name=f"Branch {number:02}", slug=f"branch-{number:02}", parent=root)
        promise(charter_of(unit), "Greeted at once")
        publish(unit.charter)
    html = page(client)
    assert html.count('<a href="/charters/branch-') == 31
    assert html.index("<summary>Charters of our units: 31</summary>") < html.index("/charters/branch-00/")
