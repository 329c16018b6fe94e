"""The public charter: which edition, its figures in plain words, and where to tell."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from charter.models import StandardText
from home.tests.published import NOW, charter_of, open_place, promise, publish, root_unit, tally
from organisation.tests.factories import InstallationFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def page(client: Client, path: str = "/", **headers: Any) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# -------------------------------------------------------- which edition


def test_the_page_shows_the_edition_in_force_today_and_not_the_one_to_come(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter, "The old words")
    publish(charter, 1, date(2026, 1, 1))
    StandardText.objects.update(promise="The words of today")
    publish(charter, 2, NOW.date())
    StandardText.objects.update(promise="The words of tomorrow")
    publish(charter, 3, NOW.date() + timedelta(days=1))
    html = page(client)
    assert "The words of today" in html
    assert "The old words" not in html
    assert "The words of tomorrow" not in html
    assert "Edition 2, in force since" in html


def test_today_is_the_units_day_and_not_the_servers(client: Client, monkeypatch: Any) -> None:
    root = root_unit()
    root.timezone = "Pacific/Auckland"
    root.save()
    charter = charter_of(root)
    promise(charter, "Tomorrow in London")
    publish(charter, 1, date(2026, 11, 19))
    assert "Tomorrow in London" in page(client)


def test_a_draft_that_was_edited_after_publishing_is_not_shown(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter, "As published")
    publish(charter)
    StandardText.objects.update(promise="Only a draft")
    assert "Only a draft" not in page(client)


def test_a_unit_has_its_own_charter_page(client: Client) -> None:
    root = root_unit()
    branch = UnitFactory(slug="hill", name="Hill branch", parent=root)
    charter = charter_of(branch, "What you can expect on the hill")
    promise(charter)
    publish(charter)
    assert "What you can expect on the hill" in page(client, "/charters/hill/")


@pytest.mark.parametrize("path", ["/charters/hill/", "/charters/nowhere/", "/editions/", "/editions/1/"])
def test_what_is_not_published_is_not_found(client: Client, path: str) -> None:
    root = root_unit()
    UnitFactory(slug="hill", parent=root)
    charter_of(root)
    assert client.get(path).status_code == 404


def test_an_empty_installation_shows_the_first_steps(client: Client) -> None:
    assert "No promise published yet" in page(client)
    InstallationFactory()
    assert "No promise published yet" in page(client)


# ---------------------------------------------------- figures in plain words


def test_the_figure_stands_in_plain_words_beside_the_promise(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    html = page(client)
    assert "<b>91 of 100</b> said yes; our goal is 90." in html
    assert "How sure are we?" in html
    assert "Those who answered chose to." in html


def test_the_figure_pools_the_units_below(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    for place, yes in (("a", 40), ("b", 51)):
        tally(measure, UnitFactory(slug=place, parent=root), yes, 60)
    assert "<b>91 of 120</b> said yes" in page(client)


def test_answers_older_than_three_months_do_not_count(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 30, 30, date(2026, 9, 1))
    tally(measure, root, 0, 70, date(2026, 8, 1))
    assert "<b>30 of 30</b> said yes" in page(client)


def test_too_few_answers_are_counted_but_not_shown(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 5, 6)
    html = page(client)
    assert "6 answers so far, we publish from 10." in html
    assert "5 of 6" not in html
    assert "How sure are we?" not in html


def test_the_hero_counts_what_is_kept_for_certain_and_what_was_missed(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    kept, unsure, missed = (promise(charter, words) for words in ("One", "Two", "Three"))
    promise(charter, "Four")
    publish(charter)
    tally(kept, root, 282, 300)
    tally(unsure, root, 91, 100)
    tally(missed, root, 46, 64)
    html = page(client)
    assert "<b>1 of 4</b> promises kept for certain over the last three months" in html
    for words in ("1 kept", "1 too close to say", "1 missed", "1 without a figure yet"):
        assert f"</svg> {words}</li>" in html


def test_the_hero_has_words_for_no_promise_measured_yet(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    promise(charter, "Another")
    publish(charter)
    html = page(client)
    assert "<b>2 promises</b> made." in html
    assert "kept for certain" not in html


# ------------------------------------------------------------- where to tell


def test_one_place_is_one_step_away(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    open_place(root)
    assert 'href="/c/harbour/"' in page(client)


def test_of_several_places_the_customer_names_the_own_one(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    open_place(root, "harbour")
    open_place(UnitFactory(parent=root), "hill")
    assert 'href="/places/"' in page(client)
    html = page(client, "/places/")
    assert 'href="/c/harbour/"' in html
    assert 'href="/c/hill/"' in html


def test_nobody_is_sent_to_a_place_that_is_closed(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    place = open_place(root)
    place.closes_on = NOW.date()
    place.save()
    assert "Tell us how we did" not in page(client)


def test_surveys_and_what_colleagues_are_asked_are_no_places_for_customers(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    promise(charter)
    publish(charter)
    open_place(root)
    for kind in ("survey", "employees", "interview"):
        questionnaire = open_place(root, kind).questionnaire
        questionnaire.kind = kind
        questionnaire.save()
    html = page(client, "/places/")
    assert 'href="/c/harbour/"' in html
    assert not any(f"/c/{kind}/" in html for kind in ("survey", "employees", "interview"))


def test_the_page_of_places_can_be_read_in_every_language_of_the_charter(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    charter_of(root, "Was Sie von uns erwarten", "de")
    promise(charter)
    publish(charter)
    open_place(root)
    assert 'href="?language=de"' in page(client, "/places/")
    assert "Wo waren Sie?" in page(client, "/places/?language=de")
