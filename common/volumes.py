"""How many customers there were to ask: rooms that know register it, a response rate is reckoned of it."""

from collections.abc import Callable, Iterable
from datetime import date

UnitDay = tuple[int, date]
Volume = Callable[[Iterable[int], date, date], dict[UnitDay, int]]
"""Unit and day → customers served, of the days `[start, end)`; where nobody counted them it is missing."""

_volumes: list[Volume] = []


def register_volume(volume: Volume) -> None:
    _volumes.append(volume)


def customers_served(unit_ids: Iterable[int], start: date, end: date) -> dict[UnitDay, int]:
    """The numbers that rooms know; of a unit's day that several know, that of the first."""
    units = list(unit_ids)
    found: dict[UnitDay, int] = {}
    for volume in _volumes:
        found = volume(units, start, end) | found
    return found
