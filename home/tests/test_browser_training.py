"""A learner on a telephone: every page of a course, from the first lesson to the certificate."""

import re
from typing import Any

import pytest

from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

STAFF = "staff@harbour.example"


def check(page: Any) -> list[str]:
    """What axe-core finds on the page, and whether it scrolls sideways."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    faults = [
        f"{page.url} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        faults.append(f"{page.url} scrolls sideways")
    return faults


def answer(page: Any) -> str:
    """Give some answer to whatever is asked; says which kind of field it was."""
    if page.locator(".picks input").count():
        page.locator(".picks label").first.click()
        return "picks"
    if page.locator(".places select").count():
        for number, select in enumerate(page.locator(".places select").all(), start=1):
            select.select_option(index=number)
        return "places"
    page.locator("#question [name=answer]").fill("two")
    return "text"


def go_through_lessons(page: Any) -> list[str]:
    """Do what each lesson asks until the course page comes back."""
    faults = []
    for _turn in range(60):
        if "/lessons/" not in page.url:
            return faults
        faults += check(page)
        if page.locator(".picks button").count():
            page.locator(".picks button").first.click()
        elif page.locator(".picks input").count():
            for box in page.locator(".picks input").all():
                box.check()
            page.get_by_role("button", name="Keep my ticks").click()
        else:
            page.locator(".thumb .button").click()
        page.wait_for_load_state()
    pytest.fail(f"the lessons never end: {page.url}")


@pytest.mark.parametrize(("scheme", "number"), [("light", 0), ("dark", 1)])
def test_a_learner_takes_a_course_with_one_thumb(
    product: str, open_page: Any, scheme: str, number: int
) -> None:
    watched = open_page(width=375, scheme=scheme)
    page = watched.page
    sign_in(page, product, STAFF)
    page.goto(f"{product}/training/")
    faults = check(page)
    course = page.locator(".due a").nth(number)
    course.click()
    faults += check(page)
    begin = page.get_by_role("button", name=re.compile("^(Begin|Go on)$"))
    if begin.count():
        begin.click()
        faults += go_through_lessons(page)
    page.get_by_role("button", name=re.compile("quiz|once more")).click()
    page.wait_for_load_state()
    answer(page)
    page.get_by_text("Saved", exact=True).wait_for()
    looked_at = set()
    for _turn in range(40):
        if "question=all" in page.url:
            break
        kind = answer(page)
        faults += check(page) if kind not in looked_at else []
        looked_at.add(kind)
        page.get_by_role("button", name=re.compile("^(Next|To the end)$")).click()
        page.wait_for_load_state()
    faults += check(page)
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_load_state()
    assert "Your result" in page.inner_text("h1")
    faults += check(page)
    assert sorted(set(faults)) == []
    assert watched.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_what_one_holds_can_be_read_and_checked(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, STAFF)
    page.goto(f"{product}/training/transcript/")
    faults = check(page)
    if width == 375:
        empty = page.locator("table.fold td:empty")
        assert not any(cell.is_visible() for cell in empty.all())
    course = page.get_by_role("row").filter(has_text="Completed").get_by_role("link").first
    course.click()
    faults += check(page)
    page.get_by_role("link", name="Public check page").click()
    page.wait_for_load_state()
    assert "Sofia Reyes" in page.inner_text("main")
    faults += check(page)
    assert sorted(set(faults)) == []
    assert watched.faults == []


MANAGER_PAGES = [
    "/training/matrix/",
    "/training/matrix/?overdue=on&sort=overdue",
    "/training/matrix/?state=none",
    "/training/matrix/?q=nobody",
    "/training/matrix/?unit=nowhere",
    "/training/compliance/",
    "/training/compliance/?on=2001-01-01",
    "/training/compliance/?on=2199-01-01",
    "/training/hard-questions/",
    "/training/hard-questions/?q=nothing",
    "/training/measures/",
    "/scoreboard/harbour-city/standards/next-step/",
    "/my/",
]


@pytest.mark.parametrize(
    ("width", "scheme"), [(375, "light"), (1280, "dark"), (320, "dark"), (1280, "light")]
)
def test_a_manager_reads_how_everybody_stands(product: str, open_page: Any, width: int, scheme: str) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    faults = []
    for path in MANAGER_PAGES:
        page.goto(product + path)
        faults += check(page)
    assert sorted(set(faults)) == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []
