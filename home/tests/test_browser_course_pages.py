"""Every page on which a course is written, previewed and copied, and the last pages of the room."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from home.tests.moved_clock import Clock, Visitor, under_the_clock
from home.tests.test_browser import sign_in
from home.tests.test_browser_training import check
from organisation.demo import PASSWORD
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.tests.factories import a_course, an_assignment, an_attempt
from training.views import matrix

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
    page.goto(f"{product}/training/new-course/")
    page.get_by_label("Title").fill(f"Not released yet, {width}")
    page.get_by_label("What one can do afterwards").fill("You wait for the release.")
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.wait_for_url("**/draft/")
    page.goto(page.url.replace("/draft/", "/assign/"))
    assert "cannot be assigned" in page.inner_text("main")
    faults += check(page)
    assert sorted(set(faults)) == []
    assert watched.faults == []


BEHIND = [
    ("/training/rules/", "tbody th a"),
    ("/training/measures/", "main a[href*='/training/measures/']"),
    ("/training/matrix/", "tbody th a"),
]


@pytest.fixture
def clock(monkeypatch: Any) -> Clock:
    moved = Clock(datetime(2026, 6, 15, 9, tzinfo=UTC))
    under_the_clock(moved, monkeypatch)
    return moved


def somebody(*role: str) -> Any:
    """Signs in with the password of the demo."""
    person = person_in(UnitFactory(parent=InstallationFactory().root), *role)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_a_learner_whose_time_is_up_reads_so_without_a_fault(
    live_server: Any, open_page: Any, clock: Clock, width: int, scheme: str
) -> None:
    learner = somebody()
    attempt = an_attempt(an_assignment(a_course(quiz={"minutes": 10}), learner), at=clock.moment)
    clock.on(minutes=11)
    sofia = Visitor(open_page(width=width, scheme=scheme), live_server.url, learner.email)
    assert "The time is up" in sofia.visit(attempt.get_absolute_url())
    assert check(sofia.page) == []
    sofia.press("See the result")
    assert "Your result" in sofia.words()
    assert sofia.watched.faults == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
def test_a_table_that_is_too_large_for_a_page_is_offered_without_a_fault(
    live_server: Any, open_page: Any, clock: Clock, monkeypatch: Any, width: int, scheme: str
) -> None:
    monkeypatch.setattr(matrix, "MOST_CELLS_AT_ONCE", 0)
    manager = somebody("manager", "middle")
    a_course(unit=manager.home_unit)
    marek = Visitor(open_page(width=width, scheme=scheme), live_server.url, manager.email)
    assert "A large table" in marek.visit("/training/matrix/?export=xlsx")
    assert check(marek.page) == []
    marek.press("Make the workbook")
    assert "table of people and courses" in marek.words()
    assert marek.watched.faults == []
