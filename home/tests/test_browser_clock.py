"""Business calendars and cases in Chromium: two stories, and every page without a fault."""

from pathlib import Path
from typing import Any

import pytest

from home.tests.test_browser import sign_in

pytestmark = pytest.mark.browser

LOG = (
    "Case,Department,Received,Repaired,In time\n"
    "NEW-1,parks-team,02/11/2026 09:00,05/11/2026 12:00,yes\n"
    "NEW-2,parks-team,03/11/2026 09:00,12/11/2026 12:00,yes\n"
    "NEW-3,nowhere,03/11/2026 09:00,12/11/2026 12:00,no\n"
)
PAGES = [
    "/settings/calendars/",
    "/settings/calendars/?state=archived",
    "/settings/calendars/add/",
    "/cases/",
    "/cases/?q=nothing",
    "/cases/?outcome=moon",
    "/results/imports/add/?kind=cases",
    "/scoreboard/parks-team/measures/lights-in-time/",
    "/work/",
]
CALENDAR_PAGES = [
    "",
    "?received=2026-12-23T17%3A30&amount=5&unit=working_days",
    "?received=soon&amount=0&unit=working_days",
    "edit/",
    "holidays/?country=GB&region=SCT&first=2026&last=2027",
    "holidays/?country=&first=2027&last=2026",
]


def calendar_of(page: Any, product: str) -> str:
    page.goto(f"{product}/settings/calendars/")
    return str(page.locator("main table a").first.get_attribute("href"))


def wait_for_text(page: Any, text: str) -> None:
    """Reload until the job has written it down; bounded."""
    for _ in range(60):
        if page.get_by_text(text, exact=False).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise TimeoutError(text)


def test_an_administrator_adds_a_calendar_with_holidays_and_sees_when_something_is_due(
    product: str, open_page: Any
) -> None:
    watched = open_page(width=375, javascript=False)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    page.goto(f"{product}/settings/calendars/")
    page.get_by_role("link", name="Add a calendar").click()
    page.get_by_label("Name").fill("Workshop")
    page.get_by_label("Monday").fill("9 to 5")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert page.get_by_label("Monday").input_value() == "9 to 5"
    for weekday in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        page.get_by_label(weekday).fill("9-12, 13-17")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Add public holidays").click()
    page.get_by_label("Country").select_option("GB")
    page.get_by_label("From year").select_option("2026")
    page.get_by_label("To year").select_option("2026")
    page.get_by_role("button", name="Show the days").click()
    page.get_by_label("Region").select_option("ENG")
    page.get_by_role("button", name="Show the days").click()
    page.get_by_role("button", name="Add the ticked days").click()
    page.get_by_label("Received at").fill("2026-12-24T16:30")
    page.get_by_label("Limit").fill("60")
    page.get_by_label("Counted in").select_option("business_minutes")
    page.get_by_role("button", name="Reckon").click()
    page.wait_for_load_state()
    words = page.inner_text("main")
    assert "Tuesday 29 December 2026, 09:30" in words
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []


def test_a_manager_sends_a_log_of_cases_and_reads_each_one_behind_the_figure(
    product: str, open_page: Any, tmp_path: Path
) -> None:
    file = tmp_path / "lights.csv"
    file.write_text(LOG)
    watched = open_page()
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    page.goto(f"{product}/results/imports/add/?kind=cases")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Send the file").click()
    page.locator("#id_one_measure").select_option("lights-in-time")
    page.locator("#id_on_time").select_option("In time")
    page.get_by_role("button", name="Check the file", exact=True).click()
    wait_for_text(page, "What would come of it")
    assert "The file says otherwise about being in time" in page.inner_text("main")
    page.get_by_label("Take in what is right").check()
    page.get_by_role("button", name="Take in").click()
    wait_for_text(page, "See the cases")
    page.goto(f"{product}/cases/?q=new-")
    assert page.locator("main tbody tr").count() == 2
    page.get_by_role("link", name="NEW-2").click()
    page.wait_for_load_state()
    assert "Due on Monday 9 November 2026, 18:00" in page.inner_text("main")
    page.goto(f"{product}/scoreboard/parks-team/measures/lights-in-time/?period=2026")
    page.get_by_role("link", name="See every case, and why it was due then").click()
    page.wait_for_load_state()
    assert page.get_by_label("Measure", exact=True).input_value() == "lights-in-time"
    assert watched.faults == []


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_no_page_of_calendars_and_cases_breaks_an_accessibility_rule(
    product: str, open_page: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    sign_in(page, product, "admin@harbour.example")
    calendar = calendar_of(page, product)
    page.goto(f"{product}/cases/")
    case = str(page.locator("main tbody a").first.get_attribute("href"))
    violations = []
    for path in (*PAGES, *(calendar + more for more in CALENDAR_PAGES), case):
        page.goto(product + path)
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        violations += [
            f"{path} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]
        ]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            violations.append(f"{path} scrolls sideways at {width} px")
    assert violations == []
    assert [fault for fault in watched.faults if "status of 4" not in fault] == []
