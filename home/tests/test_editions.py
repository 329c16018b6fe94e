"""The archive of published editions."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from charter.models import StandardText
from home.tests.published import NOW, charter_of, promise, publish, root_unit, tally

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def three_editions() -> Any:
    charter = charter_of(root_unit())
    measure = promise(charter, "The old words")
    publish(charter, 1, date(2026, 1, 1), "The first one")
    StandardText.objects.update(promise="The new words")
    publish(charter, 2, date(2026, 9, 1), "Because 28 in 100 went home guessing")
    publish(charter, 3, NOW.date() + timedelta(days=30), "For next year")
    return measure


def test_the_archive_says_of_each_edition_what_changed(client: Client, three_editions: Any) -> None:
    html = client.get("/editions/").content.decode()
    assert html.index("For next year") < html.index("Because 28 in 100") < html.index("The first one")
    assert html.count("in force</span>") == 1
    assert html.count("to come</span>") == 1


def test_an_earlier_edition_keeps_its_words_and_names_the_one_in_force(
    client: Client, three_editions: Any
) -> None:
    html = " ".join(client.get("/editions/1/").content.decode().split())
    assert "The old words" in html
    assert "The new words" not in html
    assert "It has been replaced: Edition 2 is in force today." in html


def test_an_edition_to_come_says_so(client: Client, three_editions: Any) -> None:
    assert "It is not in force yet." in client.get("/editions/3/").content.decode()


def test_an_earlier_edition_shows_no_figure_of_today(client: Client, three_editions: Any) -> None:
    tally(three_editions, three_editions.standard.charter.unit, 91, 100)
    html = client.get("/editions/1/").content.decode()
    assert "91 of 100" not in html
    assert "Not measured yet" not in html
    assert "goal 90" in html
