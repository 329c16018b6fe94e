"""Units of the organisation, and where each stands in the tree from which month on."""

from collections.abc import Container
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.text import validate_text


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone."), params={"name": name[:60]})


class UnitQuerySet(models.QuerySet["Unit"]):
    def active(self) -> "UnitQuerySet":
        return self.filter(archived_at__isnull=True)

    def visible_to(self, user: Any) -> "UnitQuerySet":
        """Everybody who is signed in sees the whole tree: figures are for every level."""
        return self if user.is_authenticated else self.none()

    def managed_by(self, user: Any) -> "UnitQuerySet":
        """The units whose affairs the user may change: the subtrees the user manages."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(pk__in=user.managed_unit_ids)

    def in_tree_order(self, on: date) -> "list[Unit]":
        """Each unit before what stands below it, neighbours by name.

        Every unit carries its `depth` below the top and its `parent` (None at the top). Where only some
        units are asked for, each stands below the nearest one above it that is among them. A unit that
        has no placement at all stands at the end. Two queries.
        """
        units: dict[int, Unit] = {unit.pk: unit for unit in self.order_by("name", "pk")}
        tree = Tree.on(on)
        known = tree.parents
        above = {pk: tree.nearest_above(pk, units) for pk in units if pk in known}
        ordered = Tree(above).in_order()
        for pk, depth in [*ordered, *((pk, 0) for pk in units if pk not in known)]:
            units[pk].depth = depth
            units[pk].parent = units.get(above.get(pk) or 0)
        return [*(units[pk] for pk, _depth in ordered), *(units[pk] for pk in units if pk not in known)]


class Unit(models.Model):
    """A part of the organisation: the whole, a region, a branch, a team."""

    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200, validators=[validate_text])
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    external_reference = models.CharField(
        _("reference in other systems"), max_length=100, blank=True, db_index=True
    )
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    depth = 0
    parent: "Unit | None" = None

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class UnitPlacement(models.Model):
    """From `starts_on` (the first of a month) the unit stands under `parent`; null is the top."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="placements_below", null=True, blank=True
    )
    starts_on = models.DateField(_("from"))

    class Meta:
        ordering = ["unit", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "starts_on"], name="one_placement_a_month"),
            models.CheckConstraint(condition=models.Q(starts_on__day=1), name="placement_on_first_of_month"),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("unit")),
                name="unit_not_below_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} – {self.parent or '–'}, {self.starts_on}"


class Tree:
    """The tree of units as it stood on one day, read in one query.

    A unit without a placement yet on that day stands where its first placement puts it.
    """

    def __init__(self, parents: dict[int, int | None]) -> None:
        self.parents = parents
        self.children: dict[int | None, list[int]] = {}
        for unit, parent in parents.items():
            self.children.setdefault(parent, []).append(unit)

    @classmethod
    def on(cls, day: date) -> "Tree":
        return cls.from_placements(UnitPlacement.objects.all(), day)

    @classmethod
    def from_placements(cls, placements: Any, day: date) -> "Tree":
        """The tree on a day from placements already read (any order)."""
        parents: dict[int, int | None] = {}
        for placement in sorted(placements, key=lambda each: each.starts_on):
            if placement.starts_on <= day or placement.unit_id not in parents:
                parents[placement.unit_id] = placement.parent_id
        return cls(parents)

    def subtree(self, unit_id: int) -> set[int]:
        """The unit and everything below it."""
        found = {unit_id}
        waiting = [unit_id]
        while waiting:
            for child in self.children.get(waiting.pop(), []):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return found

    def path(self, unit_id: int) -> list[int]:
        """From the top of the tree down to the unit. Raises ValueError on a cycle."""
        path: list[int] = []
        current: int | None = unit_id
        while current is not None:
            if current in path:
                raise ValueError("cycle")
            path.insert(0, current)
            current = self.parents.get(current)
        return path

    def nearest_above(self, unit_id: int, among: Container[int]) -> int | None:
        """The first unit on the way up that is among those; None where there is none."""
        return next((each for each in reversed(self.path(unit_id)[:-1]) if each in among), None)

    def in_order(self) -> list[tuple[int, int]]:
        """(unit, depth) from the top, each before what stands below it."""
        rows: list[tuple[int, int]] = []
        waiting = [(unit, 0) for unit in reversed(self.children.get(None, []))]
        while waiting:
            unit, depth = waiting.pop()
            rows.append((unit, depth))
            waiting += [(child, depth + 1) for child in reversed(self.children.get(unit, []))]
        return rows
