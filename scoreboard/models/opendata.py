"""The published results as they stand in the public files."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Edition, Measure
from common.period import Period
from common.sources import Counts
from organisation.models import Unit

ONE_DAY = timedelta(days=1)


class PublishedResultQuerySet(models.QuerySet["PublishedResult"]):
    def within(self, since: date | None, until: date | None) -> "PublishedResultQuerySet":
        """Those of periods that begin and end between two days, both included; None leaves a side open."""
        found = self.filter(start__gte=since) if since else self
        return found.filter(end__lte=until + ONE_DAY) if until and until < date.max else found

    def rows(self) -> Iterator[dict[str, Any]]:
        """As the files say them: units and measures by their short names, days as text."""
        names = ("measure__key", "unit__slug", "unit__name", "start", "end", "series", "edition__number")
        found = self.values_list(*names, *PublishedResult.NUMBERS, "hidden")
        for measure, unit, unit_name, start, end, series, edition, *numbers, hidden in found.iterator():
            yield {
                "measure": measure,
                "unit": unit,
                "unit_name": unit_name,
                **_days(start, end),
                "series": series,
                "edition": edition,
                **dict(zip(PublishedResult.NUMBERS, numbers, strict=True)),
                "hidden": hidden,
            }


@lru_cache(maxsize=100)
def _days(start: date, end: date) -> dict[str, str]:
    """A period as the files say it; there are few of them, and each stands in thousands of rows."""
    period = Period(start, end)
    return {
        "period": period.code,
        "start": period.start.isoformat(),
        "last_day": period.last_day.isoformat(),
    }


class PublishedResult(models.Model):
    """A measure's result in a unit, for a month or a quarter as one: a row of the public files.

    The rows of one measure, series and quarter are published together and stay as they were published
    (`scoreboard.actions.opendata`). A hidden one has no figure. `counts` is what stood behind the figure
    of the charter's own unit, for the public page; it is in no file.
    """

    class Hidden(models.TextChoices):
        TOO_FEW = "too_few_answers", _("Too few answers")
        REVEALING = "would_reveal_another", _("Would reveal another figure")

    NUMBERS = ("n", "value", "low", "high", "goal")

    quarter = models.DateField(help_text="first day of the quarter")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="+")
    series = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(help_text="day after the last one")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    n = models.PositiveBigIntegerField()
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    goal = models.FloatField(null=True)
    hidden = models.CharField(max_length=20, choices=Hidden, blank=True)
    counts = models.JSONField(null=True)

    objects = PublishedResultQuerySet.as_manager()

    class Meta:
        ordering = ["quarter", "measure", "series", "start", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "unit", "start", "series"], name="one_published_result_a_period"
            )
        ]
        indexes = [models.Index(fields=["quarter", "measure", "series", "start"])]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.unit_id} {self.start}"

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def kept_counts(self) -> Counts:
        """What stood behind the figure when it was published."""
        return Counts(**self.counts) if self.counts else Counts(n=self.n)


class OpenData(models.Model):
    """One making of the public files. The newest row says what anybody may fetch today.

    `content` holds `measures` (definitions, as `scoreboard.opendata` writes them) and `count`, how many
    results there are.
    """

    content = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name_plural = "open data"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"

    @classmethod
    def newest(cls) -> "OpenData | None":
        return cls.objects.first()

    @property
    def measures(self) -> list[dict[str, Any]]:
        return self.content["measures"]

    @property
    def count(self) -> int:
        """How many results stand in the files; 0 in a row from before they had rows of their own."""
        return int(self.content.get("count", 0))
