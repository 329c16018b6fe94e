"""What was prepared for “Know our charter” from a published edition, until a manager has looked at it."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.models import Edition
from organisation.models import User
from training.models.course import Course, CourseVersion
from training.models.quiz import QuestionVersion


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def visible_to(self, user: Any) -> "PreparationQuerySet":
        """Those of the units that one manages; administrators see all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(edition__charter__unit__in=user.managed_unit_ids)


class Preparation(models.Model):
    """One edition as it becomes teaching.

    `changed` are the keys of the standards that are new, or that staff keep otherwise than in the edition
    that was taught last; `removed` those that hold no more. `gaps` says of which standard no good question
    could be made: a list of `standard` (its promise), `about`, `why`. `version` is the draft, later what
    was released.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for your review")
        READY = "ready", _("Taught")
        NOTHING = "nothing", _("Nothing to learn anew")
        SUPERSEDED = "superseded", _("Replaced by a later edition")

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="preparation")
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="preparations"
    )
    version = models.ForeignKey(
        CourseVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.WAITING)
    changed = models.JSONField(default=list)
    removed = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    prepared_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PreparationQuerySet.as_manager()

    class Meta:
        ordering = ["-prepared_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition}"

    def get_absolute_url(self) -> str:
        return reverse("training:know_detail", args=[self.edition.charter.unit.slug, self.edition.number])

    @property
    def unit_id(self) -> int:
        """The charter's unit (for permissions)."""
        return self.edition.charter.unit_id

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING


class PreparedQuestion(models.Model):
    """A question made from an edition. `texts`: language → `text`, `feedback`, `content`."""

    class About(models.TextChoices):
        PROMISE = "promise", _("What we promise")
        LIMIT = "limit", _("How long it may take")
        DISCRETION = "discretion", _("How much judgement")
        ALONE = "alone", _("What one may decide alone")

    preparation = models.ForeignKey(Preparation, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60)
    standard_key = models.CharField(max_length=40)
    about = models.CharField(max_length=20, choices=About)
    kind = models.CharField(max_length=20, choices=QuestionVersion.Kind)
    texts = models.JSONField()
    source = models.JSONField(help_text="language → the words of the edition from which it was made")
    is_accepted = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["preparation", "key"], name="one_prepared_question_a_key")
        ]

    def __str__(self) -> str:
        return self.key
