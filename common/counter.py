"""How often something happened lately: counted together with all other processes, in one trip."""

from collections.abc import Sequence
from functools import cache as once
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache

LONGEST_WAIT_SECONDS = 1


def counted(keys: Sequence[tuple[str, int]]) -> list[int]:
    """Count each key up by one; the new numbers. A key is forgotten so many seconds after it began;
    until then `cache.get` reads it.

    Raises whatever the cache raises where it is gone.
    """
    if not keys:
        return []
    where = settings.CACHES["default"]
    if where["BACKEND"].endswith("RedisCache"):
        with _client(where["LOCATION"]).pipeline(transaction=False) as pipeline:
            for key, seconds in keys:
                name = cache.make_key(key)
                pipeline.set(name, 0, ex=seconds, nx=True)
                pipeline.incr(name)
            return [int(number) for number in pipeline.execute()[1::2]]
    return [_counted_in_cache(key, seconds) for key, seconds in keys]


@once
def _client(address: str) -> Any:
    """Kept, for making one costs more than counting; it opens its connections again by itself."""
    return redis.Redis.from_url(address, socket_connect_timeout=LONGEST_WAIT_SECONDS)


def _counted_in_cache(key: str, seconds: int) -> int:
    return _incremented(key) or (1 if cache.add(key, 1, seconds) else _incremented(key) or 1)


def _incremented(key: str) -> int:
    """The counter's next number; 0 where there is none yet."""
    try:
        return cache.incr(key)
    except ValueError:
        return 0
