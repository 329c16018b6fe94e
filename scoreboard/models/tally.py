"""Tallies: the answers behind each figure, counted by day and by month. Never incremented."""

from django.db import models

from charter.models import Measure
from organisation.models import Unit


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
