"""axe-core on every page of feedback that no other test opens, in Chromium against the demo."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser
ADMIN = "admin@harbour.example"
COMMENT = "She walked me to the right counter."


def faults_of(page: Any, width: int) -> list[str]:
    """What axe finds on the page as it stands, and whether it scrolls sideways."""
    found = [each["id"] for each in Axe().run(page).response["violations"]]
    is_wide = page.evaluate("document.documentElement.scrollWidth") > width
    return [f"{page.url}: {fault}" for fault in [*found, *(["too wide"] if is_wide else [])]]


def visited(page: Any, product: str, addresses: list[str], width: int) -> list[str]:
    faults = []
    for address in addresses:
        page.goto(product + address)
        faults += faults_of(page, width)
    return faults


def first_link(page: Any, product: str, address: str, pattern: str) -> str:
    """The first link on the page that looks like this."""
    page.goto(product + address)
    links = page.eval_on_selector_all("main a", "all => all.map(each => each.getAttribute('href'))")
    found = next((link for link in links if re.fullmatch(pattern, link or "")), None)
    assert found, (address, pattern, links)
    return str(found)


SIZES = pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])


@SIZES
def test_pages_of_one_card_one_session_and_one_rule_are_accessible(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    low = "/feedback/?comment=yes&rating=low&state=new"
    card = first_link(page, product, low, r"/feedback/responses/\w+/")
    session = first_link(page, product, "/feedback/listening/", r"/feedback/listening/(?!add)\w+/")
    finding = first_link(page, product, session, r"/feedback/listening/\w+/findings/\w+/edit/")
    theme = first_link(page, product, "/feedback/themes/", r"/feedback/themes/\w+/edit/")
    faults = visited(
        page,
        product,
        [
            *(card, session, f"{session}edit/", finding, theme),
            "/feedback/set-aside/",
            "/feedback/views/save/?comment=yes",
            "/feedback/retention/of/visit-card/",
            "/feedback/results/visit-card/?period=nonsense",
            "/feedback/?q=nothing-like-this",
        ],
        width,
    )
    page.goto(product + card)
    page.get_by_role("button", name="Answer the customer").first.click()
    faults += faults_of(page, width)
    assert faults == []


@SIZES
def test_pages_of_invitations_are_accessible(
    product: str, open_page: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    begun = first_link(page, product, "/feedback/collectors/by-letter/", r"/feedback/rounds/\w+/")
    faults = visited(
        page,
        product,
        ["/feedback/collectors/by-letter/rounds/add/", begun, f"{begun}edit/", "/feedback/suppressions/"],
        width,
    )
    page.goto(product + begun)
    file = tmp_path / "people.csv"
    file.write_text(f"email,name\nreader{width}@example.org,Ria\nnobody,\n")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Try the file").click()
    page.wait_for_url("**/round-lists/**")
    faults += faults_of(page, width)
    faults += visited(page, product, ["/i/nobody/", "/i/nobody/stop/"], width)
    assert faults == []


@SIZES
def test_pages_of_asking_are_accessible(product: str, open_page: Any, width: int, scheme: str) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/feedback/collectors/")
    links = page.eval_on_selector_all("main a", "all => all.map(each => each.getAttribute('href'))")
    details = [each for each in links if re.fullmatch(r"/feedback/collectors/[\w-]+/", each or "")]
    assert len(details) > 3
    faults = visited(page, product, ["/feedback/collectors/harbour/poster/"], width)
    for address in dict.fromkeys(details):
        faults += visited(page, product, [address], width)
        more = page.eval_on_selector_all("main a", "all => all.map(each => each.getAttribute('href'))")
        entry = [each for each in more if re.search(r"/(paper|interview)/$", each or "")]
        faults += visited(page, product, entry, width)
    assert faults == []


@SIZES
def test_pages_of_a_customer_who_sends_finds_and_erases_a_card_are_accessible(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme).page
    faults = visited(page, product, ["/r/", "/r/ZZZZZZZZZZ/", "/c/nowhere/", "/c/harbour/embed/"], width)
    page.goto(f"{product}/c/harbour/")
    page.get_by_role("radio", name="Good", exact=True).click()
    page.locator("textarea").fill(COMMENT)
    page.get_by_role("button", name="Send my card").click()
    page.wait_for_url("**/r/*/")
    receipt = page.url
    faults += faults_of(page, width)
    page.goto(f"{receipt}erase/")
    faults += faults_of(page, width)
    page.locator("main form button").first.click()
    faults += faults_of(page, width)
    page.goto(receipt)
    faults += faults_of(page, width)
    assert faults == []
