"""How many customers there were to ask: rooms that know register it, a response rate is reckoned of it."""

from collections.abc import Callable, Iterable
from datetime import date

Volume = Callable[[Iterable[int], date, date], dict[int, int]]
"""Unit → customers served on the days `[start, end)`; a unit in which nobody counted them is missing."""

_volumes: list[Volume] = []


def register_volume(volume: Volume) -> None:
    _volumes.append(volume)


def customers_served(unit_ids: Iterable[int], start: date, end: date) -> dict[int, int]:
    """The numbers that rooms know; of a unit that several know, that of the first."""
    units = list(unit_ids)
    found: dict[int, int] = {}
    for volume in _volumes:
        found = volume(units, start, end) | found
    return found
