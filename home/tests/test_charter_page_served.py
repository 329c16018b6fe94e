"""How the public charter is served: its languages, what hostile words do, and what a visit costs."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from charter.tests.factories import ImprovementFactory, MeasureFactory
from home.tests.published import NOW, charter_of, promise, publish, root_unit, tally

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def page(client: Client, path: str = "/", **headers: Any) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# ------------------------------------------------------ language and safety


def test_the_words_are_shown_in_the_language_asked_for(client: Client) -> None:
    charter = charter_of(root_unit())
    charter_of(charter.unit, "Was Sie von uns erwarten können", "de")
    promise(charter)
    publish(charter)
    html = page(client, "/?language=de")
    assert '<html lang="de" dir="ltr">' in html
    assert "Was Sie von uns erwarten können" in html
    assert "What you can expect from us" not in html


def test_words_without_a_translation_are_marked_with_their_language(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    html = page(client, "/?language=ar")
    assert '<html lang="ar" dir="rtl">' in html
    assert '<div lang="en" dir="auto">' in html


def test_names_and_citations_that_have_one_language_only_are_marked_with_it(client: Client) -> None:
    charter = charter_of(root_unit())
    charter_of(charter.unit, "Was Sie von uns erwarten", "de")
    measure = promise(charter)
    measure.standard.texts.create(language="de", promise="Sie wissen, wie es weitergeht")
    MeasureFactory(standard=measure.standard, name="Called back in time", goal=80)
    publish(charter)
    entry = ImprovementFactory(standard=measure.standard, citation_text="Three in four knew.")
    entry.texts.create(language="de", said="Niemand sagt etwas.", did="Wir schreiben es auf.")
    german = page(client, "/?language=de")
    assert '<h4 class="quiet" lang="en" dir="auto">Called back in time</h4>' in german
    assert '<p class="small quiet" lang="en" dir="auto">Three in four knew.</p>' in german
    assert '<h4 class="quiet">Called back in time</h4>' in page(client)


def test_a_language_that_nobody_speaks_changes_nothing(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    assert '<html lang="en"' in page(client, '/?language="><script>')


def test_hostile_words_are_shown_as_they_were_typed(client: Client) -> None:
    charter = charter_of(root_unit(), '<script>alert("title")</script>')
    promise(charter, '"><img src=x onerror=alert(1)>')
    publish(charter, note="<b>note</b>")
    for path in ("/", "/editions/", "/editions/1/"):
        html = page(client, path)
        assert "<script>" not in html
        assert "<img" not in html
        assert "<b>note" not in html


def test_the_page_sets_no_cookie_and_does_not_depend_on_one(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    response = client.get("/")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_page_needs_no_script_and_has_no_inline_style(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    tally(measure, root, 91, 100)
    html = page(client)
    assert "<script" not in html
    assert "style=" not in html


# ----------------------------------------------------- conditional and cheap


def test_a_reader_who_has_the_page_already_gets_it_by_name_only(client: Client) -> None:
    charter = charter_of(root_unit())
    promise(charter)
    publish(charter)
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_new_answer_changes_the_pages_etag(client: Client) -> None:
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    before = client.get("/").headers["ETag"]
    tally(measure, root, 91, 100)
    assert client.get("/", headers={"if-none-match": before}).status_code == 200


def test_a_page_kept_for_a_second_is_made_anew_after_it(
    client: Client, settings: Any, monkeypatch: Any
) -> None:
    from home import pages

    seconds = [100.0]
    monkeypatch.setattr(pages, "_kept", {})
    monkeypatch.setattr(pages.time, "monotonic", lambda: seconds[0])
    settings.PUBLIC_PAGE_SECONDS = 1
    root = root_unit()
    charter = charter_of(root)
    measure = promise(charter)
    publish(charter)
    page(client)
    tally(measure, root, 91, 100)
    seconds[0] = 100.9
    assert "91 of 100" not in page(client)
    seconds[0] = 101.0
    assert "91 of 100" in page(client)


def test_a_kept_page_is_kept_for_its_language_only(client: Client, settings: Any, monkeypatch: Any) -> None:
    from home import pages

    monkeypatch.setattr(pages, "_kept", {})
    settings.PUBLIC_PAGE_SECONDS = 1000
    charter = charter_of(root_unit())
    charter_of(charter.unit, "Unsere Versprechen", "de")
    promise(charter)
    publish(charter)
    assert "Unsere Versprechen" in page(client, "/?language=de")
    assert "Unsere Versprechen" not in page(client, "/")


def test_twenty_promises_cost_no_more_queries_than_two(
    client: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    root = root_unit()
    charter = charter_of(root)
    counts = []
    for number, extra in ((1, 2), (2, 18)):
        for each in range(extra):
            tally(promise(charter, f"Promise {number}.{each}"), root, 91, 100)
        publish(charter, number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page(client).count('class="promise"') == (2 if number == 1 else 20)
        counts.append(len(queries))
    assert counts[0] == counts[1]
