"""What every test of the feedback room needs."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What a source has sent is counted in the cache, which outlives a test."""
    cache.clear()
