"""Signals, reports and open data in Chromium: the manager's story, and every page of this part."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from home.tests.browser import wait_until
from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

ADMIN = "admin@harbour.example"
PAGES = [
    "/signals/",
    "/signals/?state=all",
    "/signals/?q=nothing+like+it",
    "/signals/letters/",
    "/reports/",
    "/reports/?state=archived",
    "/reports/add/",
    "/reports/plans/",
    "/reports/plans/harbour-branch/",
]


def first_link(page: Any, product: str, path: str) -> str:
    """The address of the first row of a list."""
    page.goto(product + path)
    return page.locator("tbody a.t").first.get_attribute("href")


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_page_of_signals_and_reports_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    page.goto(f"{product}/open-data/")
    assert page.context.cookies() == []
    sign_in(page, product, ADMIN)
    signal = first_link(page, product, "/signals/")
    dismissed = first_link(page, product, "/signals/?state=dismissed")
    report = first_link(page, product, "/reports/")
    violations = []
    for path in ["/open-data/", *PAGES, signal, dismissed, report]:
        page.goto(product + path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [
            f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            violations.append(f"{path} scrolls sideways at {width} px")
    assert violations == []
    assert watched.faults == []


def test_a_manager_puts_a_signal_aside_and_has_a_report_made(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/scoreboard/harbour-city/")
    page.get_by_role("link", name=re.compile("^Signals")).click()
    page.locator("tbody a.t").first.click()
    page.get_by_label("Why it is put aside").fill("The counter was closed for two weeks.")
    page.get_by_role("button", name="Put it aside").click()
    page.wait_for_load_state()
    assert "It does not come back by itself" in page.inner_text("main")

    page.goto(f"{product}/reports/add/")
    page.get_by_label("Unit").select_option("harbour-city")
    page.get_by_role("button", name="Prepare it").click()
    page.get_by_role("link", name=re.compile("Choose comments")).click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Keep this choice").click()
    page.get_by_role("link", name="Back to the report").click()
    page.wait_for_load_state()
    assert "1 chosen" in page.inner_text("main")
    address = page.url
    page.get_by_role("button", name="Make the report").click()

    def is_made() -> bool:
        page.goto(address)
        return page.get_by_role("link", name="Open as PDF").count() == 1

    wait_until(is_made, seconds=30)
    document = page.request.get(f"{address}report.pdf")
    assert "Monthly report" in PdfReader(io.BytesIO(document.body())).pages[0].extract_text()
    assert watched.faults == []
