"""The newcomer's story and every kind of page, in Chromium against the running product."""

import re
from typing import Any

import pytest

from home.tests.browser import wait_until

pytestmark = pytest.mark.browser

PUBLIC_PAGES = [
    "/",
    "/editions/",
    "/editions/1/",
    "/places/",
    "/c/harbour/",
    "/r/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/nowhere/",
]
STAFF_PAGES = ["/my/", "/feedback/", "/scoreboard/harbour-branch/", "/charter/", "/charter/harbour-city/"]
MANAGER_PAGES = [
    "/my/",
    "/charter/harbour-city/",
    "/standards/next-step/edit/",
    "/charter/harbour-city/editions/",
    "/charter/harbour-city/editions/publish/",
    "/results/",
    "/results/add/",
    "/results/imports/",
    "/results/imports/add/",
    "/feedback/",
    "/feedback/?state=nonsense",
    "/feedback/collectors/",
    "/feedback/collectors/harbour/poster/",
    "/feedback/questionnaires/",
    "/feedback/questionnaires/visit-card/",
    "/scoreboard/harbour-city/",
    "/scoreboard/harbour-branch/",
    "/scoreboard/harbour-branch/?period=nonsense",
    "/scoreboard/harbour-city/measures/next-step-yes/",
    "/scoreboard/letters-office/measures/letters-in-time/",
    "/units/",
    "/people/",
    "/invitations/add/",
    "/settings/",
    "/settings/installation/",
    "/settings/keys/",
    "/settings/audit/",
    "/work/",
    "/letters/",
]


def sign_in(page: Any, product: str, email: str) -> None:
    page.goto(f"{product}/accounts/login/")
    page.get_by_label("mail").fill(email)
    page.get_by_label("Password").fill("charterwell-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/my/")


def answers_to_next_step(page: Any, product: str) -> int:
    """How many answers the Harbour branch has to “do you know what happens next?” lately."""
    page.goto(f"{product}/scoreboard/harbour-branch/measures/next-step-yes/")
    found = re.search(r"\d+ of (\d+) said yes", page.inner_text("main"))
    assert found, page.inner_text("main")
    return int(found[1])


@pytest.mark.parametrize("width", [375, 1280])
def test_a_newcomer_reads_the_charter_fills_in_a_card_and_the_manager_sees_it_count(
    product: str, open_page: Any, width: int
) -> None:
    manager, customer = open_page(width=1280), open_page(width=width)
    sign_in(manager.page, product, "admin@harbour.example")
    before = answers_to_next_step(manager.page, product)

    page = customer.page
    page.goto(f"{product}/")
    assert "What you can expect from us" in page.inner_text("h1")
    assert "Before you leave, you know what happens next" in page.inner_text("main")
    assert "our goal is 90" in page.inner_text("main")
    page.goto(f"{product}/c/harbour/")
    taps = [
        page.get_by_role("radio", name="Very good"),
        page.get_by_role("radio", name="Yes"),
        page.get_by_role("button", name="Send my card"),
    ]
    for tap in taps:
        tap.click()
    page.wait_for_url("**/r/*/")
    assert len(taps) <= 6
    assert re.fullmatch(r"[2-9A-Z]{10}", page.inner_text(".code").strip())
    assert page.context.cookies() == []

    wait_until(lambda: answers_to_next_step(manager.page, product) == before + 1, seconds=15)
    assert customer.faults == []
    assert manager.faults == []


def test_the_card_works_without_javascript_and_keeps_what_was_typed_when_something_is_wrong(
    product: str, open_page: Any
) -> None:
    page = open_page(width=375, javascript=False).page
    page.goto(f"{product}/c/harbour/")
    comment = page.locator("textarea")
    comment.evaluate("field => field.removeAttribute('maxlength')")
    comment.fill("She walked me to the right counter. " * 150)
    page.get_by_role("radio", name="Yes").click()
    page.get_by_role("button", name="Send my card").click()
    page.wait_for_load_state()
    assert "too long" in page.get_by_role("alert").inner_text()
    assert comment.input_value().startswith("She walked me to the right counter.")
    assert page.get_by_role("radio", name="Yes").is_checked()
    comment.fill("She walked me to the right counter.")
    page.get_by_role("button", name="Send my card").click()
    page.wait_for_url("**/r/*/")
    assert "She walked me to the right counter." in page.inner_text("main")


def test_a_manager_changes_a_standard_and_publishes_the_next_edition(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    page.goto(f"{product}/standards/story-once/edit/")
    page.get_by_label("The promise").fill("You tell your story once, and only once")
    page.get_by_role("button", name="Save").first.click()
    page.goto(f"{product}/charter/harbour-city/reviews/")
    page.locator("tbody th a").first.click()
    running = page.get_by_role("button", name="Close the round")
    if running.count():
        running.click()
    page.goto(f"{product}/charter/harbour-city/editions/publish/")
    page.get_by_label("What changed, and").fill("We say more clearly that nobody has to repeat anything.")
    page.get_by_role("button", name="Publish").click()
    page.goto(f"{product}/")
    assert "You tell your story once, and only once" in page.inner_text("main")
    assert watched.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
@pytest.mark.parametrize(
    ("email", "paths"),
    [("", PUBLIC_PAGES), ("staff@harbour.example", STAFF_PAGES), ("admin@harbour.example", MANAGER_PAGES)],
    ids=["public", "staff", "manager"],
)
def test_no_page_breaks_an_accessibility_rule_or_logs_an_error(
    product: str, open_page: Any, email: str, paths: list[str], width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    if email:
        sign_in(page, product, email)
    violations = []
    for path in paths:
        page.goto(product + path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [
            f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            violations.append(f"{path} scrolls sideways at {width} px")
    assert violations == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []
