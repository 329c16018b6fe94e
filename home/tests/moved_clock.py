"""The product in the test's own process, before a browser, with a clock that can be moved.

The pages are served by threads of the test, so that they read the clock of the test. One request is
answered at a time, and none while a job runs: a database in memory has one connection for all.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone

from organisation.demo import PASSWORD

PATIENCE = 180_000  # milliseconds: other work may hold the machine


class Clock:
    """The moment that is now, for pages and jobs."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.turn = threading.RLock()

    def to(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        with self.turn:
            self.moment = datetime(year, month, day, hour, minute, tzinfo=UTC)

    def on(self, **more: int) -> None:
        with self.turn:
            self.moment += timedelta(**more)

    def run(self, *jobs: Callable[[], Any]) -> None:
        """What the schedule calls, while no page is being made."""
        with self.turn:
            for job in jobs:
                job()


def under_the_clock(clock: Clock, monkeypatch: Any) -> None:
    answer = WSGIHandler.__call__

    def in_turn(handler: Any, *args: Any) -> Any:
        with clock.turn:
            return answer(handler, *args)

    monkeypatch.setattr(timezone, "now", lambda: clock.moment)
    monkeypatch.setattr(WSGIHandler, "__call__", in_turn)


class Visitor:
    """Somebody with a browser of their own; signs in by the form as often as the product asks for it."""

    def __init__(self, watched: Any, address: str, email: str = "") -> None:
        self.watched, self.page = watched, watched.page
        self.address, self.email = address, email
        self.page.set_default_timeout(PATIENCE)

    def visit(self, path: str) -> str:
        """The page, and its words."""
        self.page.goto(self.address + path)
        if self.email and "/accounts/login/" in self.page.url:
            self.page.get_by_label("mail").fill(self.email)
            self.page.get_by_label("Password").fill(PASSWORD)
            self.press("Sign in")
            self.page.goto(self.address + path)
        return self.words()

    def words(self) -> str:
        return " ".join(self.page.inner_text("main").split())

    def follow(self, words: str) -> str:
        """A link, to the page behind it; that page's path."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("link", name=words).first.click()
        return self.path()

    def path(self) -> str:
        return urlsplit(self.page.url).path

    def press(self, words: str) -> None:
        """A button that sends a form, to the page that answers it."""
        with self.page.expect_navigation() as answer:
            self.page.get_by_role("button", name=words).first.click()
        assert answer.value.status < 400, (words, self.words())

    def fill(self, **typed: str) -> None:
        """The fields of a form by their names; what is folded away is opened first."""
        for name, value in typed.items():
            named = self.page.locator(f"[name='{name}']:not([type=hidden])")
            field = self.page.locator("main").locator(named)
            kind = field.first.evaluate("field => field.type")
            if kind in ("radio", "checkbox"):
                field = field.and_(self.page.locator(f"[value='{value}']"))
            fold = self.page.locator("main details:not([open])").filter(has=named)
            if fold.count():
                fold.first.locator("summary").first.click()
            if kind in ("radio", "checkbox"):
                field.first.check(force=True)
            elif kind.startswith("select"):
                options = field.first.locator("option")
                exact = options.and_(self.page.locator(f"[value='{value}']"))
                chosen = exact if exact.count() else options.filter(has_text=value)
                field.first.select_option(chosen.first.get_attribute("value"))
            else:
                field.first.fill(value)
