"""The nightly comparison of tallies with the answers behind them."""

from django.db import models
from django.utils import timezone

from charter.models import Measure
from organisation.models import Unit


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
