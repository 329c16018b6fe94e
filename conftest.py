"""What every test may use."""

import os
from datetime import UTC, datetime

import pytest

# Playwright keeps an event loop running in the test's thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def now() -> datetime:
    """The clock of the tests: a Wednesday afternoon."""
    return datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
