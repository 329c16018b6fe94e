"""A manager works the inbox and reads results, in Chromium against the running product."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

MANAGER = "manager@harbour.example"
PAGES = [
    "/feedback/",
    "/feedback/?comment=yes&rating=low&state=new",
    "/feedback/comments/",
    "/feedback/results/",
    "/feedback/results/visit-card/?first_question=next&second_question=visit",
    "/feedback/results/employee-barriers/",
    "/feedback/themes/",
    "/feedback/themes/add/",
    "/feedback/listening/",
    "/feedback/listening/add/",
    "/feedback/letters/",
    "/feedback/retention/",
    "/feedback/retention/person/",
    "/feedback/praise/",
]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_pages_of_the_desk_are_accessible_and_fit(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, MANAGER)
    found = {}
    for address in PAGES:
        page.goto(f"{product}{address}")
        violations = [each["id"] for each in Axe().run(page).response["violations"]]
        is_wide = page.evaluate("document.documentElement.scrollWidth") > width
        if violations or is_wide:
            found[address] = [*violations, *(["too wide"] if is_wide else [])]
    assert found == {}
    assert watched.faults == []


CUT_OFF = """
  [...document.querySelectorAll("main form.bar select")].filter((list) => {
    if (!list.offsetParent) return false;
    const style = getComputedStyle(list);
    const brush = document.createElement("canvas").getContext("2d");
    brush.font = style.font;
    const room = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return brush.measureText(list.selectedOptions[0].text).width > room + 1;
  }).map((list) => list.name)
"""


def test_what_is_chosen_in_a_list_is_not_cut_off_on_a_telephone(product: str, open_page: Any) -> None:
    watched = open_page(width=375)
    page = watched.page
    sign_in(page, product, MANAGER)
    for address in ("/feedback/", "/feedback/themes/", "/feedback/comments/", "/feedback/listening/"):
        page.goto(f"{product}{address}")
        assert page.evaluate(CUT_OFF) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert watched.faults == []


def test_a_manager_marks_many_as_spam_restores_them_and_takes_a_card_in_hand(
    product: str, open_page: Any
) -> None:
    watched = open_page(javascript=False)
    page = watched.page
    sign_in(page, product, MANAGER)
    page.goto(f"{product}/feedback/?comment=yes&state=new&rating=low")
    references = [box.get_attribute("value") for box in page.locator("input[name=chosen]").all()[:2]]
    for reference in references:
        page.locator(f"input[value='{reference}']").check()
    page.get_by_label("With those chosen").select_option("spam")
    page.get_by_role("button", name="Do it").click()
    assert "Done for 2 responses" in page.inner_text("main")
    assert page.url.endswith("/feedback/?comment=yes&state=new&rating=low")
    page.goto(f"{product}/feedback/?state=spam")
    for reference in references:
        page.locator(f"input[value='{reference}']").check()
    page.get_by_label("With those chosen").select_option("restore")
    page.get_by_role("button", name="Do it").click()
    assert "Done for 2 responses" in page.inner_text("main")

    page.goto(f"{product}/feedback/responses/{references[0]}/")
    page.get_by_label("In hand of").select_option(label="Sofia Reyes")
    page.get_by_role("button", name="Give it to them").click()
    page.get_by_label("Note for colleagues").fill("Rang her: she would like a letter.")
    page.get_by_role("button", name="Keep the note").click()
    told = page.inner_text("main")
    assert "In hand of Sofia Reyes" in told
    assert "she would like a letter" in told


def test_results_say_the_figure_of_the_story_and_a_theme_is_tried_before_it_is_saved(
    product: str, open_page: Any
) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, MANAGER)
    page.goto(f"{product}/feedback/results/visit-card/?unit=harbour-branch")
    told = page.inner_text("main")
    assert "94 %" in told
    assert "91 to 96" in told
    page.goto(f"{product}/feedback/themes/add/")
    page.get_by_label("Theme").fill("Passports")
    page.get_by_label("Keywords in English").fill("passport*")
    page.get_by_role("button", name="Try it").click()
    assert "Nothing is saved yet" in page.inner_text("main")
    assert "passport for my daughter" in page.inner_text("main")
    assert watched.faults == []
