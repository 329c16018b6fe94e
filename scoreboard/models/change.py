"""The dated changes at which control charts split."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Measure, Standard
from common.reference import new_reference
from common.text import validate_text
from organisation.models import Unit, User


class DatedChangeQuerySet(models.QuerySet["DatedChange"]):
    def standing(self) -> "DatedChangeQuerySet":
        return self.filter(archived_at__isnull=True)

    def visible_to(self, user: Any) -> "DatedChangeQuerySet":
        return self if user.is_authenticated else self.none()

    def concerning(self, measure: Measure, path: Iterable[int]) -> "DatedChangeQuerySet":
        """Those of the measure, or of its whole standard, in a unit or above it (`path`, from the top)."""
        told = models.Q(measure=measure) | models.Q(standard=measure.standard_id)
        return self.filter(told, unit__in=list(path))


class DatedChange(models.Model):
    """Something was done differently from this day on: the control chart's limits are reckoned anew.

    It concerns one measure, or every measure of a standard, in a unit and in all below it.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    measure = models.ForeignKey(
        Measure, on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    standard = models.ForeignKey(
        Standard, on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("day"))
    words = models.CharField(_("what changed"), max_length=200, validators=[validate_text])
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = DatedChangeQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(measure__isnull=True) ^ models.Q(standard__isnull=True),
                name="change_of_a_measure_or_a_standard",
            ),
            models.UniqueConstraint(
                fields=["measure", "unit", "on"],
                condition=models.Q(archived_at__isnull=True, measure__isnull=False),
                name="one_change_of_a_measure_a_day",
            ),
            models.UniqueConstraint(
                fields=["standard", "unit", "on"],
                condition=models.Q(archived_at__isnull=True, standard__isnull=False),
                name="one_change_of_a_standard_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.words}"
