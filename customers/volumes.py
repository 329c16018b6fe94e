"""How many customers there were to ask: what the reports reckon a response rate of."""

from collections.abc import Iterable
from datetime import date

from customers.models import Activity


def served(unit_ids: Iterable[int], start: date, end: date) -> int | None:
    """Customers served by these units on the local days `[start, end)`; None where nobody counted them."""
    totals = Activity.objects.countable().within(unit_ids, start, end)
    found: int | None = totals.sums()[0]["served"]
    return found
