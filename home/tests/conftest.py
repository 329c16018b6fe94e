"""Fixtures of the browser tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from home.tests.browser import CHROMIUM, FLAGS, Watched, running_product


@pytest.fixture(scope="session")
def product(tmp_path_factory: Any) -> Iterator[str]:
    """The address of the running product with its demo data, on SQLite."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with running_product(tmp_path_factory.mktemp("data")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    """`open_page(width=…, scheme=…, javascript=…)` gives a watched page in a context of its own."""
    contexts = []

    def build(*, width: int = 1280, scheme: str = "light", javascript: bool = True) -> Watched:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=javascript,
            locale="en-GB",
        )
        context.set_default_timeout(60_000)  # other work may hold the machine
        contexts.append(context)
        return Watched(context.new_page())

    yield build
    for context in contexts:
        context.close()
