"""Customer activity: how many were served, and what they came for, as daily totals."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from common.text import search_form
from customers.models.segment import Channel
from organisation.models import Import, Unit

NUMBERS = ("served", "used", "returned", "came_back", "complaints")


class ActivityQuerySet(models.QuerySet["Activity"]):
    def countable(self) -> "ActivityQuerySet":
        """What counts: not what is still on its way in, nor what was taken back."""
        return self.filter(is_counted=True)

    def visible_to(self, user: Any) -> "ActivityQuerySet":
        """Totals of days are for everybody who is signed in, as figures are."""
        return self if user.is_authenticated else self.none()

    def within(self, unit_ids: Iterable[int], start: date, end: date) -> "ActivityQuerySet":
        """Of these units on the local days `[start, end)`."""
        return self.filter(unit__in=list(unit_ids), day__gte=start, day__lt=end)

    def sums(self, *by: str) -> list[dict[str, Any]]:
        """The numbers added up, for each value of `by` where that is asked; None where nobody counted.

        `served_where_…` are the customers served in the rows that say the other number too: only they
        are what a share may be reckoned of. One query.
        """
        told: dict[str, Any] = {f"sum_{name}": Sum(name) for name in NUMBERS}
        for name in ("came_back", "complaints"):
            told[f"sum_served_where_{name}"] = Sum("served", filter=Q(**{f"{name}__isnull": False}))
        told["sum_used_where_returned"] = Sum("used", filter=Q(returned__isnull=False))
        rows = self.order_by()
        found = (
            rows.values(*by).annotate(**told).order_by("-sum_served", *by) if by else [rows.aggregate(**told)]
        )
        return [{name.removeprefix("sum_"): value for name, value in row.items()} for row in found]


class KindKey(models.CharField):
    """One short key for area and product as they are searched, so that “North” and “north” are one kind.

    It is made whenever a row is added, also many at once. None: added by an earlier release.
    """

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = kind_key(model_instance.area, model_instance.product)
        setattr(model_instance, self.attname, key)
        return key


def kind_key(area: str, product: str) -> str:
    """A hash, because case-folding may make a text many times longer than an index takes."""
    words = f"{search_form(area)}\n{search_form(product)}"
    return hashlib.sha256(words.encode()).hexdigest()


class Activity(models.Model):
    """One day of one unit, by one way, of one area, with one product or service.

    Every customer is counted in one row of a day: `served` may be added up. `used` is how many of the
    product were bought or used, `returned` how many came back to us; `came_back` how many of those served
    had been customers before; `complaints` how many complained. None: nobody counted.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    day = models.DateField(_("day"))
    channel = models.CharField(_("how they came"), max_length=20, choices=Channel)
    area = models.CharField(_("where they live"), max_length=100, blank=True)
    product = models.CharField(_("product or service"), max_length=100, blank=True)
    served = models.PositiveIntegerField(_("customers served"))
    used = models.PositiveIntegerField(_("bought or used"), null=True)
    returned = models.PositiveIntegerField(_("returned"), null=True)
    came_back = models.PositiveIntegerField(_("customers who came back"), null=True)
    complaints = models.PositiveIntegerField(_("complaints"), null=True)
    batch = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+")
    is_counted = models.BooleanField(default=False)
    kind_key = KindKey(max_length=64, null=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "unit", "pk"]
        indexes = [
            models.Index(fields=["unit", "day"]),
            models.Index(fields=["batch"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "day", "channel", "area", "product"],
                condition=Q(is_counted=True),
                name="one_total_a_day_and_kind",
            ),
            models.UniqueConstraint(
                fields=["unit", "day", "channel", "kind_key"],
                condition=Q(is_counted=True),
                name="one_total_a_day_whatever_the_case",
            ),
            models.CheckConstraint(
                condition=Q(came_back__isnull=True) | Q(came_back__lte=F("served")),
                name="came_back_of_those_served",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day} {self.channel} {self.area} {self.product}"
