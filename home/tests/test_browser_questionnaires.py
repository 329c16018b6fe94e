"""Questionnaires in Chromium: built from a starter, shown by answers with and without a script, axe."""

from typing import Any

import pytest

from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

MANAGER = "admin@harbour.example"
EDITOR_PAGES = [
    "/feedback/questionnaires/?state=draft",
    "/feedback/questionnaires/add/",
    "/feedback/questionnaires/import/",
    "/feedback/questionnaires/starters/service-visit/?language=de",
    "/feedback/questionnaires/five-questions/?language=fr",
    "/feedback/questionnaires/five-questions/words/",
    "/feedback/questionnaires/five-questions/questions/add/?kind=matrix",
    "/feedback/questionnaires/five-questions/questions/easy/edit/",
    "/feedback/questionnaires/five-questions/questions/easy/rule/",
    "/feedback/questionnaires/service-visit/",
    "/feedback/questionnaires/service-visit/preview/?language=de",
    "/feedback/questionnaires/service-visit/rename/",
]
CARDS = ["/c/service-visit/", "/c/importance-satisfaction/?language=de", "/c/trust/", "/c/after-a-complaint/"]


def test_a_questionnaire_is_built_from_a_starter_and_asked(product: str, open_page: Any) -> None:
    watched = open_page()
    page = watched.page
    sign_in(page, product, MANAGER)
    page.goto(f"{product}/feedback/questionnaires/add/")
    page.get_by_role("link", name="After a complaint").click()
    page.get_by_label("Name").fill("Put right?")
    page.get_by_label("Key").fill("put-right")
    page.get_by_role("button", name="Begin with it").click()
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("How it is answered").select_option("choice")
    page.get_by_role("button", name="Show what this type needs").click()
    page.locator("[name=wording]").fill("Who brought it to an end?")
    page.get_by_label("Option 1").fill("The person I spoke to first")
    page.get_by_label("Option 2").fill("Somebody else")
    preview = page.locator("#live")
    preview.get_by_text("Somebody else", exact=True).wait_for()
    assert preview.get_by_text("Who brought it to an end?").is_visible()
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("heading", name="Who brought it to an end?").first.wait_for()
    page.get_by_role("button", name="Publish this version").click()
    assert page.get_by_text("is not written in the language “Deutsch” yet").is_visible()
    page.locator("[data-key=who-brought-it-to-an-end]").get_by_text("Edit").first.click()
    page.get_by_role("link", name="Deutsch").click()
    page.locator("[name=wording]").fill("Wer hat es zu Ende gebracht?")
    page.get_by_label("Option 1").fill("Die Person, mit der ich zuerst sprach")
    page.get_by_label("Option 2").fill("Jemand anders")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("button", name="Publish this version").click()
    assert page.get_by_text("It is asked nowhere yet.").is_visible()
    assert [fault for fault in watched.faults if "status of 422" not in fault] == []


def test_questions_are_ordered_by_keyboard_and_a_rule_holds_them_back(product: str, open_page: Any) -> None:
    page = open_page().page
    sign_in(page, product, MANAGER)
    page.goto(f"{product}/feedback/questionnaires/starters/charter-awareness/")
    page.get_by_label("Key").fill("known-or-not")
    page.get_by_role("button", name="Begin with it").click()
    titles = page.locator("[data-key] h3")
    assert titles.first.inner_text() == "Have you seen our charter before today?"
    grip = page.get_by_role("button", name="Drag “What should we promise")
    grip.focus()
    for key in ("Space", *["ArrowUp"] * 6, "Space"):
        page.keyboard.press(key)
    page.get_by_text("The order is saved in the draft.").wait_for()
    assert titles.first.inner_text().startswith("What should we promise")
    page.reload()
    assert titles.first.inner_text().startswith("What should we promise")
    page.get_by_role("button", name="Drag “Where have you seen it?").focus()
    for key in ("Space", "ArrowUp", "Space"):
        page.keyboard.press(key)
    page.get_by_text("stays behind the answers by which it is shown").wait_for()
    assert titles.nth(1).inner_text() == "Have you seen our charter before today?"


def test_an_answer_shows_its_question_at_once_where_scripts_run(product: str, open_page: Any) -> None:
    page = open_page(width=375).page
    page.goto(f"{product}/c/trust/")
    question = page.get_by_text("What would have to change first?")
    assert not question.is_visible()
    page.locator("label[for='q-trust-2'], label:has(#q-trust-2)").first.click()
    question.wait_for()
    page.get_by_text("something else", exact=True).click()
    page.get_by_label("something else: in your words").fill("An honest word")
    page.locator("label:has(#q-trust-1)").click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_label("something else: in your words").input_value() == "An honest word"
    page.get_by_role("button", name="Send my card").click()
    page.get_by_role("heading", name="Your receipt code").wait_for()
    assert page.get_by_text("something else: An honest word").is_visible()


def test_without_scripts_the_question_is_asked_before_the_card_is_taken(product: str, open_page: Any) -> None:
    page = open_page(width=375, javascript=False).page
    page.goto(f"{product}/c/trust/?language=de")
    page.locator("label:has(#q-trust-1)").click()
    page.get_by_role("button", name="Meine Karte abschicken").click()
    assert page.get_by_role("heading", name="Ihre Antwort führt zu einer weiteren Frage").is_visible()
    assert page.get_by_text("Was müsste sich zuerst ändern?").is_visible()
    page.get_by_role("button", name="Meine Karte abschicken").click()
    assert page.get_by_text("Quittung").first.is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_in_the_editor_and_on_the_cards(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(width=width, scheme=scheme).page
    sign_in(page, product, MANAGER)
    violations = []
    for path in [*EDITOR_PAGES, *CARDS]:
        page.goto(product + path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [(path, each["id"], each["nodes"][0]["html"][:200]) for each in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            violations.append((path, "scrolls sideways", str(width)))
    assert violations == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_on_a_card_that_says_what_addresses_are_for_and_asks_to_agree(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(width=width, scheme=scheme, javascript=True).page
    page.goto(f"{product}/c/harbour/")
    page.get_by_text("If you would like an answer").click()
    assert page.get_by_text("Only to answer you").is_visible()
    page.get_by_label("You may quote my comment").check()
    assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
