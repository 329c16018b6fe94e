"""Tallies: the answers behind each figure, counted by day and by month. Never incremented.

And the dated changes at which control charts split.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Measure, Standard
from common.reference import new_reference
from common.text import validate_text
from organisation.models import Unit, User


class Tally(models.Model):
    """Counts of one measure, unit and series; the columns are those of `common.sources.Counts`.

    Derived from the answers and made again at any time, so the database does not look up measure and
    unit of every row (decision 22); neither is ever deleted once it has answers.
    """

    measure = models.ForeignKey(
        Measure, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    series = models.PositiveSmallIntegerField()
    n = models.PositiveBigIntegerField()
    total = models.BigIntegerField()
    squares = models.BigIntegerField()
    high = models.PositiveBigIntegerField()
    low = models.PositiveBigIntegerField()
    na = models.PositiveBigIntegerField()
    values = models.JSONField(help_text="answer value → how many")

    class Meta:
        abstract = True


class DailyTally(Tally):
    """One local day of a unit."""

    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "unit", "day", "series"], name="one_tally_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.unit_id} {self.day}"


class MonthlyTally(Tally):
    """One month of a unit: the sum of its days, recomputed with them."""

    month = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "month", "unit", "series"], name="one_tally_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.unit_id} {self.month:%Y-%m}"


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


class TallyCheck(models.Model):
    """One comparison of all tallies with the answers behind them."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    compared = models.PositiveIntegerField(help_text="daily tallies")
    differing = models.PositiveIntegerField()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.started_at}: {self.differing}/{self.compared}"


class TallyDifference(models.Model):
    """A tally that did not say what the answers say; it was counted again. `counted` and `stood` are n."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(help_text="the first of a month, where the month's tally differed")
    is_month = models.BooleanField(default=False)
    counted = models.PositiveBigIntegerField()
    stood = models.PositiveBigIntegerField()
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-found_at", "pk"]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.unit_id} {self.day}: {self.stood} for {self.counted}"
