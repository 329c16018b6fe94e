"""How many customers there were to ask: rooms that know register it, reports reckon a response rate."""

from collections.abc import Callable, Iterable
from datetime import date

Volume = Callable[[Iterable[int], date, date], int | None]
"""Customers served by these units on the days `[start, end)`; None where nobody counted them."""

_volumes: list[Volume] = []


def register_volume(volume: Volume) -> None:
    _volumes.append(volume)


def customers_served(unit_ids: Iterable[int], start: date, end: date) -> int | None:
    """The first number that a room knows; None where none does."""
    units = list(unit_ids)
    return next((n for each in _volumes if (n := each(units, start, end)) is not None), None)
