"""The customers room in Chromium: a need from assumption to promise, a file of days, and every page of it."""

from typing import Any

import pytest

from home.tests.browser import wait_until
from home.tests.test_browser import sign_in
from home.tests.test_browser_training import check

pytestmark = pytest.mark.browser

ADMIN = "admin@harbour.example"
PAGES = [
    "/customers/",
    "/customers/?show=due",
    "/customers/?q=nothing+like+it",
    "/customers/needs/add/",
    "/customers/needs/evidence/add/",
    "/customers/segments/",
    "/customers/segments/add/",
    "/customers/promises/",
    "/customers/activity/",
    "/scoreboard/harbour-city/needs/",
    "/scoreboard/parks-team/needs/",
    "/scoreboard/harbour-city/activity/",
    "/scoreboard/parks-team/activity/",
    "/results/imports/add/?kind=activity",
]
HEADER = "unit,day,channel,product,served,complaints\n"
GOOD = "parks-team,2026-03-02,on site,Benches,14,1\n"
BAD = "parks-team,2026-03-03,on site,Benches,-3,0\n"


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_no_page_of_the_customers_room_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    faults = []
    for path in PAGES:
        page.goto(product + path)
        faults += check(page)
    for path in ("/customers/", "/customers/segments/"):
        page.goto(product + path)
        page.locator("tbody a.t").first.click()
        faults += check(page)
        page.get_by_role("link", name="Edit", exact=True).click()
        faults += check(page)
    assert faults == []
    assert watched.faults == []


def test_an_assumed_need_becomes_known_and_is_answered_by_a_standard(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/customers/")
    page.get_by_role("link", name="To be reached after six").click()
    assert page.get_by_text("No standard answers this need yet.").count()
    page.get_by_role("link", name="Add evidence").click()
    page.get_by_label("What it says").fill("I close at seven. Your line closes at five.")
    page.get_by_label("From which day").fill("2026-01-15")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("customers said so").wait_for()
    page.get_by_label("Another standard that answers it").select_option(label_of(page, "letter and e-mail"))
    page.get_by_role("button", name="Tie to the need").click()
    page.get_by_role("button", name="Untie").wait_for()
    page.goto(f"{product}/customers/promises/")
    assert not page.get_by_role("link", name="To be reached after six").count()
    assert watched.faults == []


def test_the_quadrant_fits_a_telephone_and_can_be_read_there(product: str, open_page: Any) -> None:
    page = open_page(width=375).page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/scoreboard/harbour-city/needs/")
    right, smallest = page.evaluate(
        """() => {
            const drawn = document.querySelector("svg.quadrant"), box = drawn.getBoundingClientRect();
            const texts = [...drawn.querySelectorAll("text")];
            const sizes = texts.map(e => parseFloat(getComputedStyle(e).fontSize));
            return [box.right, Math.min(...sizes) * box.width / drawn.viewBox.baseVal.width];
        }"""
    )
    assert right <= 375
    assert smallest >= 10


def label_of(page: Any, words: str) -> str:
    found: str = page.locator("#id_standard option", has_text=words).first.inner_text()
    return found


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_the_columns_of_a_file_of_days_are_chosen_on_a_page_without_faults(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme).page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/results/imports/add/?kind=activity")
    file = {"name": "till.csv", "mimeType": "text/csv", "buffer": b"Where;When;Guests\nHere;1.3.26;14\n"}
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Send the file").click()
    page.get_by_role("button", name="Check the file").wait_for()
    faults = check(page)
    page.locator("main form").last.evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Check the file").click()
    page.locator(".errors").wait_for()
    assert faults + check(page) == []


def test_a_file_of_days_is_mended_taken_in_and_stands_on_the_dashboard(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, ADMIN)

    def send(content: str) -> None:
        page.goto(f"{product}/customers/")
        page.get_by_role("link", name="Take in a file").click()
        file = {"name": "days.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.set_input_files("input[type=file]", file)
        page.get_by_role("button", name="Send the file").click()
        page.get_by_role("button", name="Check the file").click()
        page.get_by_role("heading", name="What would come of it").wait_for()

    send(HEADER + GOOD + BAD)
    assert page.get_by_text("“-3” is less than nothing.").count()
    send(HEADER + GOOD)
    page.get_by_role("button", name="Take in").click()
    page.get_by_role("heading", name="What came of it").wait_for()
    page.goto(f"{product}/scoreboard/parks-team/activity/?period=2026-03")
    assert wait_until(lambda: page.get_by_text("Benches").count())
    assert watched.faults == []
