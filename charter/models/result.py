"""Recorded results of operational standards, and the list of results gone stale."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models.measure import Measure
from common.period import Period
from common.reference import new_reference
from common.text import validate_text
from organisation.models import Import, Unit, User


class RecordedResultQuerySet(models.QuerySet["RecordedResult"]):
    def taken_in(self) -> "RecordedResultQuerySet":
        """Typed by hand, or of an import that is done: not of one that is staged or was taken back."""
        return self.filter(models.Q(batch__isnull=True) | models.Q(batch__state=Import.State.DONE))

    def countable(self) -> "RecordedResultQuerySet":
        """What counts: taken in, and not deleted."""
        return self.taken_in().filter(deleted_at__isnull=True)

    def visible_to(self, user: Any) -> "RecordedResultQuerySet":
        return self if user.is_authenticated else self.none()

    def inside(self, start: date, end: date) -> "RecordedResultQuerySet":
        """Results whose span lies wholly inside `[start, end)`."""
        return self.filter(start__gte=start, end__lte=end)


class RecordedResult(models.Model):
    """How often an operational standard was met in a span of days, from a log of cases.

    Of a share: `met` and `departures` (within the guidance, counted apart) of `total` cases in scope.
    Of a rate: `met` is the numerator (it may be the greater one) and `total` the exposure. Of a count:
    `met` is the number, and there is no total. A span that nobody tracked has no numbers, and never
    counts as 0. `method` is the measure's, which is fixed once results hang on it.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="results")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="results")
    start = models.DateField(_("first day"))
    end = models.DateField(_("day after the last"))
    series = models.PositiveSmallIntegerField(default=1)
    method = models.CharField(
        max_length=20, choices=Measure.Method, default=Measure.Method.SHARE_MET, editable=False
    )
    met = models.PositiveBigIntegerField(_("met"), null=True, blank=True)
    total = models.PositiveBigIntegerField(_("cases in scope"), null=True, blank=True)
    departures = models.PositiveBigIntegerField(_("departures within the guidance"), default=0)
    departure_reason = models.CharField(
        _("why they departed"), max_length=500, blank=True, validators=[validate_text]
    )
    batch = models.ForeignKey(Import, on_delete=models.PROTECT, null=True, blank=True, related_name="results")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RecordedResultQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "pk"]
        indexes = [models.Index(fields=["measure", "unit", "start", "end"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="span_has_days"),
            models.CheckConstraint(
                condition=models.Q(total__isnull=True, met__isnull=True)
                | models.Q(method=Measure.Method.COUNT, total__isnull=True, departures=0)
                | models.Q(method=Measure.Method.RATE, total__gt=0, met__isnull=False, departures=0)
                | models.Q(method=Measure.Method.SHARE_MET, total__gt=0, met__isnull=False)
                & models.Q(total__gte=models.F("met") + models.F("departures")),
                name="numbers_fit_the_method",
            ),
            models.UniqueConstraint(
                fields=["measure", "unit", "start", "end", "series"],
                condition=models.Q(deleted_at__isnull=True),
                name="one_result_a_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.met}/{self.total} {self.start}"

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def is_tracked(self) -> bool:
        return self.met is not None


class StaleBucket(models.Model):
    """A bucket whose tally no longer tells the truth: appended by whoever changes an answer."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.unit_id} {self.day}"
