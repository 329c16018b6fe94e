"""A manager in the training room: gives a course, gives time, marks, watches, keeps a list."""

import re
from typing import Any

import pytest

from home.tests.test_browser import sign_in
from home.tests.test_browser_training import STAFF, check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MANAGER = "manager@harbour.example"
PAGES = [
    "/training/",
    "/training/assign/",
    "/training/courses/telephone/assign/",
    "/training/rules/",
    "/training/rules/add/",
    "/training/marking/",
    "/training/practice/",
    "/training/practice/?state=all",
    "/training/sessions/",
    "/training/sessions/?state=past",
    "/training/sessions/?q=nowhere",
    "/training/sessions/add/",
]


def click(page: Any, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=re.compile(name)).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light"), (320, "light")])
def test_no_page_of_the_room_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, MANAGER)
    faults = []
    for path in PAGES:
        page.goto(product + path)
        faults += check(page)
    page.goto(f"{product}/training/practice/?state=all")
    page.locator(".due a").first.click()
    faults += check(page)
    page.locator(".crumbs a").last.click()
    page.wait_for_load_state()
    for summary in page.locator("details summary").all():
        summary.click()
    faults += check(page)
    page.locator(".crumbs a").first.click()
    page.wait_for_load_state()
    faults += check(page)
    page.goto(f"{product}/training/sessions/")
    page.locator("tbody th a").first.click()
    page.wait_for_load_state()
    faults += check(page)
    click(page, "List on paper", "link")
    faults += check(page)
    assert sorted(set(faults)) == []
    assert watched.faults == []


def test_a_course_is_given_the_learner_sees_it_and_more_time_and_a_waiver_are_decided(
    product: str, open_page: Any
) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, MANAGER)
    page.goto(f"{product}/training/courses/listening-and-empathy/assign/")
    page.get_by_label("Search by name").fill("reyes")
    click(page, "^Search$")
    page.get_by_role("checkbox", name=re.compile("Sofia Reyes")).check()
    page.get_by_label("Due on").fill("2099-01-01")
    click(page, "See who would get it")
    assert "Is the year right?" in page.inner_text(".errors")
    faults = check(page)
    page.get_by_label("Due on").fill(page.evaluate(IN_A_MONTH))
    page.get_by_label("Why").fill("We listen first")
    click(page, "See who would get it")
    faults += check(page)
    click(page, "Give it to 1 person")
    assert "1 person has got it" in page.inner_text("h1")
    faults += check(page)

    learner = open_page(width=375).page
    sign_in(learner, product, STAFF)
    learner.goto(f"{product}/training/")
    learner.get_by_role("link", name=re.compile("^Listening")).first.click()
    learner.wait_for_load_state()
    assert "We listen first" in learner.inner_text("main")

    click(page, "Sofia Reyes", "link")
    faults += check(page)
    click(page, "^Listening", "link")
    page.get_by_text("Give more time", exact=True).first.click()
    page.get_by_label("Why more time is given").fill("On holiday until then")
    click(page, "^Give more time$")
    assert "There is time until" in page.inner_text("main")
    page.get_by_text("Waive the course", exact=True).first.click()
    page.get_by_label("Why the course is waived").fill("Trained elsewhere")
    click(page, "^Waive the course$")
    assert "– waived" in page.inner_text("main")
    faults += check(page)
    learner.reload()
    assert "Trained elsewhere" in learner.inner_text("main")
    click(page, "Take the waiver back")
    assert "The course is owed again" in page.inner_text("main")
    assert sorted(set(faults)) == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []


IN_A_MONTH = "new Date(Date.now() + 30 * 864e5).toISOString().slice(0, 10)"


def test_on_a_telephone_an_answer_is_marked_a_practice_seen_and_a_list_kept(
    product: str, open_page: Any
) -> None:
    watched = open_page(width=375)
    page = watched.page
    sign_in(page, product, MANAGER)
    click(page, "wait.* for your marks", "link")
    page.locator("tbody th a").first.click()
    page.wait_for_load_state()
    faults = check(page)
    page.get_by_label("Points").fill("9")
    click(page, "^Save")
    assert "not more" in page.inner_text(".errors")
    faults += check(page)
    page.get_by_label("Points").fill("3,5")
    page.get_by_label("Remark").fill("Say the day as well.")
    click(page, "^Save")
    assert "Marked." in page.inner_text("main")

    page.goto(f"{product}/training/practice/")
    click(page, "Tom Whitfield", "link")
    for box in page.locator(".picks input").all():
        box.check()
    faults += check(page)
    click(page, "I saw this")
    assert "Everything was seen" in page.inner_text("main")

    page.goto(f"{product}/training/sessions/?state=past")
    page.locator("tbody th a").first.click()
    page.get_by_role("checkbox", name=re.compile("Lena Vogt")).check()
    faults += check(page)
    click(page, "Keep the list")
    assert "1 came" in page.inner_text("main")
    faults += check(page)
    assert sorted(set(faults)) == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []
