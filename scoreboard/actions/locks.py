"""Who may write which tallies when. On SQLite the one writer is the lock."""

import hashlib
from collections.abc import Iterable
from datetime import date

from django.db import connection

MonthBucket = tuple[int, int, date]
"""Measure, unit and the first day of a month."""

_EVERYTHING = 0x7A11_0000_0000_0000
_PUBLISHING = 0x7A11_0000_0000_0001


def _key(bucket: MonthBucket) -> int:
    """A number of 64 bits, the same in every process."""
    measure, unit, month = bucket
    digest = hashlib.blake2b(f"{measure} {unit} {month:%Y-%m}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def lock_months(buckets: Iterable[MonthBucket]) -> None:
    """Keep other workers from these months (and so from their days) until the transaction ends.

    Taken in one order by everybody, so that two workers never wait for each other; and together with
    a share in the lock of everything, so that no rebuild is under way. What is read after this, in
    another statement and under READ COMMITTED, is what the last holder committed.
    """
    if connection.vendor != "postgresql":
        return
    keys = sorted({_key(bucket) for bucket in buckets})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_EVERYTHING])
        cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def lock_everything() -> None:
    """Keep every other worker from all tallies until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_EVERYTHING])


def lock_publishing() -> None:
    """Keep everybody else from what is published until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING])
