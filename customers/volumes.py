"""How many customers there were to ask: what a response rate is reckoned of."""

from collections.abc import Iterable
from datetime import date

from customers.models import Activity


def served(unit_ids: Iterable[int], start: date, end: date) -> dict[int, int]:
    """Customers served by each of these units on the local days `[start, end)`, where they were counted."""
    totals = Activity.objects.countable().within(unit_ids, start, end)
    return {row["unit_id"]: row["served"] for row in totals.sums("unit_id")}
