"""How many customers there were to ask: what a response rate is reckoned of."""

from collections.abc import Iterable
from datetime import date

from common.volumes import UnitDay
from customers.models import Activity


def served(unit_ids: Iterable[int], start: date, end: date) -> dict[UnitDay, int]:
    """Customers served by each of these units on each day of `[start, end)` on which they counted."""
    totals = Activity.objects.countable().within(unit_ids, start, end)
    return {(row["unit_id"], row["day"]): row["served"] for row in totals.sums("unit_id", "day")}
