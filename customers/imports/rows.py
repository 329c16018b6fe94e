"""One row of a file of activity: a daily total, or the reason why it cannot be taken."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.text import search_form
from customers.imports.mapping import ActivityMapping
from customers.models import Activity, Channel
from organisation.imports import Cell, Row, RowProblem, text_of, units_by_name
from organisation.models import Import, Unit

LARGEST = 2**31 - 1
EARLIEST = date(2000, 1, 1)
LONGEST = 100
_WHOLE = re.compile(r"([0-9]{1,12})(?:\.0+)?")
_NEGATIVE = re.compile(r"[-−–]\s*[0-9.,]+")
Key = tuple[int, date, str, str | None, str | None]
"""Unit, day, channel, and area and product as they are searched; None: whichever it is."""

WAYS: dict[str, tuple[str, ...]] = {
    Channel.COUNTER: ("in person", "counter", "desk", "shop", "branch"),
    Channel.TELEPHONE: ("telephone", "phone", "call"),
    Channel.POST: ("post", "mail", "letter", "e-mail", "email"),
    Channel.ONLINE: ("online", "web", "website", "internet", "app"),
    Channel.ON_SITE: ("on site", "on-site", "visit", "home visit"),
}


def known_ways() -> dict[str, str]:
    """How a file may name each channel: by our code, by our words, and as people often do."""
    found = {search_form(word): channel for channel, words in WAYS.items() for word in words}
    for channel, label in Channel.choices:
        found |= {search_form(channel): channel, search_form(str(label)): channel}
    return found


def key_of(total: Activity) -> Key:
    return (
        *(total.unit_id, total.day, total.channel),
        *(search_form(total.area), search_form(total.product)),
    )


def found_under(key: Key) -> list[Key]:
    """Under which keys a total is found: its own, and those that leave open the area, the product or both."""
    *day, area, product = key
    return [(*day, where, what) for where in (area, None) for what in (product, None)]  # type: ignore[misc]


def overlapping(key: Key) -> list[Key]:
    """Where totals lie in which a customer of this one may be counted too: without an area a total is one
    of all areas, without a product one of all products."""
    *day, area, product = key
    areas, products = ([area, ""] if area else [None]), ([product, ""] if product else [None])
    return [(*day, where, what) for where in areas for what in products]  # type: ignore[misc]


class ActivityReader:
    """Turns rows into daily totals. `allowed` are the units into which the person may bring rows (None: all).

    What stands already is read chunk by chunk (`look_up`); the first spelling of an area or a product
    is kept, so that “North” and “north” are one.
    """

    def __init__(self, import_: Import, mapping: ActivityMapping, allowed: set[int] | None) -> None:
        self.import_ = import_
        self.mapping = mapping
        self.allowed = allowed
        self._units = units_by_name()
        self._ways = known_ways()
        self._today: dict[str, date] = {}
        self._seen: dict[Key, int] = {}
        self._standing: set[Key] = set()
        self._spelled: dict[str, str] = {}
        for name in ("area", "product"):
            for text in Activity.objects.countable().order_by(name).values_list(name, flat=True).distinct():
                self._spelled.setdefault(search_form(text), text)

    def begin(self) -> None:
        """Forget the rows of an earlier reading."""
        self._seen = {}

    def look_up(self, totals: Iterable[Activity]) -> None:
        """Read what stands already for the days of the next rows; one query."""
        found = list(totals)
        days = {each.day for each in found}
        standing = Activity.objects.countable().filter(unit__in={each.unit_id for each in found})
        rows = standing.filter(day__in=days).values_list("unit_id", "day", "channel", "area", "product")
        self._standing = {
            key
            for unit, day, channel, area, product in rows
            for key in found_under((unit, day, channel, search_form(area), search_form(product)))
        }

    def read(self, row: Row) -> Activity:
        """Raises RowProblem with the first reason why the row cannot be taken."""
        if row.problem:
            raise row.problem
        cells, mapping = row.cells, self.mapping
        unit = self._unit_of(mapping.unit.read(cells))
        total = Activity(
            unit_id=unit.pk,
            day=self._day_of(cells[mapping.day], unit),
            channel=self._channel_of(mapping.channel.read(cells)),
            area=self._spelling(mapping.area, cells),
            product=self._spelling(mapping.product, cells),
            batch=self.import_,
        )
        for name, column in mapping.numbers.items():
            setattr(total, name, self._number(cells[column]))
        if total.served is None:
            raise RowProblem("missing", _("The row does not say how many customers were served."))
        if total.came_back is not None and total.came_back > total.served:
            words = _("%(back)d came back, but only %(served)d were served.")
            raise RowProblem("over_served", words % {"back": total.came_back, "served": total.served})
        return total

    def claim(self, number: int, total: Activity) -> None:
        """Note the row's day. Raises RowProblem where an earlier row or an earlier file has it, or has a
        total of which this one is a part, or that is a part of this one."""
        key = key_of(total)
        if first := self._seen.get(key):
            raise RowProblem(
                "same_row", _("The same day, unit, way, area and product as in row %(row)d.") % {"row": first}
            )
        if first := next((self._seen[each] for each in overlapping(key) if each in self._seen), None):
            words = _(
                "With row %(row)d customers would be counted twice: for one day, unit and way, only one of"
                " the two says the area or the product. Take the total or its parts, not both."
            )
            raise RowProblem("twice", words % {"row": first})
        if key in self._standing:
            raise RowProblem(
                "activity_exists", _("A total for this day, unit, way, area and product stands already.")
            )
        if self.is_taken(total):
            words = _(
                "Customers would be counted twice: for this day, unit and way stands already a total, or a"
                " part of it by area or product. Take the total or its parts, not both."
            )
            raise RowProblem("twice", words)
        for each in found_under(key):
            self._seen.setdefault(each, number)

    def is_taken(self, total: Activity) -> bool:
        """Does a total that was looked up count some of these customers already?"""
        return any(each in self._standing for each in overlapping(key_of(total)))

    def _unit_of(self, text: str) -> Unit:
        unit = self._units.get(search_form(text))
        if unit is None:
            raise RowProblem("unit", _("There is no unit called “%(name)s”.") % {"name": text[:60]})
        if self.allowed is not None and unit.pk not in self.allowed:
            raise RowProblem("foreign_unit", _("You do not manage “%(name)s”.") % {"name": unit.name})
        return unit

    def _day_of(self, text: str, unit: Unit) -> date:
        day = self.mapping.day_of(text)
        if day < EARLIEST:
            raise RowProblem("long_ago", _("%(day)s is too long ago.") % {"day": day.isoformat()})
        if unit.timezone not in self._today:
            self._today[unit.timezone] = self._sent_at.astimezone(ZoneInfo(unit.timezone)).date()
        if day > self._today[unit.timezone]:
            raise RowProblem("future", _("%(day)s has not come yet.") % {"day": day.isoformat()})
        return day

    @property
    def _sent_at(self) -> datetime:
        return self.import_.created_at

    def _channel_of(self, text: str) -> str:
        channel = self._ways.get(search_form(text))
        if channel is None:
            raise RowProblem(
                "channel", _("“%(text)s” is no way of coming to us that we know.") % {"text": text[:40]}
            )
        return channel

    def _spelling(self, cell: Cell | None, cells: dict[str, str]) -> str:
        if cell is None:
            return ""
        text = " ".join(cell.read(cells).split())
        if text.casefold() in self.mapping.blank:
            return ""
        found = self._spelled.get(search_form(text))
        if found is None:
            found = self._spelled[search_form(text)] = text_of("text", text, max_length=LONGEST)
        return found

    def _number(self, text: str) -> int | None:
        """A whole number from 0 up, None for a blank. Raises RowProblem for anything else."""
        if text.casefold() in self.mapping.blank:
            return None
        found = _WHOLE.fullmatch(text)
        if found and int(found[1]) <= LARGEST:
            return int(found[1])
        if _NEGATIVE.fullmatch(text):
            raise RowProblem("negative", _("“%(text)s” is less than nothing.") % {"text": text[:40]})
        raise RowProblem("not_whole", _("“%(text)s” is no whole number.") % {"text": text[:40]})
