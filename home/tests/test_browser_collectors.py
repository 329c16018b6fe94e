"""Every way of asking in a real browser: kiosk without a network, frame, paper, interview, poster."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from home.tests.browser import wait_until, website
from home.tests.cut import Network, network_before
from home.tests.test_browser import sign_in
from home.tests.test_browser_clock import wait_for_text
from home.tests.test_browser_training import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADMIN = "admin@harbour.example"


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def collector_of(page: Any, product: str, kind: str, slug: str, asks: str = "Visit card") -> None:
    """The page of a collector of this kind, made by the manager who is signed in."""
    page.goto(f"{product}/feedback/collectors/add/?kind={kind}")
    page.get_by_label("Place").fill(f"Tried out: {slug}")
    page.get_by_label("Short address").fill(slug)
    page.locator("#id_unit").select_option(label="Harbour branch")
    page.locator("#id_questionnaire").select_option(label=asks)
    press(page, "Save")
    page.wait_for_url(f"**/collectors/{slug}/")


def device_of(page: Any, product: str, slug: str, asks: str = "Visit card") -> str:
    """The path of the link of a new device."""
    collector_of(page, product, "kiosk", slug, asks)
    page.get_by_role("link", name="Add a device").click()
    page.get_by_label("Name").fill("Tablet at the door")
    page.get_by_label("Code to leave").fill("2468")
    page.get_by_label("Seconds between two cards").fill("2")
    press(page, "Make its link")
    return re.sub(r"^https?://[^/]+", "", page.locator("main code").inner_text())


def fill_in(page: Any, comment: str = "") -> None:
    """A card at the kiosk: a good visit, the next step known."""
    page.get_by_role("radio", name="Good", exact=True).click()
    page.get_by_role("radio", name="Yes").click()
    if comment:
        page.locator("textarea").fill(comment)
    page.get_by_role("button", name="Send my card").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    page.get_by_role("heading", name="Thank you").wait_for(state="hidden")


def waiting(page: Any) -> int:
    """Cards in the device's own memory."""
    asked = "kioskStore.count(document.querySelector('[data-kiosk]').dataset.collector)"
    return int(page.evaluate(f"{asked}.then((found) => found.waiting)"))


def cards_at(page: Any, product: str, slug: str) -> int:
    page.goto(f"{product}/feedback/?collector={slug}")
    return int(page.locator("main tbody tr").count())


@pytest.fixture
def network(product: str) -> Any:
    with network_before(product) as found:
        yield found


def test_a_kiosk_goes_on_without_a_network_and_sends_each_card_once(
    product: str, network: Network, open_page: Any
) -> None:
    manager, kiosk = open_page(), open_page(width=1180)
    sign_in(manager.page, product, ADMIN)
    link = device_of(manager.page, product, "kiosk-offline")
    page = kiosk.page
    page.goto(network.address + link)
    page.locator("[data-kept=yes]").wait_for()
    fill_in(page)
    wait_until(lambda: waiting(page) == 0, seconds=10)
    assert kiosk.faults == []

    network.cut()
    page.reload()
    fill_in(page, "She walked me to the right counter.")
    fill_in(page)
    assert page.get_by_text("No network just now").is_visible()
    assert waiting(page) == 2
    page.reload()
    page.get_by_role("radio", name="Good", exact=True).wait_for()
    assert waiting(page) == 2

    network.restore()
    press(page, "For staff")
    page.get_by_label("Code").fill("1111")
    press(page, "Check")
    assert page.get_by_text("Not the code").is_visible()
    assert not page.get_by_role("button", name="Leave the kiosk").is_visible()
    page.get_by_label("Code").fill("2468")
    press(page, "Check")
    press(page, "Send now")
    wait_until(lambda: waiting(page) == 0, seconds=15)
    assert cards_at(manager.page, product, "kiosk-offline") == 3
    manager.page.goto(f"{product}/feedback/devices/?collector=kiosk-offline")
    assert "in contact" in manager.page.inner_text("main tbody")


def test_rules_of_questions_hold_at_a_kiosk_without_a_network(
    product: str, network: Network, open_page: Any
) -> None:
    manager, kiosk = open_page(), open_page(width=1180)
    sign_in(manager.page, product, ADMIN)
    link = device_of(manager.page, product, "kiosk-rules", "Who knows our charter")
    page = kiosk.page
    page.goto(network.address + link)
    page.locator("[data-kept=yes]").wait_for()
    network.cut()
    page.get_by_role("radio", name="Yes").click()
    page.get_by_text("Where have you seen it?").wait_for()
    press(page, "Back")
    page.get_by_role("radio", name="No", exact=True).click()
    page.get_by_text("Would you like to know what we promise?").wait_for()
    page.get_by_role("radio", name="Yes").locator("visible=true").click()
    page.get_by_text("What should we promise that we do not promise yet?").wait_for()
    page.get_by_role("button", name="Send my card").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert waiting(page) == 1
    network.restore()
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_until(lambda: waiting(page) == 0, seconds=15)
    assert cards_at(manager.page, product, "kiosk-rules") == 1


def test_whoever_walks_away_leaves_taps_that_count_and_words_that_do_not(
    product: str, open_page: Any
) -> None:
    manager, kiosk = open_page(), open_page(width=768)
    sign_in(manager.page, product, ADMIN)
    link = device_of(manager.page, product, "kiosk-idle")
    page = kiosk.page
    page.clock.install()
    page.goto(product + link)
    page.get_by_role("radio", name="Poor", exact=True).click()
    page.clock.run_for(1000)
    page.get_by_role("radio", name="No", exact=True).click()
    page.clock.run_for(1000)
    page.locator("textarea").fill("Typed, never sent")
    page.clock.run_for(50_000)
    wait_until(lambda: page.get_by_role("radio", name="Poor", exact=True).is_visible())
    wait_until(lambda: cards_at(manager.page, product, "kiosk-idle") == 1, seconds=15)
    assert "Typed, never sent" not in manager.page.inner_text("main")


def test_sheets_are_typed_in_one_after_the_other_without_a_mouse(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, ADMIN)
    collector_of(page, product, "paper", "sheets")
    page.get_by_role("link", name="Enter sheets").click()
    page.get_by_label("Day of the visit").fill("2026-11-02")
    page.locator("fieldset input").first.focus()
    for number in (1, 2):
        page.keyboard.press("4")
        page.keyboard.press("1")
        page.keyboard.type(f"Sheet {number}")
        page.keyboard.press("Enter")
        page.get_by_text(f"{number} entered by you today").wait_for()
    assert page.get_by_label("Day of the visit").input_value() == "2026-11-02"
    assert cards_at(page, product, "sheets") == 2
    assert "2 Nov" in page.inner_text("main tbody") or "02/11/2026" in page.inner_text("main tbody")
    assert watched.faults == []


def test_an_interviewer_counts_answers_and_refusals_on_a_telephone(product: str, open_page: Any) -> None:
    watched = open_page(width=375)
    page = watched.page
    sign_in(page, product, ADMIN)
    collector_of(page, product, "interview", "interviews")
    page.locator("main").get_by_role("link", name="Interview", exact=True).click()
    press(page, "Does not want to answer")
    page.get_by_role("radio", name="Good", exact=True).click()
    page.get_by_role("radio", name="Yes").click()
    press(page, "Store, next person")
    page.goto(f"{product}/feedback/collectors/interviews/")
    assert "50 %" in page.locator(".sums").inner_text()
    assert watched.faults == []


def test_an_interviewer_is_led_by_the_answers(product: str, open_page: Any) -> None:
    watched = open_page(width=375)
    page = watched.page
    sign_in(page, product, ADMIN)
    collector_of(page, product, "interview", "led", "Who knows our charter")
    page.locator("main").get_by_role("link", name="Interview", exact=True).click()
    further = page.get_by_text("Where have you seen it?")
    assert not further.is_visible()
    page.locator("fieldset").first.get_by_role("radio", name="Yes").click()
    further.wait_for()
    page.locator("fieldset").first.get_by_role("radio", name="No", exact=True).click()
    further.wait_for(state="hidden")
    press(page, "Store, next person")
    page.get_by_text("1 entered by you today").wait_for()
    assert watched.faults == []


def test_the_address_printed_on_a_poster_leads_to_its_card(product: str, open_page: Any) -> None:
    manager, customer = open_page(), open_page(width=375, javascript=False)
    sign_in(manager.page, product, ADMIN)
    collector_of(manager.page, product, "place", "by-the-door")
    link = manager.page.get_by_role("link", name="Poster, A4").first.get_attribute("href")
    poster = PdfReader(io.BytesIO(manager.page.request.get(product + str(link)).body()))
    printed = re.search(r"\S+/c/by-the-door/", poster.pages[0].extract_text())
    assert printed
    customer.page.goto(f"{product}/c/by-the-door/")
    customer.page.get_by_role("radio", name="Good", exact=True).click()
    customer.page.get_by_role("button", name="Send my card").click()
    customer.page.wait_for_url("**/r/*/")
    assert cards_at(manager.page, product, "by-the-door") == 1


@pytest.fixture
def elsewhere(product: str) -> Any:
    script = f"<script src='{product}/embed.js' data-card='framed' data-title='Tell us' async></script>"
    with website(script) as found:
        yield found


def test_the_card_on_another_website_grows_with_its_words_and_sets_no_cookie(
    product: str, elsewhere: str, open_page: Any
) -> None:
    manager, customer = open_page(), open_page(width=375)
    sign_in(manager.page, product, ADMIN)
    collector_of(manager.page, product, "embed", "framed")
    page = customer.page
    page.goto(elsewhere)
    frame = page.frame_locator("iframe[title='Tell us']")
    frame.get_by_role("radio", name="Good", exact=True).click()
    page.wait_for_function("document.querySelector('iframe').height !== '240'")
    high = int(page.locator("iframe").get_attribute("height"))
    frame.get_by_role("button", name="Send my card").click()
    frame.get_by_role("heading", name="Thank you").wait_for()
    assert re.fullmatch(r"[2-9A-Z]{10}", frame.locator(".code").inner_text().strip())
    page.wait_for_function(f"Number(document.querySelector('iframe').height) < {high}")
    assert page.context.cookies() == []
    assert customer.faults == []
    assert cards_at(manager.page, product, "framed") == 1


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_no_page_of_where_we_ask_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    slug = f"pages-{width}"
    link = device_of(page, product, slug)
    page.goto(f"{product}/feedback/devices/?collector={slug}")
    device = str(page.locator("main tbody a").first.get_attribute("href"))
    pages = [
        "/feedback/collectors/",
        "/feedback/collectors/?q=nothing-like-this",
        "/feedback/collectors/harbour/",
        "/feedback/collectors/harbour/edit/",
        "/feedback/collectors/add/",
        f"/feedback/collectors/{slug}/",
        "/feedback/devices/",
        device,
        f"{device}edit/",
        link,
        "/kiosk/nobody/",
    ]
    faults = []
    for path in pages:
        page.goto(product + path)
        faults += check(page)
    assert faults == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []


def test_people_are_invited_by_a_list_and_answer_by_their_own_link(
    product: str, open_page: Any, tmp_path: Path
) -> None:
    manager, customer = open_page(), open_page(width=375, javascript=False)
    page = manager.page
    sign_in(page, product, ADMIN)
    collector_of(page, product, "mail", "by-post")
    page.get_by_role("link", name="Prepare a round").click()
    page.get_by_label("Name*", exact=True).fill("Tried out")
    page.get_by_label("Subject (English)").fill("How did we do?")
    page.get_by_label("Letter (English)").fill("Please tell us.")
    press(page, "Save")
    file = tmp_path / "people.csv"
    file.write_text("email,name\nreader@example.org,Ria\nnobody,\n")
    page.locator("input[type=file]").set_input_files(file)
    press(page, "Try the file")
    wait_for_text(page, "not a complete e-mail address")
    press(page, "Put 1 person on the list")
    wait_for_text(page, "are on the list now")
    page.get_by_role("link", name="To the round").click()
    page.get_by_role("button", name=re.compile("Begin")).click()
    page.wait_for_load_state()
    where = page.url

    wait_until(lambda: letter_to(page, product, "reader@example.org"), seconds=90)
    link = re.search(r"/i/[\w-]+/", letter_to(page, product, "reader@example.org"))
    assert link
    customer.page.goto(product + link[0])
    customer.page.get_by_role("radio", name="Good", exact=True).click()
    customer.page.get_by_role("button", name="Send my card").click()
    customer.page.wait_for_url("**/r/*/")
    customer.page.goto(product + link[0])
    assert "we have your answers" in customer.page.inner_text("h1")
    page.goto(where)
    assert "100 %" in page.locator(".sums").inner_text()
    assert manager.faults == []


def letter_to(page: Any, product: str, email: str) -> str:
    """The letter to somebody as the page of letters shows it, folded; empty while there is none."""
    page.goto(f"{product}/letters/?q={email}")
    text = str(page.text_content("main"))
    return text if "/i/" in text else ""
