"""What somebody typed into a form and has not saved yet."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from organisation.models.people import User

KEPT = timedelta(days=30)
MOST_CHARACTERS = 60_000


class FormDraftQuerySet(models.QuerySet["FormDraft"]):
    def forgotten(self, at: datetime) -> "FormDraftQuerySet":
        """Drafts that nobody came back to within 30 days."""
        return self.filter(saved_at__lt=at - KEPT)


class FormDraft(models.Model):
    """One person's unsaved words for one form (its address). The newer replaces the older.

    `content` maps a field's name to the list of its values, as a browser posts them.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="form_drafts")
    form = models.CharField(max_length=200)
    content = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["person", "form"], name="one_draft_a_form")]

    def __str__(self) -> str:
        return f"{self.form} {self.saved_at}"
