"""What an edition changed, as the public reads it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from charter.models import Edition, StandardText, Value, ValueText
from home.tests.published import NOW, charter_of, promise, publish, root_unit

pytestmark = pytest.mark.django_db

EVIDENCE = [
    {"kind": "Figure", "text": "72 % in spring", "url": "/scoreboard/harbour/measures/next/"},
    {"kind": "Source", "text": "Talks with visitors", "url": "https://example.org/talks"},
    {"kind": "Source", "text": "A trap", "url": "javascript:alert(1)"},
]


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def editions() -> None:
    """Three editions; the third one says why it changed the promise of the second."""
    charter = charter_of(root_unit())
    measure = promise(charter, "The old words")
    publish(charter, 1, date(2026, 1, 1))
    StandardText.objects.update(promise="The newer words")
    publish(charter, 2, date(2026, 5, 1))
    StandardText.objects.update(promise="The newest words")
    part = f"standard:{measure.standard.key}"
    third = publish(charter, 3, date(2026, 9, 1))
    Edition.objects.filter(pk=third.pk).update(
        changes=[{"part": part, "why": "28 in 100 went home guessing.", "evidence": EVIDENCE}]
    )


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_edition_links_what_changed_since_the_one_before_and_the_first_links_nothing(
    client: Client, editions: None
) -> None:
    assert 'href="/editions/2/changes/">What changed since edition 1' in page(client, "/editions/2/")
    assert "/changes/" not in page(client, "/editions/1/")


def test_an_edition_says_how_long_it_held(client: Client, editions: None) -> None:
    assert "It held until 1 May 2026." in page(client, "/editions/1/")


def test_words_taken_out_and_put_in_are_marked(client: Client, editions: None) -> None:
    html = page(client, "/editions/3/changes/")
    assert "<del>newer</del>" in html
    assert "<ins>newest</ins>" in html
    assert "28 in 100 went home guessing." in html


def test_the_changes_are_told_in_the_language_asked_for_with_the_labels_of_each_line(
    client: Client, editions: None
) -> None:
    html = page(client, "/editions/3/changes/?language=de")
    for words in ("Was sich seit Ausgabe 2 geändert hat", "<h4>Das Versprechen</h4>", "Vorher"):
        assert words in html
    assert 'href="/editions/3/changes/since/1/?language=de"' in html


def test_a_translation_that_came_later_is_no_change_from_the_words_of_another_language(
    client: Client, editions: None
) -> None:
    third = Edition.objects.get(number=3)
    standard = StandardText.objects.get().standard
    StandardText.objects.create(standard=standard, language="ar", promise="كلمات جديدة")
    publish(third.charter, 4, date(2026, 10, 1))
    html = page(client, "/editions/4/changes/?language=ar")
    assert "كلمات جديدة" in html
    assert "العربية." in html
    assert "<del>" not in html
    assert 'class="small quiet elsewhere" id="standard-' in html
    assert '<article class="sheet"' not in html


def test_a_value_that_got_its_name_in_another_language_later_is_still_the_same_value(
    client: Client, editions: None
) -> None:
    charter = Edition.objects.get(number=3).charter
    value = Value.objects.create(charter=charter)
    ValueText.objects.create(value=value, language="en", name="Plain words")
    promise(charter, "We write as we speak", value=value)
    publish(charter, 4, date(2026, 10, 1))
    ValueText.objects.create(value=value, language="de", name="Klare Worte")
    publish(charter, 5, date(2026, 10, 2))
    html = page(client, "/editions/5/changes/?language=de")
    assert "Klare Worte" in html
    assert "We write as we speak" not in html


def test_any_earlier_edition_can_be_compared(client: Client, editions: None) -> None:
    assert "<del>old</del>" in page(client, "/editions/3/changes/since/1/")


def test_what_colleagues_promise_each_other_is_not_public(client: Client, editions: None) -> None:
    charter = Edition.objects.get(number=3).charter
    promise(charter, "The post is on your desk by ten", audience="colleagues")
    publish(charter, 4, date(2026, 10, 1))
    assert "by ten" not in page(client, "/editions/4/changes/")


@pytest.mark.parametrize(
    "path", ["/editions/1/changes/", "/editions/3/changes/since/3/", "/editions/9/changes/"]
)
def test_without_two_editions_in_order_there_is_no_such_page(
    client: Client, editions: None, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_evidence_inside_the_house_is_told_but_not_linked_in_public(client: Client, editions: None) -> None:
    html = page(client, "/editions/3/changes/")
    assert "72 % in spring" in html
    assert "/scoreboard/" not in html
    assert 'href="https://example.org/talks"' in html
    assert "javascript:" not in html
