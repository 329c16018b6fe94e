"""Kiosks in a real browser: a clock that is set right, a card that cannot be stored, order, leaving."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from home.tests.browser import wait_until
from home.tests.cut import Network, network_before
from home.tests.test_browser import sign_in
from home.tests.test_browser_collectors import ADMIN, cards_at, device_of, fill_in, press, waiting

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AT_LAST = "dispatchEvent(new Event('online'))"
WRONG_CLOCK = """
  const [Real, ticks] = [Date, performance.now.bind(performance)];
  Object.assign(window, { behind: 200 * 86_400_000, passed: 0 });
  const wall = () => Real.now() + passed - behind;
  window.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [wall()])); }
    static now() { return wall(); }
  };
  performance.now = () => ticks() + passed;
"""
FOUR_DAYS_LATER = "passed = 4 * 86_400_000; kioskStore.markHour()"
POISON = """
  const told = ["questionnaire", "version", "language"];
  const fields = told.map((name) => [name, document.querySelector(`[name=${name}]`).value]);
  const { collector } = document.querySelector("[data-kiosk]").dataset;
  kioskStore.keep(collector, [["q-comment", "poison"], ...fields]);
"""


@pytest.fixture
def network(product: str) -> Any:
    with network_before(product) as found:
        yield found


def days_ago(page: Any, product: str, slug: str) -> int:
    """How many days ago the only card of the kiosk counts."""
    exported = page.request.get(f"{product}/feedback/export/?collector={slug}").text()
    [card] = csv.DictReader(io.StringIO(exported.lstrip("\ufeff")))
    [day] = {value for value in card.values() if re.fullmatch(r"\d{4}-\d\d-\d\d", value or "")}
    return (datetime.now(UTC).date() - date.fromisoformat(day)).days


def tap_one(page: Any) -> None:
    """A card on a page whose clock is the test's."""
    for name in ("Good", "Yes"):
        page.get_by_role("radio", name=name, exact=True).click()
        page.clock.run_for(1000)
    page.get_by_role("button", name="Send my card").click()
    page.get_by_role("heading", name="Thank you").wait_for()


def refused(page: Any) -> int:
    asked = "kioskStore.count(document.querySelector('[data-kiosk]').dataset.collector)"
    return int(page.evaluate(f"{asked}.then((found) => found.refused)"))


def test_a_clock_that_is_set_right_before_sending_moves_no_card(
    product: str, network: Network, open_page: Any
) -> None:
    manager, kiosk = open_page(), open_page(width=1180)
    sign_in(manager.page, product, ADMIN)
    link = device_of(manager.page, product, "kiosk-slow-clock")
    page = kiosk.page
    page.clock.install(time=datetime.now(UTC) - timedelta(days=4))
    page.goto(network.address + link)
    wait_until(lambda: page.evaluate("localStorage.getItem('kiosk-ahead') !== null"))
    network.cut()
    tap_one(page)
    assert waiting(page) == 1
    page.clock.set_system_time(datetime.now(UTC))
    network.restore()
    page.evaluate(AT_LAST)
    wait_until(lambda: waiting(page) == 0)
    assert days_ago(manager.page, product, "kiosk-slow-clock") in (0, 1)


def test_a_device_that_never_knew_the_time_and_is_set_right_dates_its_cards_by_what_has_passed(
    product: str, open_page: Any
) -> None:
    manager, kiosk = open_page(), open_page(width=1180)
    sign_in(manager.page, product, ADMIN)
    link = device_of(manager.page, product, "kiosk-no-clock")
    page = kiosk.page
    page.add_init_script(WRONG_CLOCK)
    for door in ("**/cards/", "**/contact/"):
        page.route(door, lambda route: route.abort())
    page.goto(product + link)
    fill_in(page)
    page.evaluate(FOUR_DAYS_LATER)
    page.evaluate("behind = passed")
    for door in ("**/cards/", "**/contact/"):
        page.unroute(door)
    page.evaluate(AT_LAST)
    wait_until(lambda: waiting(page) == 0)
    assert days_ago(manager.page, product, "kiosk-no-clock") in (3, 4, 5)


def test_a_card_that_cannot_be_stored_holds_no_other_up_and_is_told(product: str, open_page: Any) -> None:
    manager, kiosk = open_page(), open_page(width=1180)
    sign_in(manager.page, product, ADMIN)
    link = device_of(manager.page, product, "kiosk-poison")
    page = kiosk.page

    def fail(route: Any) -> None:
        is_poison = "poison" in (route.request.post_data or "")
        route.fulfill(status=500) if is_poison else route.continue_()

    page.goto(product + link)
    page.get_by_role("radio", name="Good", exact=True).wait_for()
    page.route("**/cards/", fail)
    page.evaluate(POISON)
    fill_in(page)
    wait_until(lambda: cards_at(manager.page, product, "kiosk-poison") == 1)
    for _turn in range(8):
        page.evaluate(AT_LAST)
    wait_until(lambda: (waiting(page), refused(page)) == (0, 1))
    page.evaluate(AT_LAST)
    manager.page.goto(f"{product}/feedback/devices/?collector=kiosk-poison")
    manager.page.locator("main tbody a").first.click()
    wait_until(lambda: manager.page.reload() and "hold no other card up" in manager.page.inner_text("main"))
    page.unroute("**/cards/")
    staff_of(page)
    press(page, "Send now")
    wait_until(lambda: refused(page) == 0)
    assert cards_at(manager.page, product, "kiosk-poison") == 2


def staff_of(page: Any) -> None:
    """The panel for colleagues, opened by the code."""
    press(page, "For staff")
    page.get_by_label("Code").fill("2468")
    press(page, "Check")
    page.get_by_role("button", name="Leave the kiosk").wait_for()


def test_a_kiosk_is_installable_fills_the_screen_and_is_left_by_its_code(
    product: str, open_page: Any
) -> None:
    manager, kiosk = open_page(), open_page(width=1180)
    sign_in(manager.page, product, ADMIN)
    link = device_of(manager.page, product, "kiosk-leaving")
    page = kiosk.page
    page.goto(product + link)
    manifest = page.request.get(product + str(page.get_attribute("link[rel=manifest]", "href"))).json()
    assert (manifest["display"], manifest["start_url"], manifest["scope"]) == ("fullscreen", link, link)
    assert page.request.get(product + manifest["icons"][0]["src"]).ok
    page.get_by_role("radio", name="Good", exact=True).click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.get_by_role("radio", name="Yes").click()
    page.get_by_role("button", name="Send my card").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert not page.locator("form[data-card]").is_visible()
    page.get_by_role("radio", name="Good", exact=True).wait_for()
    page.go_back()
    assert page.url == product + link
    staff_of(page)
    page.get_by_role("button", name="Leave the kiosk").click()
    page.wait_for_url(f"{product}/")


def test_questions_in_random_order_are_drawn_anew_for_each_card(product: str, open_page: Any) -> None:
    manager, kiosk = open_page(), open_page(width=1180)
    page = manager.page
    sign_in(page, product, ADMIN)
    page.goto(f"{product}/feedback/questionnaires/starters/service-visit/")
    page.get_by_label("Name").fill("In any order")
    page.get_by_label("Key").fill("any-order")
    press(page, "Begin with it")
    page.goto(f"{product}/feedback/questionnaires/any-order/words/")
    page.get_by_label("random order").check()
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/any-order/**")
    page.goto(f"{product}/feedback/questionnaires/any-order/")
    press(page, "Publish this version")
    link = device_of(page, product, "kiosk-order", "In any order")
    first = set()
    for _card in range(16):
        kiosk.page.goto(product + link)
        first.add(kiosk.page.locator("[data-step]:not([hidden])").inner_text())
    assert len(first) > 1
