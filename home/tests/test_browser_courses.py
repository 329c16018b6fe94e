"""The pages on which managers prepare courses: questions, pictures, files, release, corrected marks."""

import re
from pathlib import Path
from typing import Any

import pytest

from home.tests.browser import ROOT, wait_until
from home.tests.test_browser import sign_in
from home.tests.test_browser_training import check

pytestmark = pytest.mark.browser

QUESTIONS = ROOT / "training" / "tests" / "formats" / "ten.gift"
PICTURE = ROOT / "docs" / "look" / "calendar-1280-light.png"
COURSE = "/training/courses/telephone"


@pytest.mark.parametrize(
    ("width", "scheme"), [(375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")]
)
def test_a_manager_prepares_a_course(
    product: str, open_page: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    faults: list[str] = []

    def look(path: str = "") -> None:
        if path:
            page.goto(product + path)
        faults.extend(check(page))

    def send() -> None:
        page.locator("main form[enctype] button[type=submit]").first.click()
        page.wait_for_load_state()
        look()

    look(f"{COURSE}/questions/import/")
    send()  # nothing chosen: refused
    page.locator("input[type=file]").set_input_files(QUESTIONS)
    send()
    look(f"{COURSE}/pictures/")
    page.get_by_label("Picture").set_input_files(PICTURE)
    page.get_by_label("What it shows").fill("The counter in the morning")
    send()
    page.goto(f"{product}{COURSE}/draft/")
    page.locator("form[action$='/modules/'] input[name=title]").fill("One more")
    page.locator("form[action$='/modules/'] button").click()
    look(f"{COURSE}/release/")
    with page.expect_download() as asked:
        page.evaluate(f"location.href = '{COURSE}/file/'")
    file = tmp_path / "course.toml"
    asked.value.save_as(file)
    look("/training/course-file/")
    page.locator("input[type=file]").set_input_files(file)
    send()
    assert sorted(set(faults)) == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []


@pytest.mark.parametrize(
    ("width", "scheme"), [(375, "light"), (375, "dark"), (1280, "light"), (1280, "dark")]
)
def test_a_manager_reviews_what_was_prepared_and_corrects_a_mark(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    prepared = page.get_by_role("link", name=re.compile(r"Edition \d"))

    def is_prepared() -> bool:
        page.goto(f"{product}/training/know-our-charter/")
        return bool(prepared.count())

    wait_until(is_prepared, seconds=90)
    faults = check(page)
    prepared.first.click()
    faults += check(page)
    page.goto(f"{product}/training/know-our-charter/?q=nowhere")
    faults += check(page)
    page.goto(f"{product}/training/matrix/?q=Pires&course=first-month-at-the-counter")
    page.locator("main a[href$='/manage/']").first.click()
    page.locator("main a[href$='/answers/']").first.click()
    faults += check(page)
    page.get_by_role("link", name="Correct the mark").click()
    faults += check(page)
    page.get_by_role("button", name="Correct the mark").click()
    page.wait_for_load_state()
    faults += check(page)
    assert sorted(set(faults)) == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []
