"""The strategy in Chromium: every page of the room, a card on the board, an answer without a name."""

from typing import Any

import pytest

from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

ADMIN, STAFF = "admin@harbour.example", "staff@harbour.example"
PAGES = [
    *("/initiatives/", "/initiatives/add/", "/quotient/", "/quotient/add/"),
    *("/quotient/first-hour/harbour-branch/", "/plan/", "/plan/board/", "/plan/timeline/", "/plan/add/"),
    *("/plan/?q=nothing+like+it", "/gaps/", "/gaps/add/", "/gaps/?state=dismissed", "/reviews/"),
    *("/reviews/add/", "/announcements/", "/announcements/add/", "/why/", "/why/harbour-branch/"),
]
LISTS = ["/initiatives/", "/quotient/?state=closed", "/plan/", "/gaps/", "/reviews/", "/announcements/"]


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_page_of_the_strategy_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    firsts = []
    for path in LISTS:
        page.goto(product + path)
        firsts.append(page.locator("tbody a.t").first.get_attribute("href"))
    violations = []
    for path in [*PAGES, *firsts]:
        page.goto(product + path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [
            f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            violations.append(f"{path} scrolls sideways at {width} px")
    assert violations == []
    assert watched.faults == []


def test_a_card_moves_on_the_board_by_its_menu_without_script(product: str, open_page: Any) -> None:
    page = open_page(javascript=False).page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/plan/board/")
    title = "Say at the entrance how long it will take"
    for state, move, after in (("planned", "Start", "started"), ("started", "Not begun", "planned")):
        card = page.locator(f"[data-state={state}] [data-card]", has_text=title)
        card.locator("summary").click()
        card.get_by_role("button", name=move).click()
        page.locator(f"[data-state={after}] [data-card]", has_text=title).wait_for()


def test_a_colleague_answers_without_a_name_by_keyboard_only(product: str, open_page: Any) -> None:
    watched = open_page(width=375)
    page = watched.page
    sign_in(page, product, STAFF)
    page.get_by_role("link", name="Before the next edition").click()
    for name in page.locator("input[type=radio][value='4']").evaluate_all("all => all.map(e => e.name)"):
        page.locator(f"input[name='{name}'][value='4']").focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Put my answers into the box").press("Enter")
    page.wait_for_url("**/quotient/")
    assert "Nobody can see which answers are yours" in page.inner_text("main")
    assert watched.faults == []
