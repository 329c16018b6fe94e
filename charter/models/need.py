"""Which measures say how important a need is to customers, and how satisfied they are with it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charter.models.measure import Measure
from customers.models import Need


class NeedMeasureQuerySet(models.QuerySet["NeedMeasure"]):
    def in_use(self) -> "NeedMeasureQuerySet":
        """Of needs and measures that are not archived."""
        return self.filter(
            need__archived_at__isnull=True,
            measure__archived_at__isnull=True,
            measure__standard__archived_at__isnull=True,
        )

    def visible_to(self, user: Any) -> "NeedMeasureQuerySet":
        return self if user.is_authenticated else self.none()


class NeedMeasure(models.Model):
    """One measure of a need. A need has at most one of importance and one of satisfaction, both means of
    answers from 1 to 5; any number of others show it in their own way (letters answered in time)."""

    class Role(models.TextChoices):
        IMPORTANCE = "importance", _("How important it is")
        SATISFACTION = "satisfaction", _("How satisfied customers are")
        OTHER = "other", _("What else shows how well we meet it")

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="measures")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="needs")
    role = models.CharField(max_length=20, choices=Role)

    objects = NeedMeasureQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["need", "measure"], name="a_measure_once_a_need"),
            models.UniqueConstraint(
                fields=["need", "role"],
                condition=Q(role__in=["importance", "satisfaction"]),
                name="one_importance_and_one_satisfaction_a_need",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.role} {self.measure_id}"
