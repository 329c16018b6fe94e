"""What goes out of the charter: frames, data, documents, and what became of what customers said."""

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from charter.models import Edition, StandardText
from charter.tests.factories import ImprovementFactory
from common import pdf
from home import prints
from home.tests.published import NOW, charter_of, promise, publish, root_unit, tally
from organisation.tests.factories import UnitFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def root() -> Any:
    """An organisation whose charter has one promise, kept in 91 of 100 cases."""
    unit = root_unit()
    charter = charter_of(unit)
    measure = promise(charter, "You know what happens next", key="next-step")
    publish(charter)
    tally(measure, unit, 91, 100)
    return unit


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def document(client: Client, path: str) -> PdfReader:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(response.content))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())


# ------------------------------------------------------------------ frames


@pytest.mark.parametrize("path", ["/embed/", "/embed/promises/next-step/"])
def test_a_frame_may_stand_on_any_website_and_sets_no_cookie(client: Client, root: Any, path: str) -> None:
    response = client.get(path)
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" not in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert not response.cookies
    assert "<b>91 of 100</b> said yes; our goal is 90." in " ".join(response.content.decode().split())


@pytest.mark.parametrize("path", ["/", "/you-said-we-did/", "/charter.json", "/poster.pdf", "/my/"])
def test_nothing_else_may_be_framed(client: Client, root: Any, path: str) -> None:
    response = client.get(path)
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("key", ["nowhere", "retired", "internal"])
def test_a_promise_that_is_not_made_says_so_in_the_frame(client: Client, root: Any, key: str) -> None:
    promise(charter := root.charter, "Retired", key="retired")
    promise(charter, "Among colleagues", key="internal", audience="colleagues")
    response = client.get(f"/embed/promises/{key}/?language=de")
    assert response.status_code == 404
    assert "Hier steht nichts mehr" in response.content.decode()
    assert "X-Frame-Options" not in response.headers


def test_a_unit_without_an_edition_has_no_frame(client: Client, root: Any) -> None:
    UnitFactory(slug="hill", parent=root)
    assert "Nothing stands here any more" in page(client, "/embed/charters/hill/", 404)


def test_a_promise_of_a_closed_unit_stands_in_no_frame(client: Client, root: Any) -> None:
    branch = UnitFactory(slug="harbour", parent=root)
    promise(charter_of(branch), "Greeted at once", key="greeted")
    publish(branch.charter)
    assert "Greeted at once" in page(client, "/embed/promises/greeted/")
    branch.archived_at = NOW
    branch.save()
    assert "Nothing stands here any more" in page(client, "/embed/promises/greeted/", 404)


def test_the_script_is_small_and_known_by_name(client: Client) -> None:
    first = client.get("/embed.js")
    assert len(first.content) < 4_000
    assert first.headers["Content-Type"].startswith("text/javascript")
    again = client.get("/embed.js", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


# -------------------------------------------------------------------- data


def test_the_data_say_what_the_page_says_and_what_the_api_says(client: Client, root: Any) -> None:
    ImprovementFactory(standard=root.charter.standards.get())
    answer = client.get("/charter.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = answer.json()
    assert told == client.get("/api/v1/charter").json()
    figure = told["promises"][0]["figures"][0]
    assert (figure["n"], figure["value"], figure["goal"]) == (100, 91, 90)
    assert figure["words"] == "91 of 100 said yes; our goal is 90."
    assert told["promises"][0]["said_did"][0]["did"] == "We write the next step down."


def test_a_hidden_figure_is_hidden_in_the_data_too(client: Client, root: Any) -> None:
    measure = promise(root.charter, "Hidden", key="hidden")
    publish(root.charter, 2)
    tally(measure, root, 5, 6)
    figure = json.loads(client.get("/charter.json").content)["promises"][1]["figures"][0]
    assert figure["hidden"] == "6 answers so far, we publish from 10."
    assert (figure["value"], figure["low"], figure["high"]) == (None, None, None)


def test_an_internal_standard_is_no_business_of_the_public(client: Client, root: Any) -> None:
    promise(root.charter, "We hand over in one sentence", audience="colleagues")
    publish(root.charter, 2)
    for path in ("/", "/embed/", "/charter.json", "/editions/2/", "/api/v1/charter"):
        assert "hand over in one sentence" not in page(client, path)


# --------------------------------------------------------------- documents


def test_the_poster_is_one_tagged_page_with_every_promise(client: Client, root: Any) -> None:
    reader = document(client, "/poster.pdf")
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [842, 1191]
    assert bool(reader.root_object["/MarkInfo"]["/Marked"])
    text = text_of(reader)
    assert "You know what happens next" in text
    assert "91 of 100" not in text


def test_the_leaflet_has_two_sides_and_says_of_when_its_figures_are(client: Client, root: Any) -> None:
    reader = document(client, "/leaflet.pdf")
    assert len(reader.pages) == 2
    text = text_of(reader)
    assert "91 of 100 said yes; our goal is 90." in text
    assert "As of 18 November 2026" in text


def test_a_figure_of_other_days_says_so_wherever_it_stands(client: Client, root: Any) -> None:
    """Six cards of August are in a step with those of September."""
    longer = promise(root.charter, "A second promise")
    publish(root.charter, 2)
    tally(longer, root, 6, 6, date(2026, 8, 20))
    tally(longer, root, 36, 45, date(2026, 9, 5))
    days = "20 August 2026 to 30 November 2026"
    html = page(client, "/")
    assert html.count(days) == 1
    assert "promises kept for certain by our latest figures" in html
    assert "over the last three months; where one is not, its own period stands beside it" in html
    assert page(client, "/embed/").count(days) == 1
    text = text_of(document(client, "/leaflet.pdf"))
    assert f"42 of 51 said yes; our goal is 90 in 100. ({days})" in text
    assert "How well we kept them: September 2026 to November 2026." in text


def test_a_document_speaks_the_language_asked_for(client: Client, root: Any) -> None:
    charter_of(root, "ما يمكنكم أن تتوقعوه منا", "ar")
    publish(root.charter, 2)
    for path in ("/poster.pdf", "/leaflet.pdf"):
        reader = document(client, f"{path}?language=ar")
        assert reader.root_object["/Lang"] == "ar"


@pytest.mark.parametrize("path", ["/poster.pdf", "/leaflet.pdf"])
def test_emoji_and_hostile_words_are_printed_and_never_run(client: Client, root: Any, path: str) -> None:
    StandardText.objects.update(promise='#panic("x") $x$ \\ "quoted" 😀 <script>', why="漢字 " * 100)
    publish(root.charter, 2)
    text = text_of(document(client, path))
    assert '#panic("x") $x$ \\ "quoted" □ <script>' in text


@pytest.mark.parametrize("path", ["/poster.pdf", "/leaflet.pdf"])
def test_a_charter_far_too_long_still_makes_its_document(client: Client, root: Any, path: str) -> None:
    root.charter.texts.update(when_missed="Tell us. " * 200, we_ask="Bring your papers. " * 100)
    for number in range(25):
        promise(root.charter, f"Promise {number} " + "in many words " * 15)
    publish(root.charter, 2)
    assert len(document(client, path).pages) == (1 if path == "/poster.pdf" else 2)


def test_a_charter_that_promises_nothing_yet_can_be_printed(client: Client) -> None:
    publish(charter_of(root_unit()))
    for path in ("/poster.pdf", "/leaflet.pdf"):
        assert document(client, path).pages


def test_the_same_words_and_figures_are_set_once(client: Client, root: Any, monkeypatch: Any) -> None:
    made = []
    monkeypatch.setattr(pdf, "document", lambda *args: made.append(args) or b"%PDF")
    prints._made.cache_clear()
    client.get("/poster.pdf")
    client.get("/poster.pdf")
    prints._made.cache_clear()
    assert len(made) == 1


# --------------------------------------------------------- you said, we did


def test_an_entry_stands_under_its_promise_and_on_its_own_page(client: Client, root: Any) -> None:
    standard = root.charter.standards.get()
    ImprovementFactory(standard=standard, words=("Old said", "Old did"), done_on=date(2026, 1, 1))
    ImprovementFactory(standard=standard, words=("New said", "New did"), citation_text="72 of 100")
    html = page(client, "/")
    assert "New did" in html
    assert "Old did" not in html
    assert "More of what you said and we did" in html
    html = page(client, "/you-said-we-did/")
    assert html.index("New did") < html.index("Old did")
    assert "72 of 100" in html


def test_a_draft_or_archived_entry_is_shown_nowhere(client: Client, root: Any) -> None:
    standard = root.charter.standards.get()
    ImprovementFactory(standard=standard, published_at=None)
    ImprovementFactory(standard=standard, archived_at=NOW)
    for path in ("/", "/you-said-we-did/", "/charter.json"):
        assert "We write the next step down." not in page(client, path)
    assert "Nothing to tell yet" in page(client, "/you-said-we-did/")


# ------------------------------------------------------------ the new parts


def test_policies_limits_behaviours_and_complaints_are_said_in_plain_words(client: Client, root: Any) -> None:
    edition = Edition.objects.get()
    content = edition.content
    content["texts"]["en"]["how_to_complain"] = "Write to **help@harbour.example**."
    content["standards"][0] |= {"limit_amount": 240, "limit_unit": "business_minutes", "channel": "counter"}
    texts = {
        "en": {"name": "Goodwill", "gives": "A taxi home", "staff_may": "", "remedies": "", "replaces": ""}
    }
    content["policies"] = [
        {"key": "p", "amount": "50", "currency": "pounds", "standards": [], "texts": texts}
    ]
    behaviours = {
        "name": "Respect",
        "we_do_customers": "- We greet\n- We wait",
        "we_dont_customers": "We sigh",
    }
    content["values"] = [{"key": "v", "texts": {"en": behaviours}}]
    Edition.objects.update(content=content)
    html = page(client, "/")
    assert "Within 4 hours of opening time" in html
    assert "At the counter" in html
    assert "Up to <b>50 pounds</b>" in html
    assert 'href="mailto:help@harbour.example"' in html
    assert '<li class="do"><span class="unseen">We do: </span>We greet</li>' in html
    assert '<li class="dont"><span class="unseen">We don’t: </span>We sigh</li>' in html


def test_the_page_stays_light_with_everything_on_it(client: Client, root: Any) -> None:
    for number in range(12):
        tally(promise(root.charter, f"Promise {number}"), root, 91, 100)
    publish(root.charter, 2)
    assert len(client.get("/").content) < 100_000


# ------------------------------------------------------------- for managers


def test_a_manager_finds_the_code_to_copy_with_its_preview(client: Client, root: Any) -> None:
    client.force_login(person_in(root, "manager"))
    html = page(client, f"/charters/{root.slug}/share/?promise=next-step")
    assert "/embed.js&quot;" in html or '/embed.js"' in html
    assert 'data-promise="next-step"' in html
    assert 'src="/embed/promises/next-step/"' in html
    assert client.get(f"/charters/{root.slug}/share/?promise=nonsense").status_code == 404


def test_before_the_first_edition_the_page_says_what_to_do_next(client: Client) -> None:
    root = root_unit()
    charter_of(root)
    client.force_login(person_in(root, "manager"))
    assert "Nothing is published yet" in page(client, f"/charters/{root.slug}/share/")
