"""Every page on which a course is written, previewed and copied, and the last pages of the room."""

import re
from typing import Any

import pytest

from home.tests.test_browser import sign_in
from home.tests.test_browser_training import check

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADMIN = "admin@harbour.example"
COURSE = "/training/courses/telephone"
MODULE = f"{COURSE}/draft/modules/picking-up"
LESSONS = ("text", "scenario", "checklist", "practice", "video", "download", "session")
QUESTIONS = ("single", "multiple", "true_false", "ordering", "matching", "numeric", "short", "open")
WRITING = [
    "/training/courses/",
    "/training/courses/?q=nowhere",
    "/training/courses/?state=all",
    "/training/new-course/",
    f"{COURSE}/",
    f"{COURSE}/copy/",
    f"{COURSE}/edit/",
    f"{COURSE}/edit/?language=de",
    f"{COURSE}/draft/",
    f"{MODULE}/edit/",
    *(f"{MODULE}/add/{kind}/" for kind in LESSONS),
    f"{COURSE}/draft/lessons/the-first-ten-seconds/edit/",
    f"{COURSE}/draft/lessons/the-first-ten-seconds/edit/?language=fr",
    f"{COURSE}/draft/lessons/passed-on-twice/edit/",
    f"{COURSE}/draft/quiz/",
    f"{COURSE}/questions/",
    f"{COURSE}/questions/?q=nowhere",
    *(f"{COURSE}/new-question/{kind}/" for kind in QUESTIONS),
    f"{COURSE}/questions/on-hold/edit/",
    f"{COURSE}/questions/on-hold/edit/?language=ar",
]
PREVIEWS = [
    f"{COURSE}/preview/",
    f"{COURSE}/preview/?language=de",
    *(
        f"{COURSE}/preview/lessons/{key}/"
        for key in ("the-first-ten-seconds", "voice-without-a-face", "passed-on-twice")
    ),
    *(f"{COURSE}/preview/questions/{key}/" for key in ("on-hold", "bring-them", "slow", "leaving")),
]
FORMS = [
    "/training/new-course/",
    f"{COURSE}/edit/",
    f"{MODULE}/edit/",
    f"{MODULE}/add/scenario/",
    f"{MODULE}/add/video/",
    f"{COURSE}/draft/quiz/",
    f"{COURSE}/new-question/single/",
    f"{COURSE}/new-question/matching/",
    "/training/rules/add/",
    "/training/sessions/add/",
]


def faults_of(page: Any, product: str, paths: list[str]) -> list[str]:
    faults = []
    for path in paths:
        answer = page.goto(product + path)
        if answer.status >= 400:
            faults.append(f"{path}: {answer.status}")
        faults += check(page)
    return faults


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_no_page_on_which_a_course_is_written_breaks_a_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    sign_in(watched.page, product, ADMIN)
    faults = faults_of(watched.page, product, WRITING)
    assert sorted(set(faults)) == []
    assert watched.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_preview_breaks_a_rule(product: str, open_page: Any, width: int, scheme: str) -> None:
    watched = open_page(width=width, scheme=scheme)
    sign_in(watched.page, product, ADMIN)
    faults = faults_of(watched.page, product, PREVIEWS)
    assert sorted(set(faults)) == []
    assert watched.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_a_form_that_is_sent_empty_says_so_and_breaks_no_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    faults = []
    for path in FORMS:
        page.goto(product + path)
        page.evaluate(EMPTIED)
        page.locator("main form[method=post] button[type=submit]:not([formnovalidate])").first.click()
        page.wait_for_load_state()
        faults += check(page)
        faults += [] if page.locator(".errors").count() else [f"{path} says nothing"]
    assert sorted(set(faults)) == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []


EMPTIED = """() => document.querySelectorAll("main form").forEach(form => {
  form.noValidate = true;
  form.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio]), textarea")
    .forEach(field => { field.value = ""; });
})"""


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_the_pages_behind_the_lists_break_no_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, ADMIN)
    faults = []
    for path, link in BEHIND:
        page.goto(product + path)
        page.locator(link).first.click()
        page.wait_for_load_state()
        faults += check(page)
    page.goto(f"{product}/training/sessions/")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name=re.compile("^Change")).first.click()
    page.wait_for_load_state()
    faults += check(page)
    assert sorted(set(faults)) == []
    assert watched.faults == []


BEHIND = [
    ("/training/rules/", "tbody th a"),
    ("/training/measures/", "main a[href*='/training/measures/']"),
    ("/training/matrix/", "tbody th a"),
]
