"""What goes out of the charter, in Chromium: languages, frames on another website, you said we did."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from home.tests.browser import website
from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

PUBLIC_PAGES = [
    "/?language=de",
    "/?language=ar",
    "/you-said-we-did/",
    "/you-said-we-did/?language=ar",
    "/editions/?language=fr",
    "/editions/2/?language=ar",
    "/places/?language=ar",
    "/c/harbour/?language=ar",
    "/r/?language=de",
    "/embed/",
    "/embed/promises/letters/?language=ar",
    "/embed/promises/nowhere/",
]
MANAGER_PAGES = [
    "/improvements/",
    "/improvements/?q=nothing-like-this",
    "/improvements/add/?standard=letters",
    "/charters/harbour-city/share/",
    "/charters/harbour-city/share/?promise=letters",
]


@pytest.fixture
def elsewhere(product: str) -> Iterator[str]:
    """Another website on a port of its own, which shows one promise by the script and one by a frame."""
    body = (
        f"<script src='{product}/embed.js' data-promise='letters' data-language='de' async></script>"
        f"<iframe src='{product}/embed/promises/next-step/' title='A promise'></iframe>"
    )
    with website(body) as address:
        yield address


@pytest.mark.parametrize("width", [375, 1280])
def test_a_promise_stands_on_another_website_at_its_own_height(
    product: str, elsewhere: str, open_page: Any, width: int
) -> None:
    watched = open_page(width=width)
    page = watched.page
    page.goto(elsewhere)
    by_script = page.frame_locator(f"iframe[src^='{product}/embed/promises/letters/']")
    assert by_script.locator("h1").inner_text().startswith("Wir beantworten jeden Brief")
    page.wait_for_function("document.querySelector('iframe').height !== '240'")
    inside = by_script.locator("html").evaluate("root => root.offsetHeight")
    assert abs(int(page.locator("iframe").first.get_attribute("height")) - inside) <= 1
    by_frame = page.frame_locator("iframe[title='A promise']")
    assert by_frame.locator("h1").inner_text() == "Before you leave, you know what happens next"
    assert page.context.cookies() == []
    assert watched.faults == []


def test_a_manager_writes_what_became_of_it_and_everybody_reads_it(product: str, open_page: Any) -> None:
    manager, customer = open_page(), open_page(width=375)
    page = manager.page
    sign_in(page, product, "admin@harbour.example")
    page.goto(f"{product}/improvements/add/?standard=story-once")
    page.get_by_label("You said").fill("I told it three times.")
    page.get_by_label("We did").fill("The story is written into the case before it is handed over.")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_load_state()
    assert "As customers will see it" in page.inner_text("main")
    page.get_by_role("button", name="Publish; everybody sees it").click()
    page.wait_for_url("**/improvements/")
    customer.page.goto(f"{product}/you-said-we-did/")
    assert "I told it three times." in customer.page.inner_text("ol.entries > li:first-child")
    page.get_by_role("button", name=re.compile("Archive.*The story")).click()
    page.wait_for_load_state()
    assert "Undo" in page.inner_text("main")
    assert manager.faults == []
    assert customer.faults == []


def test_the_language_is_kept_from_page_to_page(product: str, open_page: Any) -> None:
    page = open_page(width=375).page
    page.goto(product)
    page.get_by_role("link", name="العربية").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.get_by_role("link", name="قلتم ففعلنا").first.click()
    page.wait_for_load_state()
    assert page.inner_text("h1") == "قلتم ففعلنا"
    page.get_by_role("link", name="الميثاق اليوم").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "ar"


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
@pytest.mark.parametrize(
    ("email", "paths"),
    [("", PUBLIC_PAGES), ("admin@harbour.example", MANAGER_PAGES)],
    ids=["public", "manager"],
)
def test_no_page_breaks_an_accessibility_rule_or_scrolls_sideways(
    product: str, open_page: Any, email: str, paths: list[str], width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    if email:
        sign_in(page, product, email)
    violations = []
    for path in paths:
        page.goto(product + path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [
            f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            violations.append(f"{path} scrolls sideways at {width} px")
    assert violations == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []
