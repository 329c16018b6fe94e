"""“You said, we did”: written, previewed, published, archived."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from charter import actions
from charter.models import Improvement
from charter.tests.factories import ImprovementFactory, StandardFactory
from organisation.tests.factories import UserFactory, person_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
LIST = "/improvements/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def standard():
    return StandardFactory(key="next-step")


@pytest.fixture
def manager(client, standard):
    person = person_in(standard.charter.unit, "manager")
    client.force_login(person)
    return person


def typed(**changes):
    data = {
        "standard": "next-step",
        "said": "We go home guessing.",
        "did": "We write the next step down.",
        "done_on": "2026-10-01",
        "version": "0",
        "do": "save",
    }
    return data | changes


def test_a_saved_entry_is_a_draft_until_it_is_published(client, manager):
    client.post(f"{LIST}add/", typed())
    entry = Improvement.objects.get()
    assert not entry.is_public
    client.post(reverse("charter:improvement_publish", args=[entry.reference]))
    assert [each.text().did for each in Improvement.objects.published()] == ["We write the next step down."]
    assert [event.what for event in entry.events.all()] == ["published", "added"]


def test_save_and_publish_is_one_step(client, manager):
    client.post(f"{LIST}add/", typed(do="publish"))
    assert Improvement.objects.get().is_public


def test_a_preview_shows_the_entry_and_saves_nothing(client, manager):
    page = client.post(f"{LIST}add/", typed(do="preview"))
    assert page.status_code == 200
    assert "As customers will see it" in page.content.decode()
    assert not Improvement.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"did": ""}, "required"),
        ({"done_on": "2026-11-19"}, "still to come"),
        ({"said": "\x00"}, "invisible character"),
        ({"did": "x" * 1001}, "1000"),
        ({"citation_address": "javascript:alert(1)", "citation_text": "x"}, "valid URL"),
        ({"citation_kind": "figure"}, "Say in a sentence"),
        ({"standard": "nowhere"}, "valid choice"),
    ],
)
def test_a_wrong_entry_comes_back_with_what_was_typed(client, manager, wrong, words):
    page = client.post(f"{LIST}add/", typed(**wrong))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "next-step" in page.content.decode()
    assert not Improvement.objects.exists()


def test_the_promise_of_another_charter_cannot_be_chosen(client, manager):
    StandardFactory(key="foreign-promise")
    assert client.post(f"{LIST}add/", typed(standard="foreign-promise")).status_code == 422


def test_the_second_of_two_editors_is_asked_before_replacing(client, manager, standard):
    entry = ImprovementFactory(standard=standard)
    address = reverse("charter:improvement_edit", args=[entry.reference])
    assert client.post(address, typed(did="First")).status_code == 302
    page = client.post(address, typed(did="Second"))
    assert page.status_code == 409
    assert "First" in page.content.decode()
    assert "Second" in page.content.decode()
    assert Improvement.objects.get().text().did == "First"
    client.post(address, typed(did="Second", version="1"))
    assert Improvement.objects.get().text().did == "Second"


def test_each_language_has_words_of_its_own(client, manager, standard):
    entry = ImprovementFactory(standard=standard)
    address = reverse("charter:improvement_edit", args=[entry.reference])
    page = client.get(f"{address}?language=de").content.decode()
    assert "What is written in the other language" in page
    client.post(f"{address}?language=de", typed(said="Wir raten.", did="Wir schreiben es auf."))
    assert {row.language: row.did for row in entry.texts.all()} == {
        "en": "We write the next step down.",
        "de": "Wir schreiben es auf.",
    }


def test_an_archived_entry_leaves_the_public_and_comes_back_as_it_was(client, manager, standard):
    entry = ImprovementFactory(standard=standard)
    answer = client.post(reverse("charter:improvement_archive", args=[entry.reference]))
    assert not Improvement.objects.published().exists()
    assert "Undo" in client.get(answer["Location"]).content.decode()
    client.post(reverse("charter:improvement_restore", args=[entry.reference]))
    assert Improvement.objects.published().exists()


def test_pressed_twice_every_change_has_one_effect(standard):
    entry = ImprovementFactory(standard=standard, published_at=None)
    for act in (actions.publish_improvement, actions.archive_improvement, actions.restore_improvement):
        act(improvement=entry, by=UserFactory())
        act(improvement=entry, by=UserFactory())
    assert [event.what for event in entry.events.all()] == ["restored", "archived", "published"]


def test_the_list_filters_by_words_state_and_charter(client, manager, standard):
    ImprovementFactory(standard=standard, words=("ÄRGER about queues", "A ticket machine"))
    ImprovementFactory(published_at=None, words=("Forms", "Half as many forms"))

    def shown(query):
        return [each.text().did for each in client.get(f"{LIST}?{query}").context["page"]]

    assert shown("q=ärger") == ["A ticket machine"]
    assert shown("show=draft") == ["Half as many forms"]
    assert shown(f"charter={standard.charter.unit.slug}") == ["A ticket machine"]
    assert shown("show=archived") == []
    assert client.get(f"{LIST}?show=nonsense").status_code == 422


def test_the_newest_entry_stands_first_and_the_list_leaves_as_a_table(client, manager):
    ImprovementFactory(words=("Said", "Old"), done_on=date(2026, 1, 1))
    ImprovementFactory(words=("Said", "New"), done_on=date(2026, 10, 1))
    assert [each.text().did for each in client.get(LIST).context["page"]] == ["New", "Old"]
    lines = b"".join(client.get(f"{LIST}?export=csv")).decode().splitlines()
    assert "New" in lines[1]
    assert "public" in lines[1]


def test_an_empty_list_says_what_to_do_next(client, manager):
    assert "Write the first entry" in client.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["", "?export=csv"])
def test_twenty_entries_take_as_many_queries_as_two(client, manager, query):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(LIST + query)
            assert answer.status_code == 200
            if answer.streaming:
                b"".join(answer)
        return len(caught)

    for _each in range(2):
        ImprovementFactory()
    queries()
    two = queries()
    for _each in range(18):
        ImprovementFactory()
    assert queries() == two
