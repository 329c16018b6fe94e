"""“You said, we did”: what customers told us about a promise, and what became of it."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models.standard import Standard
from common.reference import new_reference
from common.text import validate_text
from common.texts import HasTexts, TextRow
from organisation.models import User


class ImprovementQuerySet(models.QuerySet["Improvement"]):
    def visible_to(self, user: Any) -> "ImprovementQuerySet":
        """Drafts too are read by everybody who is signed in, as the draft of the charter is."""
        return self if user.is_authenticated else self.none()

    def published(self) -> "ImprovementQuerySet":
        """What the public reads."""
        return self.filter(published_at__isnull=False, archived_at__isnull=True)

    def drafts(self) -> "ImprovementQuerySet":
        return self.filter(published_at__isnull=True, archived_at__isnull=True)

    def archived(self) -> "ImprovementQuerySet":
        return self.filter(archived_at__isnull=False)

    def newest_first(self) -> "ImprovementQuerySet":
        return self.order_by("-done_on", "-pk")


class Improvement(HasTexts, models.Model):
    """One entry under a promise. The public sees it from its publication until it is archived.

    What stands behind it may be cited: kind, text and address as they were when it was written, so
    that the entry never depends on another room.
    """

    class Kind(models.TextChoices):
        FIGURE = "figure", _("A figure")
        COMMENT = "comment", _("Comments of customers")
        COMPLAINT = "complaint", _("Complaints")
        MEETING = "meeting", _("A conversation with customers")
        OTHER = "other", _("Something else")

    standard = models.ForeignKey(
        Standard, on_delete=models.PROTECT, related_name="improvements", verbose_name=_("the promise")
    )
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    done_on = models.DateField(_("since when"))
    citation_kind = models.CharField(_("what stands behind it"), max_length=20, choices=Kind, blank=True)
    citation_text = models.CharField(
        _("what it says"), max_length=300, blank=True, validators=[validate_text]
    )
    citation_address = models.URLField(
        _("where it can be read"), max_length=500, blank=True, validators=[validate_text]
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on", "-pk"]
        indexes = [models.Index(fields=["standard", "-done_on"])]

    def __str__(self) -> str:
        row = self.text()
        return row.did if row else self.reference

    def get_absolute_url(self) -> str:
        return reverse("charter:improvement_edit", args=[self.reference])

    @property
    def unit_id(self) -> int:
        """The unit whose charter makes the promise (for permissions)."""
        return self.standard.unit_id

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.archived_at is None


class ImprovementText(TextRow):
    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="texts")
    said = models.TextField(_("you said"), max_length=1000, validators=[validate_text])
    did = models.TextField(_("we did"), max_length=1000, validators=[validate_text])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["improvement", "language"], name="one_improvement_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.did


class ImprovementEvent(models.Model):
    """One change of an entry. Append-only."""

    class What(models.TextChoices):
        ADDED = "added", _("Written")
        SAVED = "saved", _("Changed")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Restored")

    improvement = models.ForeignKey(Improvement, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
