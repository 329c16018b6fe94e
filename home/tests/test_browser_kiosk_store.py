"""The kiosk's memory in Chromium, against a server that misbehaves."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SCRIPT = Path(__file__).resolve().parents[2] / "static/feedback/kiosk-store.js"
SITE = "https://kiosk.example"


def kiosk(open_page: Any, answer: Any) -> Any:
    """A page with the store and no server but `answer(path, fields)`, which gives a status."""

    def served(route: Any) -> None:
        path = route.request.url.removeprefix(SITE)
        if path == "/":
            route.fulfill(body="<title>Kiosk</title>", content_type="text/html")
        else:
            fields = parse_qs(route.request.post_data or "")
            route.fulfill(status=answer(path, fields), body='{"mark": "x"}', content_type="application/json")

    page = open_page().page
    page.route(f"{SITE}/**", served)
    page.goto(f"{SITE}/")
    page.evaluate(f"{SCRIPT.read_text()}\nwindow.kioskStore = kioskStore;")
    return page


def test_a_card_that_the_server_breaks_on_holds_no_other_up(open_page: Any) -> None:
    taken = []

    def answer(_path: str, fields: dict[str, list[str]]) -> int:
        if fields["q-visit"] == ["1"]:
            return 500
        taken.append(fields["q-visit"][0])
        return 201

    page = kiosk(open_page, answer)
    left = page.evaluate("""async () => {
        for (const visit of ["1", "2", "3"]) await kioskStore.keep("door", [["q-visit", visit]]);
        const told = await kioskStore.send("door", "/cards").then(() => "sent", (error) => error.message);
        return [told, (await kioskStore.count("door")).waiting];
    }""")
    assert sorted(taken) == ["2", "3"]
    assert left == ["not confirmed: 500", 1]


def test_where_no_card_is_taken_none_is_lost_and_the_server_is_left_alone(open_page: Any) -> None:
    asked = []
    page = kiosk(open_page, lambda path, _fields: asked.append(path) or 503)
    waiting = page.evaluate("""async () => {
        for (const visit of ["1", "2", "3"]) await kioskStore.keep("door", [["q-visit", visit]]);
        await kioskStore.send("door", "/cards").catch(() => {});
        return (await kioskStore.count("door")).waiting;
    }""")
    assert (asked, waiting) == (["/cards"], 3)


def test_after_a_season_without_a_network_the_hours_still_fit_into_one_contact(open_page: Any) -> None:
    told = []

    def answer(_path: str, fields: dict[str, list[str]]) -> int:
        told.append(fields["hour"])
        return 200

    page = kiosk(open_page, answer)
    left = page.evaluate("""async () => {
        const database = await new Promise((done) => {
            indexedDB.open("charterwell-kiosk", 1).onsuccess = (event) => done(event.target.result);
        });
        const rows = database.transaction("hours", "readwrite").objectStore("hours");
        const begun = Date.UTC(2026, 5, 1);
        for (let hour = 0; hour < 1500; hour += 1) rows.put({ hour: new Date(begun + hour * 3600e3).toISOString() });
        await kioskStore.contact("door", "/contact");
        await kioskStore.contact("door", "/contact");
        return (await kioskStore.count("door")).waiting;
    }""")
    assert [len(hours) for hours in told] == [744, 1]
    assert left == 0
