"""The charter's editor in Chromium: words that survive, order by dragging, previews, starters."""

from typing import Any

import pytest

from home.tests.browser import wait_until
from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

PAGES = [
    "/charter/",
    "/charter/?begin=1",
    "/charter/harbour-city/",
    "/charter/letters-office/",
    "/charter/harbour-city/texts/edit/",
    "/charter/harbour-city/texts/edit/?language=de",
    "/charter/harbour-city/values/add/",
    "/charter/harbour-city/values/plain-words/edit/?language=de",
    "/charter/harbour-city/policies/add/",
    "/charter/harbour-city/policies/on-the-spot/edit/",
    "/charter/harbour-city/standards/add/",
    "/standards/letters/edit/?language=de",
    "/measures/letters-in-time/edit/",
    "/charter/harbour-city/editions/2/?language=de",
    "/charter/harbour-city/editions/publish/",
    "/starters/",
    "/starters/clinic/",
]
WORDS = "/charter/harbour-city/texts/edit/"
TYPED = "Nobody leaves us with a question they came with, and everybody knows whom to ask."


def vision(page: Any) -> Any:
    return page.get_by_label("Vision")


def test_nothing_typed_is_lost_when_the_session_ends(product: str, open_page: Any) -> None:
    page = open_page().page
    sign_in(page, product, "admin@harbour.example")
    page.goto(product + WORDS)
    vision(page).fill(TYPED)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_label("mail").fill("admin@harbour.example")
    page.get_by_label("Password").fill("charterwell-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/texts/edit/**")
    assert vision(page).input_value() != TYPED
    page.get_by_role("button", name="Use it").click()
    page.wait_for_load_state()
    assert vision(page).input_value() == TYPED
    page.get_by_role("button", name="Save in the draft").click()
    page.wait_for_url("**/charter/harbour-city/")
    page.goto(product + WORDS)
    assert vision(page).input_value() == TYPED
    assert not page.get_by_role("button", name="Use it").is_visible()


def test_words_are_kept_while_they_are_typed_and_offered_without_a_script(
    product: str, open_page: Any
) -> None:
    writer, reader = open_page(), open_page(javascript=False)
    for watched in (writer, reader):
        sign_in(watched.page, product, "admin@harbour.example")
    page = writer.page
    page.goto(f"{product}/charter/harbour-city/policies/add/")
    page.get_by_label("Name").fill("A chair for everybody who waits")
    wait_until(lambda: "Kept" in page.locator("[data-draft-status]").inner_text(), seconds=10)
    assert writer.faults == []

    page = reader.page
    page.goto(f"{product}/charter/harbour-city/policies/add/")
    assert "We kept what you typed" in page.inner_text("main")
    page.get_by_role("link", name="Use it").click()
    page.wait_for_load_state()
    assert page.get_by_label("Name").input_value() == "A chair for everybody who waits"
    page.get_by_role("button", name="Discard it").click()
    page.wait_for_load_state()
    assert page.get_by_label("Name").input_value() == ""
    assert "We kept" not in page.inner_text("main")


def test_without_the_network_words_stay_in_the_browser(product: str, open_page: Any) -> None:
    page = open_page(width=375).page
    sign_in(page, product, "admin@harbour.example")
    page.goto(f"{product}/charter/harbour-city/values/add/")
    page.context.set_offline(True)
    page.get_by_label("Name").fill("Patience")
    status = page.locator("[data-draft-status]")
    wait_until(lambda: "kept in this browser" in status.inner_text(), seconds=10)
    page.context.set_offline(False)
    page.reload()
    page.get_by_role("button", name="Use it").click()
    page.wait_for_load_state()
    assert page.get_by_label("Name").input_value() == "Patience"


def names(page: Any) -> list[str]:
    return page.locator("[data-order=order-values] > article h3").all_inner_texts()


def test_values_are_put_in_order_by_pointer_and_by_keyboard(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    page.goto(f"{product}/charter/harbour-city/")
    before = names(page)
    grips = page.locator("[data-order=order-values] [data-grip]")
    start, end = grips.nth(0).bounding_box(), page.locator("#value-one-owner").bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, end["y"], steps=8)
    page.mouse.move(start["x"] + 5, end["y"] + 120, steps=8)
    page.mouse.up()
    status = page.locator("#order-values [role=status]")
    wait_until(lambda: "saved" in status.inner_text(), seconds=10)
    dragged = [before[1], before[2], before[0], before[3]]
    assert names(page) == dragged
    page.reload()
    assert names(page) == dragged

    grips.nth(2).focus()
    for key in ("Space", "ArrowUp", "ArrowUp", "Space"):
        page.keyboard.press(key)
    wait_until(lambda: "saved" in status.inner_text(), seconds=10)
    page.reload()
    assert names(page) == before
    grips.nth(0).focus()
    for key in ("Space", "ArrowDown", "Escape"):
        page.keyboard.press(key)
    assert names(page) == before
    assert watched.faults == []


def test_the_preview_follows_the_typing_and_works_without_a_script(product: str, open_page: Any) -> None:
    live, plain = open_page(), open_page(javascript=False)
    for watched in (live, plain):
        sign_in(watched.page, product, "admin@harbour.example")
        watched.page.goto(product + WORDS)
    page = live.page
    page.get_by_text("How it will look").click()
    page.get_by_label("Vision").fill("Nobody leaves **puzzled**.")
    wait_until(lambda: page.locator("#preview-words strong").count(), seconds=10)
    assert live.faults == []
    page = plain.page
    page.get_by_label("Vision").fill("Nobody leaves **puzzled**.")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_load_state()
    assert page.locator("#preview-words strong").inner_text() == "puzzled"
    assert page.get_by_label("Vision").input_value() == "Nobody leaves **puzzled**."


def test_a_charter_begins_with_a_starter(product: str, open_page: Any) -> None:
    watched = open_page(width=375)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    page.goto(f"{product}/charter/")
    page.get_by_role("link", name="Begin a charter").click()
    page.get_by_role("link", name="Municipality").click()
    page.get_by_label("Unit").select_option("parks-team")
    page.get_by_role("button", name="Begin with this charter").click()
    page.wait_for_url("**/charter/parks-team/")
    assert "A danger in the street is made safe within one day" in page.inner_text("main")
    assert "Publish edition 1 …" in page.inner_text("#publish")
    assert watched.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_no_page_of_the_editor_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    violations = []
    for path in PAGES:
        page.goto(product + path)
        page.evaluate("document.querySelectorAll('main details').forEach((fold) => (fold.open = true))")
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [
            f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            violations.append(f"{path} scrolls sideways at {width} px")
    assert violations == []
    assert watched.faults == []
