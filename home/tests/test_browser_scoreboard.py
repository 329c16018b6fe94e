"""The scoreboard's pages in Chromium, and the story of a change that a manager marks."""

from typing import Any

import pytest

from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

RATE = "/scoreboard/harbour-branch/measures/complaints-rate/"
PAGES = [
    "/scoreboard/harbour-city/",
    "/scoreboard/harbour-branch/?period=last-12-months",
    "/scoreboard/harbour-branch/?period=2026-W54",
    "/scoreboard/harbour-city/standards/welcome/",
    "/scoreboard/harbour-city/standards/welcome/?period=soon",
    "/scoreboard/harbour-city/measures/next-step-yes/?against=last-12-months",
    "/scoreboard/harbour-city/measures/next-step-yes/?period=1999",
    f"{RATE}?period=last-6-months",
    "/scoreboard/letters-office/measures/letters-lost/",
    "/scoreboard/parks-team/measures/letters-in-time/",
    "/goals/",
    "/goals/?q=nothing",
    "/feedback/?measure=next-step-yes&value=0",
]


def test_a_manager_marks_a_change_the_chart_splits_and_it_can_be_taken_back(
    product: str, open_page: Any
) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, "manager@harbour.example")
    page.goto(f"{product}{RATE}")
    assert "above the usual range" in page.inner_text("main")
    splits = page.locator(".control .split").count()
    page.get_by_text("Mark a change on a day").click()
    page.locator("#id_on").fill("2024-11-01")
    page.get_by_label("What changed").fill("A second person at the counter until noon")
    page.get_by_role("button", name="Mark the change").click()
    page.wait_for_load_state()
    assert page.locator(".control .split").count() == splits + 1
    assert "A second person at the counter until noon" in page.inner_text("main")
    page.locator(".change", has_text="second person").get_by_role("button", name="Take away").click()
    page.wait_for_load_state()
    assert page.locator(".control .split").count() == splits
    page.get_by_role("button", name="Undo").click()
    page.wait_for_load_state()
    assert page.locator(".control .split").count() == splits + 1
    assert watched.faults == []


def test_a_front_line_unit_is_seen_on_one_screen_with_the_filters_in_one_row(
    product: str, open_page: Any
) -> None:
    page = open_page(width=1280).page
    sign_in(page, product, "staff@harbour.example")
    page.goto(f"{product}/scoreboard/harbour-branch/")
    of_customers = page.locator(".scoreboard").first.bounding_box()  # what colleagues experience follows
    assert of_customers["y"] + of_customers["height"] <= 800
    tops = {round(each.bounding_box()["y"]) for each in page.locator(".switch .button, .switch select").all()}
    assert max(tops) - min(tops) <= 4


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_page_of_the_scoreboard_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    violations = []
    for path in PAGES:
        page.goto(product + path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [
            f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            violations.append(f"{path} scrolls sideways at {width} px")
    assert violations == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []


def test_the_quadrant_of_needs_is_seen_whole_on_a_telephone(product: str, open_page: Any) -> None:
    page = open_page(width=375).page
    sign_in(page, product, "manager@harbour.example")
    page.goto(f"{product}/scoreboard/harbour-city/needs/")
    drawing = page.locator("svg.quadrant").bounding_box()
    assert drawing["x"] + drawing["width"] <= 375
    assert min(each.bounding_box()["height"] for each in page.locator(".quadrant .number").all()) >= 9
