"""A manager writes a course in a real browser, looks at it as learners will, and releases it."""

import re
from typing import Any

import pytest

from home.tests.test_browser import sign_in
from home.tests.test_browser_training import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MANAGER = "manager@harbour.example"


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def add_lesson(page: Any, title: str) -> None:
    page.get_by_text("Add a lesson").first.click()
    page.get_by_role("link", name="Text", exact=True).first.click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill("Say your **name**, then listen.")
    page.locator("#preview > summary").click()
    page.locator("#preview-words strong", has_text="name").wait_for()


def add_question(page: Any) -> None:
    page.get_by_role("link", name="Questions", exact=True).click()
    page.get_by_role("link", name="One is right").click()
    page.get_by_label("Question", exact=False).first.fill("What comes first?")
    page.get_by_label("Option 1").fill("The greeting")
    page.get_by_label("is right").first.check()
    page.get_by_label("Option 2").fill("The number")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_a_manager_writes_previews_and_releases_a_course(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, MANAGER)
    page.goto(f"{product}/training/courses/")
    faults = check(page)
    page.get_by_role("link", name="Begin a course").click()
    page.get_by_label("Title").fill(f"Our counter {scheme}")
    page.get_by_label("What one can do afterwards").fill("You greet first.")
    press(page, "Begin it")
    page.get_by_label("New module").fill("First things")
    press(page, "Add the module")
    for title in ("The greeting", "The goodbye"):
        add_lesson(page, title)
        faults += check(page)
        press(page, "Save")
    grip = page.get_by_role("button", name=re.compile("Drag “The goodbye”"))
    grip.press("Space")
    grip.press("ArrowUp")
    grip.press("Space")
    page.get_by_text("The order is saved in the draft.").wait_for()
    faults += check(page)
    add_question(page)
    faults += check(page)
    press(page, "Save")
    faults += check(page)
    page.get_by_role("link", name="Editor").click()
    page.get_by_role("link", name="Preview", exact=True).click()
    assert page.locator(".lessons a").all_inner_texts() == ["The goodbye", "The greeting"]
    faults += check(page)
    page.get_by_role("link", name="The goodbye").click()
    faults += check(page)
    page.get_by_role("link", name="Editor").click()
    page.get_by_role("link", name="Release", exact=True).click()
    faults += check(page)
    press(page, "Release it")
    assert "Version 1 is taught from now on." in page.inner_text("main")
    faults += check(page)
    assert sorted(set(faults)) == []
    assert watched.faults == []
