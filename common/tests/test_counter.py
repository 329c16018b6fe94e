"""Counting together with other processes never keeps a customer waiting."""

import socket

import pytest

from common import counter


def test_a_counter_that_does_not_answer_is_given_up(settings, monkeypatch):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": address}
        }
        monkeypatch.setattr(counter, "LONGEST_WAIT_SECONDS", 0.05)
        with pytest.raises(Exception, match=r"[Tt]ime"):
            counter.counted([("a", 60)])
