"""Reports: a unit's figures of one period, frozen so that they can be cited."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.period import Period, add_months
from common.reference import new_reference
from feedback.models import Response
from organisation.models import Unit, User


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "ReportQuerySet":
        """Finished reports are for everybody; drafts for those who manage the unit."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(models.Q(state=Report.State.FINISHED) | models.Q(unit__in=user.managed_unit_ids))


class Report(models.Model):
    """One report of a unit over a period that is over. Its figures are in `snapshot`, once it is made."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("Monthly report")
        QUARTERLY = "quarterly", _("Quarterly report")
        ANNUAL = "annual", _("Annual report")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        MAKING = "making", _("Being made")
        FINISHED = "finished", _("Finished")

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    start = models.DateField()
    end = models.DateField()
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    search = models.TextField(editable=False, default="", help_text="unit and code, case-folded")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-start", "-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "start", "end"],
                condition=models.Q(archived_at__isnull=True),
                name="one_report_a_unit_and_period",
            ),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="report_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period.code}"

    def get_absolute_url(self) -> str:
        return reverse("scoreboard:report_detail", args=[self.reference])

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def is_finished(self) -> bool:
        return self.state == self.State.FINISHED

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class ReportComment(models.Model):
    """A customer's comment that a manager has chosen for a report.

    `text` is what the report prints, with personal data taken out: fixed when the report is made. It is
    kept here and not in the snapshot, so that a customer who has the card erased is gone from here too.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="comments")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["response__service_date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "response"], name="one_comment_a_report_and_response")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.response_id}"


class ReportSnapshot(models.Model):
    """Every figure of a report, as printed and unrounded. Written once, never changed."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="snapshot")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.report_id} {self.sha256[:8]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A report is never changed after it is made.")
        super().save(*args, **kwargs)


class ReportEvent(models.Model):
    """History of a report. Append-only."""

    class What(models.TextChoices):
        BEGUN = "begun", _("Begun")
        COMMENTS = "comments", _("Comments chosen")
        ASKED = "asked", _("Asked to be made")
        MADE = "made", _("Made")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Taken out of the archive")

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"


MOST_MISSED = 3


class ReportPlan(models.Model):
    """Which reports a unit gets by itself, and who is told when one is there."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+")
    monthly = models.BooleanField(_("a report every month"), default=False)
    quarterly = models.BooleanField(_("a report every quarter"), default=False)
    annual = models.BooleanField(_("a report every year"), default=False)
    readers = models.ManyToManyField(
        User, blank=True, related_name="+", verbose_name=_("who gets a letter with the link")
    )

    def __str__(self) -> str:
        return f"{self.unit}"

    def periods_due(self, today: date, taken: Collection[Period]) -> list[Period]:
        """The periods of the wanted kinds that no report was asked for yet, oldest first of each kind.

        `taken` are those that it was. A plan begins with what has ended with the month before; from then
        on what was missed is owed too, as far back as `MOST_MISSED` periods of a kind.
        """
        wanted = ((self.monthly, 1), (self.quarterly, 3), (self.annual, 12))
        return [
            period
            for is_wanted, length in wanted
            if is_wanted
            for period in _last_periods(today, length)
            if period not in taken and (period.end == today.replace(day=1) or _is_gap(period, taken, length))
        ]


def _last_periods(today: date, length: int) -> list[Period]:
    """The last periods of so many months that are over, oldest first."""
    end = add_months(today, -((today.month - 1) % length))
    backs = range(MOST_MISSED, 0, -1)
    return [
        Period(add_months(end, -length * back), add_months(end, length - length * back)) for back in backs
    ]


def _is_gap(period: Period, taken: Collection[Period], length: int) -> bool:
    """A report of the same length was asked for about an earlier period."""
    return any(each < period and Period.months(each.last_day, length) == each for each in taken)
