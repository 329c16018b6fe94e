"""Customer activity of a unit and a period: the raw figures that stand beside the scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from common.period import Period, add_months
from customers.models import Activity, Channel
from customers.models.segment import IN_PERSON
from organisation.models import Unit
from scoreboard import pooling
from scoreboard.response_rate import Responses, responses_in

MONTHS = 12
MOST_NAMES = 30


@dataclass(frozen=True)
class Numbers:
    """The totals of a channel, a product, an area, a unit, or of everything; None where nobody counted.

    Each share is reckoned of the rows that say both numbers.
    """

    label: str
    served: int
    used: int | None
    returned: int | None
    came_back: int | None
    complaints: int | None
    served_where_came_back: int | None = None
    served_where_complaints: int | None = None
    used_where_returned: int | None = None
    link: str = ""

    @classmethod
    def of(cls, label: str, row: dict[str, Any], link: str = "") -> "Numbers":
        names = [name for name in cls.__dataclass_fields__ if name not in ("label", "link")]
        return cls(label, link=link, **{name: row[name] for name in names} | {"served": row["served"] or 0})

    @property
    def came_back_percent(self) -> float | None:
        return _per(self.came_back, self.served_where_came_back, 100)

    @property
    def returned_percent(self) -> float | None:
        """Returned of what was bought or used."""
        return _per(self.returned, self.used_where_returned, 100)

    @property
    def complaints_per_thousand(self) -> float | None:
        return _per(self.complaints, self.served_where_complaints, 1000)


def _per(part: int | None, whole: int | None, size: int) -> float | None:
    return size * part / whole if part is not None and whole else None


@dataclass(frozen=True)
class ActivityPage:
    """`tables` are (title, rows) of channels, products, areas and units below, largest first."""

    everything: Numbers
    before: Numbers
    in_person: int
    days: int
    channels: list[Numbers]
    products: list[Numbers]
    areas: list[Numbers]
    units: list[Numbers]
    months: list[tuple[date, int | None]]
    responses: Responses

    @property
    def in_person_percent(self) -> float | None:
        return _per(self.in_person, self.everything.served, 100)

    @property
    def change_percent(self) -> float | None:
        """Customers served against the period before, in per cent of then."""
        return _per(self.everything.served - self.before.served, self.before.served, 100)


def activity_of(unit: Unit, period: Period, on: date) -> ActivityPage:
    """The raw figures of the unit's subtree. `on` is the day whose tree names the units below.

    The number of queries does not grow with units, products or areas.
    """
    placements = pooling.Placements.read()
    spans = pooling.spans_of(unit.pk, period, placements)
    totals = _totals(spans)
    channels = {row["channel"]: Numbers.of("", row) for row in totals.sums("channel")}
    earlier = _totals(pooling.spans_of(unit.pk, period.before(), placements))
    return ActivityPage(
        everything=Numbers.of("", totals.sums()[0]),
        before=Numbers.of("", earlier.sums()[0]),
        in_person=sum(channels[way].served for way in IN_PERSON if way in channels),
        days=totals.order_by().values("day").distinct().count(),
        channels=[Numbers.of(str(Channel(row["channel"]).label), row) for row in totals.sums("channel")],
        products=_named(totals, "product"),
        areas=_named(totals, "area"),
        units=_units_below(unit, spans, placements, on),
        months=_months(unit, placements, on),
        responses=responses_in(spans),
    )


def _totals(spans: Sequence[pooling.Span]) -> Any:
    inside = Q(pk__in=[])
    for span in spans:
        inside |= Q(unit__in=span.units, day__gte=span.start, day__lt=span.end)
    return Activity.objects.countable().filter(inside)


def _named(totals: Any, name: str) -> list[Numbers]:
    """By product or by area; rows that name none stand together under a dash."""
    rows = totals.sums(name)
    if [row[name] for row in rows] == [""]:
        return []
    return [Numbers.of(row[name] or "–", row) for row in rows[:MOST_NAMES]]


def _units_below(
    unit: Unit, spans: Sequence[pooling.Span], placements: pooling.Placements, on: date
) -> list[Numbers]:
    """The units just below that counted, each with everything under it, as the tree stands on the day."""
    tree = placements.tree_on(on)
    children = Unit.objects.filter(pk__in=tree.children.get(unit.pk, [])).order_by("name")
    rows = {row["unit_id"]: row for row in _totals(spans).sums("unit_id")}
    found = []
    for child in children:
        own = [rows[pk] for pk in tree.subtree(child.pk) if pk in rows]
        if own:
            found.append(Numbers.of(child.name, _added(own), link=child.slug))
    return found


def _added(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = [name for name in rows[0] if name != "unit_id"]
    known = {name: [row[name] for row in rows if row[name] is not None] for name in names}
    return {name: sum(values) if values else None for name, values in known.items()}


def _months(unit: Unit, placements: pooling.Placements, on: date) -> list[tuple[date, int | None]]:
    """Customers served in each of the last twelve whole months before that of the day; None: not counted."""
    period = Period(add_months(on, -MONTHS), add_months(on, 0))
    served: dict[date, int] = {}
    for row in _totals(pooling.spans_of(unit.pk, period, placements)).sums("day"):
        month = row["day"].replace(day=1)
        served[month] = served.get(month, 0) + row["served"]
    return [(month, served.get(month)) for month in period.month_starts()]
