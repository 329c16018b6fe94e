"""The preview: what customers will see if the draft is published as it stands."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from charter.models import Charter, Edition, StandardText
from home.tests.published import NOW, charter_of, promise, publish, root_unit, tally
from organisation.tests.factories import UnitFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def charter() -> Charter:
    """Edition 1 is published; since then the draft has got other words."""
    charter = charter_of(root_unit())
    measure = promise(charter, "As published")
    publish(charter)
    tally(measure, charter.unit, 91, 100)
    StandardText.objects.update(promise="Only a draft")
    return charter


def preview(client: Client, charter: Charter, **query: str) -> Any:
    return client.get(f"/charters/{charter.unit.slug}/preview/", query)


def test_the_preview_shows_the_draft_with_todays_figures(client: Client, charter: Charter) -> None:
    client.force_login(person_in(charter.unit, "manager"))
    html = " ".join(preview(client, charter).content.decode().split())
    assert "Only a draft" in html
    assert "As published" not in html
    assert "<b>91 of 100</b> said yes; our goal is 90." in html
    assert "This is a preview" in html
    assert "in force since" not in html
    assert "What changed" not in html


def test_the_preview_publishes_nothing_and_is_kept_nowhere(client: Client, charter: Charter) -> None:
    client.force_login(person_in(charter.unit, "manager"))
    response = preview(client, charter)
    assert "no-store" in response.headers["Cache-Control"]
    assert Edition.objects.count() == 1
    assert "Only a draft" not in Client().get("/").content.decode()


def test_the_preview_speaks_the_language_asked_for(client: Client, charter: Charter) -> None:
    charter_of(charter.unit, "Was Sie von uns erwarten können", "de")
    client.force_login(person_in(charter.unit, "manager"))
    response = preview(client, charter, language="de")
    assert "Was Sie von uns erwarten können" in response.content.decode()
    assert 'lang="de"' in response.content.decode()


def test_a_manager_of_another_unit_gets_no_preview(client: Client, charter: Charter) -> None:
    client.force_login(person_in(UnitFactory(parent=charter.unit), "manager"))
    assert preview(client, charter).status_code == 403


def test_a_unit_without_a_draft_has_no_preview(client: Client, charter: Charter) -> None:
    client.force_login(person_in(charter.unit, "manager"))
    other = UnitFactory(parent=charter.unit)
    assert client.get(f"/charters/{other.slug}/preview/").status_code == 404


def test_the_editor_links_the_preview_for_those_who_may_edit(client: Client, charter: Charter) -> None:
    address = f'href="/charters/{charter.unit.slug}/preview/"'
    client.force_login(person_in(charter.unit, "manager"))
    assert address in client.get(charter.get_absolute_url()).content.decode()
    client.force_login(person_in(charter.unit, "staff"))
    assert address not in client.get(charter.get_absolute_url()).content.decode()


@pytest.mark.parametrize("of_unit", [False, True])
def test_no_link_of_a_preview_is_dead_while_nothing_is_published(client: Client, of_unit: bool) -> None:
    root = root_unit()
    draft = charter_of(UnitFactory(parent=root, slug="hill") if of_unit else root)
    promise(draft, "Only a draft")
    client.force_login(person_in(root, "manager"))
    html = preview(client, draft).content.decode()
    assert "Only a draft" in html
    links = {link.split("#")[0] for link in re.findall(r'<a [^>]*href="(/[^"]*)"', html)}
    assert links
    assert [link for link in sorted(links) if client.get(link).status_code == 404] == []
