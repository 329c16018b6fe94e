"""Cases with a time limit, out of the log of the work: was each done in time?"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charter.models.measure import Measure
from common.clock import Explanation, Limit
from common.reference import new_reference
from common.text import validate_text
from organisation.models import FrozenCalendar, Import, Unit


class CaseQuerySet(models.QuerySet["Case"]):
    def taken_in(self) -> "CaseQuerySet":
        """Of an import that is done: not of one that is staged or was taken back."""
        return self.filter(batch__state=Import.State.DONE)

    def countable(self) -> "CaseQuerySet":
        """What counts: taken in, and not told anew by a later file."""
        return self.taken_in().filter(superseded_by__isnull=True)

    def visible_to(self, user: Any) -> "CaseQuerySet":
        return self.countable() if user.is_authenticated else self.none()

    def in_scope(self) -> "CaseQuerySet":
        """What the share is made of: met and missed."""
        return self.filter(outcome__in=[Case.Outcome.MET, Case.Outcome.MISSED])

    def differing(self) -> "CaseQuerySet":
        """The file says otherwise about being in time."""
        late = models.Q(outcome=Case.Outcome.MISSED)
        return self.filter(late & models.Q(said_on_time=True) | ~late & models.Q(said_on_time=False))

    def received_in(self, start: date, end: date) -> "CaseQuerySet":
        """Received on a local day of `[start, end)`."""
        return self.filter(day__gte=start, day__lt=end)


class Case(models.Model):
    """One request with a time limit, as it stood at the moment `as_of` of the file.

    On time iff done at or before it was due; an open case is missed once it is overdue at `as_of`,
    and out of the share before. `day` is the local day of receipt in the unit. `limit` and `calendar`
    (the rule as it was) say why it was due then, where the file did not say so itself. A later file
    that holds the same reference supersedes the case.
    """

    class Outcome(models.TextChoices):
        MET = "met", _("In time")
        MISSED = "missed", _("Late")
        OPEN = "open", _("Open, not due yet")
        NO_TARGET = "no_target", _("Without a time limit")

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases")
    external_reference = models.CharField(
        _("reference in the file"), max_length=100, blank=True, validators=[validate_text]
    )
    search = models.TextField(editable=False, default="", help_text="the same, case-folded")
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    as_of = models.DateTimeField(_("as of"))
    day = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    seconds_taken = models.PositiveBigIntegerField(null=True, blank=True)
    said_on_time = models.BooleanField(_("on time, says the file"), null=True, blank=True)
    limit = models.JSONField(null=True, blank=True)
    calendar = models.ForeignKey(
        FrozenCalendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    batch = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="cases")
    superseded_by = models.ForeignKey(
        Import, on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_cases"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "pk"]
        indexes = [
            models.Index(fields=["measure", "unit", "day"]),
            models.Index(fields=["measure", "external_reference"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "measure", "external_reference"],
                condition=~models.Q(external_reference=""),
                name="one_case_a_reference_and_file",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(done_at__gte=models.F("received_at")),
                name="done_after_received",
            ),
        ]

    def __str__(self) -> str:
        return self.external_reference or self.reference

    def get_absolute_url(self) -> str:
        return reverse("charter:case_detail", args=[self.reference])

    @staticmethod
    def judge(*, due_at: datetime | None, done_at: datetime | None, as_of: datetime) -> "Case.Outcome":
        """What became of a case by the moment `as_of`."""
        if due_at is None:
            return Case.Outcome.NO_TARGET
        if (done_at or as_of) > due_at:
            return Case.Outcome.MISSED
        return Case.Outcome.MET if done_at else Case.Outcome.OPEN

    @property
    def is_on_time(self) -> bool:
        """Not late: what has no limit, or is open and not due yet, is on time too."""
        return self.outcome != self.Outcome.MISSED

    @property
    def differs_from_file(self) -> bool:
        return self.said_on_time is not None and self.said_on_time != self.is_on_time

    @property
    def time_taken(self) -> timedelta | None:
        return None if self.seconds_taken is None else timedelta(seconds=self.seconds_taken)

    def explanation(self) -> Explanation | None:
        """Why it was due then; None where the file itself said when."""
        if self.calendar is None or self.limit is None:
            return None
        return self.calendar.clock.explain(self.received_at, Limit.from_rule(self.limit))
