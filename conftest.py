"""What every test may use."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

# Playwright keeps an event loop running in the test's thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def now() -> datetime:
    """The clock of the tests: a Wednesday afternoon."""
    return datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """Rows that a fixture of the same scope makes last as long as the module, and are undone then.

    For what is dear to make. The tests are marked `django_db`, so what one of them changes is undone
    after it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
