"""What happened to a charter's draft and to recorded results. Append-only."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models.charter import Charter
from charter.models.result import RecordedResult
from charter.models.standard import Standard
from organisation.models import User


class CharterEvent(models.Model):
    """One change of a draft, or its publication."""

    class What(models.TextChoices):
        CREATED = "created", _("Charter begun")
        TEXTS = "texts", _("Words of the charter changed")
        VALUE_SAVED = "value_saved", _("Value changed")
        VALUE_ARCHIVED = "value_archived", _("Value archived")
        VALUE_RESTORED = "value_restored", _("Value restored")
        STANDARD_ADDED = "standard_added", _("Standard added")
        STANDARD_SAVED = "standard_saved", _("Standard changed")
        STANDARD_ARCHIVED = "standard_archived", _("Standard archived")
        STANDARD_RESTORED = "standard_restored", _("Standard restored")
        POLICY_SAVED = "policy_saved", _("Policy changed")
        POLICY_ARCHIVED = "policy_archived", _("Policy archived")
        POLICY_RESTORED = "policy_restored", _("Policy restored")
        REORDERED = "reordered", _("Order changed")
        MEASURE_SAVED = "measure_saved", _("Measure changed")
        MEASURE_ARCHIVED = "measure_archived", _("Measure archived")
        MEASURE_RESTORED = "measure_restored", _("Measure restored")
        GOAL_SET = "goal_set", _("Goal set")
        GOAL_ENDED = "goal_ended", _("Goal ended")
        PUBLISHED = "published", _("Edition published")
        EXPLAINED = "explained", _("Change explained")

    NOT_OF_THE_DRAFT = (What.PUBLISHED, What.EXPLAINED)
    """After these the draft says what it said before."""
    OF_A_STANDARD = (
        *(What.STANDARD_ADDED, What.STANDARD_SAVED, What.STANDARD_ARCHIVED, What.STANDARD_RESTORED),
        What.REORDERED,
    )
    """The standard itself was changed, not a measure or goal of it."""

    charter = models.ForeignKey(Charter, on_delete=models.CASCADE, related_name="events")
    standard = models.ForeignKey(
        Standard, on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["charter", "-at"])]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"

    @property
    def subject(self) -> str:
        """What was changed: a standard as the reader's language calls it now, the rest as it was noted."""
        if self.standard and self.what in self.OF_A_STANDARD:
            return str(self.standard)
        return self.note


class ResultEvent(models.Model):
    """One change of a recorded result, with the numbers as they stood after it."""

    class What(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        CORRECTED = "corrected", _("Corrected")
        DELETED = "deleted", _("Deleted")
        UNDELETED = "undeleted", _("Deletion undone")

    result = models.ForeignKey(RecordedResult, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    start = models.DateField()
    end = models.DateField()
    met = models.PositiveBigIntegerField(null=True, blank=True)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    departures = models.PositiveBigIntegerField(default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
