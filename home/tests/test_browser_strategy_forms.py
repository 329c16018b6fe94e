"""The forms of the strategy room, in Chromium: filled, empty and refused; the board by mouse and key."""

from typing import Any

import pytest

from home.tests.test_browser import sign_in
from home.tests.test_browser_training import check

pytestmark = pytest.mark.browser

ADMIN = "admin@harbour.example"
TITLE = "Say at the entrance how long it will take"


def first(page: Any, address: str) -> str:
    """Opens the first row of a list; its address."""
    page.goto(address)
    page.locator("tbody a.t").first.click()
    page.wait_for_load_state()
    return str(page.url)


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_no_form_of_the_strategy_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    action = first(page, f"{product}/plan/?state=started")
    initiative = first(page, f"{product}/initiatives/")
    gap = first(page, f"{product}/gaps/?state=open")
    review = first(page, f"{product}/reviews/?state=planned")
    asked, agreed = (first(page, f"{product}/quotient/?state={state}") for state in ("open", "closed"))
    faults = []
    for address in (
        *(
            f"{action}edit/",
            f"{action}milestones/",
            f"{action}check-in/",
            f"{action}status/",
            f"{action}cancel/",
        ),
        *(f"{initiative}edit/", f"{initiative}stakes/add/", f"{initiative}factors/add/"),
        *(f"{gap}edit/", f"{gap}dismiss/", f"{gap}training/", f"{gap}promise/"),
        *(f"{review}edit/", f"{review}attendance/", f"{review}decide/", f"{review}close/"),
        *(f"{asked}answer/", f"{agreed}agree/"),
    ):
        page.goto(address)
        faults += check(page)
    assert faults == []
    assert watched.faults == []


def test_what_is_refused_is_said_above_and_beside_the_field(product: str, open_page: Any) -> None:
    page = open_page(width=375).page
    sign_in(page, product, ADMIN)
    action = first(page, f"{product}/plan/?state=started")
    agreed = first(page, f"{product}/quotient/?state=closed")
    faults = []
    for address, name, button in (
        (f"{action}milestones/", "m-0-weight", "Save"),
        (f"{agreed}agree/", "side-0-target", "Keep what is agreed"),
    ):
        page.goto(address)
        page.locator(f"[name='{name}']").fill("9999")
        page.locator("main form").last.evaluate("form => form.noValidate = true")
        page.get_by_role("button", name=button).click()
        page.get_by_role("heading", name="Not saved yet").wait_for()
        assert page.locator(".errors a").first.get_attribute("href") == f"#id_{name}"
        faults += check(page)
    assert faults == []


def card(page: Any, state: str) -> Any:
    return page.locator(f"[data-state={state}] [data-card]", has_text=TITLE)


def drag(page: Any, state: str, to: str) -> None:
    """The card is pulled straight sideways, wherever it stands in its column."""
    held = card(page, state)
    held.scroll_into_view_if_needed()
    start, column = held.bounding_box(), page.locator(f"[data-state={to}]").bounding_box()
    height = start["y"] + 20
    page.mouse.move(start["x"] + 20, height)
    page.mouse.down()
    page.mouse.move(column["x"] + column["width"] / 2, height, steps=8)
    page.mouse.up()


def test_a_card_is_dragged_to_the_columns_that_take_it_and_to_no_other(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/plan/board/")
    drag(page, "planned", "done")
    assert card(page, "planned").count() == 1
    with page.expect_navigation():
        drag(page, "planned", "started")
    assert card(page, "started").count() == 1
    with page.expect_navigation():
        drag(page, "started", "planned")
    assert card(page, "planned").count() == 1
    assert watched.faults == []


def test_the_menu_of_a_card_opens_closes_and_moves_it_by_keys_alone(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/plan/board/")
    menu = card(page, "planned").locator("summary")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "start"
    page.keyboard.press("Escape")
    assert not card(page, "planned").locator("details[open]").count()
    assert menu.evaluate("summary => summary === document.activeElement")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    card(page, "started").locator("summary").press("Enter")
    with page.expect_navigation():
        card(page, "started").get_by_role("button", name="Not begun").press("Enter")
    assert card(page, "planned").count() == 1
    assert watched.faults == []
