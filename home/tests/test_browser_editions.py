"""Writing, reviewing, publishing, signing and who has signed, in Chromium against the running product."""

from typing import Any

import pytest

from home.tests.browser import wait_until
from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

ROOT = "/charter/harbour-city"
PUBLIC_PAGES = ["/editions/2/", "/editions/2/changes/", "/editions/2/changes/since/1/"]
STAFF_PAGES = [
    "/my/",
    f"{ROOT}/editions/2/",
    f"{ROOT}/editions/2/sign/",
    f"{ROOT}/editions/2/signatures/",
    f"{ROOT}/reviews/",
    f"{ROOT}/reviews/2/",
]
MANAGER_PAGES = [
    "/my/",
    f"{ROOT}/differences/",
    f"{ROOT}/differences/?from=1&to=2",
    f"{ROOT}/differences/standard:welcome/edit/",
    f"{ROOT}/reviews/",
    f"{ROOT}/reviews/?q=nothing",
    f"{ROOT}/reviews/add/",
    f"{ROOT}/reviews/1/",
    f"{ROOT}/reviews/2/",
    f"{ROOT}/editions/",
    f"{ROOT}/editions/1/",
    f"{ROOT}/editions/2/",
    f"{ROOT}/editions/publish/",
    f"{ROOT}/editions/2/signatures/",
    f"{ROOT}/editions/2/signatures/?state=missing",
]


@pytest.mark.parametrize(("width", "scheme"), [(375, "dark"), (1280, "light")])
@pytest.mark.parametrize(
    ("email", "paths"),
    [("", PUBLIC_PAGES), ("staff@harbour.example", STAFF_PAGES), ("admin@harbour.example", MANAGER_PAGES)],
    ids=["public", "staff", "manager"],
)
def test_no_page_of_editions_breaks_an_accessibility_rule_or_logs_an_error(
    product: str, open_page: Any, email: str, paths: list[str], width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    if email:
        sign_in(page, product, email)
    violations = []
    for path in paths:
        page.goto(product + path)
        violations += violations_on(page)
    assert violations == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []


def violations_on(page: Any) -> list[str]:
    """What axe finds on the page as it stands, and whether it scrolls sideways."""
    from axe_playwright_python.sync_playwright import Axe

    path = page.url.partition("/charter/")[2] or page.url
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    violations = [
        f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
        violations.append(f"{path} scrolls sideways")
    return violations


def test_an_edition_is_written_reviewed_published_and_signed(product: str, open_page: Any) -> None:
    author, reader, board = open_page(width=375), open_page(width=375), open_page(width=1280)
    sign_in(author.page, product, "admin@harbour.example")
    _write_and_begin(author.page, product)
    sign_in(reader.page, product, "staff@harbour.example")
    _review(reader.page)
    number = _sign_off_and_publish(author.page, product)
    _sign(reader.page, product, number)

    page = board.page
    sign_in(page, product, "manager@harbour.example")
    page.goto(f"{product}{ROOT}/editions/{number}/signatures/")
    assert "1 of 11" in page.inner_text("main")
    assert violations_on(page) == []
    page.get_by_label("Your answer").fill("Yes. The chairs come on Monday.")
    page.get_by_role("button", name="Answer").click()
    reader.page.goto(f"{product}/my/")
    reader.page.get_by_role("link", name="answered you").click()
    reader.page.get_by_role("button", name="That settles it").click()
    reader.page.wait_for_load_state()
    assert "You said that this settles it." in reader.page.inner_text("main")

    page.goto(f"{product}/editions/{number}/changes/")
    assert page.locator("ins").first.is_visible()
    assert "Visitors told us so." in page.inner_text("main")
    faults = author.faults + reader.faults + board.faults
    assert [fault for fault in faults if "status of 422" not in fault] == []


def _write_and_begin(page: Any, product: str) -> None:
    page.goto(f"{product}/standards/welcome/edit/")
    page.get_by_label("Guidance").fill("A greeting, a chair, and time for the second question.")
    page.get_by_role("button", name="Save").first.click()
    page.goto(f"{product}{ROOT}/differences/standard:welcome/edit/")
    assert violations_on(page) == []
    page.get_by_label("Why does it change?").fill("Visitors told us so.")
    page.get_by_role("button", name="Keep the reason").click()
    page.goto(f"{product}{ROOT}/reviews/add/")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("checkbox", name="Sofia Reyes").check()
    page.get_by_role("button", name="Begin the round").click()
    page.get_by_role("button", name="Sign off").click()
    page.wait_for_load_state()
    assert violations_on(page) == []
    assert "Sofia Reyes has not answered yet." in page.get_by_role("alert").inner_text()


def _review(page: Any) -> None:
    page.get_by_role("link", name="Review the charter of").click()
    part = page.locator("#standard-welcome")
    part.locator("summary", has_text="Comment").click()
    part.get_by_label("Your comment").fill("Who brings the chairs?")
    part.get_by_role("button", name="Add the comment").click()
    page.wait_for_load_state()
    page.get_by_role("radio", name="Agrees", exact=True).check()
    page.get_by_role("button", name="Give my answer").click()
    page.wait_for_load_state()
    assert violations_on(page) == []
    assert "Thank you." in page.get_by_role("status").inner_text()


def _sign_off_and_publish(page: Any, product: str) -> int:
    page.goto(f"{product}{ROOT}/reviews/")
    page.locator("tbody th a").first.click()
    page.get_by_label("Your answer").fill("The house does.")
    page.get_by_role("button", name="Answer and settle").click()
    page.get_by_role("button", name="Sign off").click()
    page.wait_for_url("**/publish/")
    assert violations_on(page) == []
    page.get_by_label("What changed").fill("We offer a chair.")
    page.get_by_label("What changes for staff").fill("You offer a chair to whoever waits.")
    page.get_by_role("button", name="Publish edition").click()
    page.wait_for_url("**/editions/*/")
    assert "Signed off by Ada Lindqvist" in page.inner_text("main")
    return int(page.url.rstrip("/").rpartition("/")[2])


def _sign(page: Any, product: str, number: int) -> None:
    name = f"Read and sign edition {number}"

    def is_asked() -> bool:
        page.goto(f"{product}/my/")
        return bool(page.get_by_role("link", name=name).count())

    wait_until(is_asked, seconds=45)
    page.get_by_role("link", name=name).click()
    page.wait_for_load_state()
    page.get_by_role("radio", name="I have a question").check()
    page.get_by_role("button", name="I have read it").click()
    page.wait_for_load_state()
    assert violations_on(page) == []
    assert "Write your question or objection" in page.get_by_role("alert").inner_text()
    page.get_by_label("Your question or objection").fill("Are there enough chairs?")
    page.get_by_role("button", name="I have read it").click()
    page.wait_for_load_state()
    assert "Your signature is kept." in page.get_by_role("status").inner_text()
