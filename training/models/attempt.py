"""Attempts at a quiz: numbered, with questions, order and points frozen at the start."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from organisation.models import User
from training.models.assignment import Assignment
from training.models.quiz import QuestionVersion, Quiz


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def open(self) -> "AttemptQuerySet":
        return self.filter(submitted_at__isnull=True)

    def over(self, at: datetime) -> "AttemptQuerySet":
        """Open ones whose time is up."""
        return self.open().filter(ends_at__lte=at)

    def awaiting(self) -> "AttemptQuerySet":
        """Submitted ones with an open answer that nobody has marked."""
        return self.filter(submitted_at__isnull=False, marked_at__isnull=True)

    def visible_to(self, user: Any) -> "AttemptQuerySet":
        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class Attempt(models.Model):
    """One try. `ends_at` is the server's limit: the answers saved by then are what is marked.

    `percentage` is unrounded and empty until every answer has its mark.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts_made")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_by_limit = models.BooleanField(default=False)
    marked_at = models.DateTimeField(null=True, blank=True)
    percentage = models.DecimalField(max_digits=14, decimal_places=10, null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["ends_at"], condition=models.Q(submitted_at=None), name="open_attempts")
        ]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="one_attempt_a_number"),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=models.Q(submitted_at__isnull=True),
                name="one_open_attempt_an_assignment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("training:attempt", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None

    def is_over(self, at: datetime) -> bool:
        """The time is up, whether or not anybody has closed it yet."""
        return self.ends_at is not None and self.ends_at <= at


class AttemptQuestionQuerySet(models.QuerySet["AttemptQuestion"]):
    def to_mark(self) -> "AttemptQuestionQuerySet":
        """Answers in people's own words that were handed in and have no mark. Who has left waits for none."""
        return self.filter(
            mark__isnull=True,
            version__kind=QuestionVersion.Kind.OPEN,
            attempt__submitted_at__isnull=False,
            attempt__assignment__person__is_active=True,
        )

    def visible_to(self, user: Any) -> "AttemptQuestionQuerySet":
        return self.filter(attempt__assignment__in=Assignment.objects.visible_to(user))

    def to_mark_by(self, user: Any) -> "AttemptQuestionQuerySet":
        """What waits for the user, who manages the learners. Nobody marks the own answers."""
        if not user.is_authenticated or not user.is_manager:
            return self.none()
        return self.to_mark().visible_to(user).exclude(attempt__assignment__person=user)


class AttemptQuestion(models.Model):
    """One question as it was asked in one attempt.

    `order` is how its parts were shown (numbers of options, items or right sides); `answer` is what
    `training.answers` keeps of the form, saved as typed. `language` is the wording that was shown.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="asked")
    language = models.CharField(max_length=12)
    order = models.JSONField(default=list)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    answer = models.JSONField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    mark = models.DecimalField(max_digits=20, decimal_places=14, null=True, blank=True)
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    marked_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=1000, blank=True)

    objects = AttemptQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_question_a_position"),
            models.UniqueConstraint(fields=["attempt", "version"], name="one_asking_an_attempt"),
            models.CheckConstraint(
                condition=models.Q(mark__isnull=True)
                | (models.Q(mark__gte=Decimal(0)) & models.Q(mark__lte=models.F("points"))),
                name="mark_within_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}, {self.position}"

    def get_absolute_url(self) -> str:
        """Where it is marked (select `attempt`)."""
        return reverse("training:mark", args=[self.attempt.reference, self.position])

    @property
    def wording(self) -> Any:
        """The words that were shown (prefetch `version__texts`)."""
        return self.version.text(self.language)

    @property
    def is_open_text(self) -> bool:
        return self.version.kind == QuestionVersion.Kind.OPEN


class MarkCorrection(models.Model):
    """What an open answer had before its mark was corrected, and why. Append-only."""

    question = models.ForeignKey(AttemptQuestion, on_delete=models.CASCADE, related_name="corrections")
    mark = models.DecimalField(max_digits=20, decimal_places=14, help_text="the mark before")
    remark = models.CharField(max_length=1000, blank=True, help_text="the remark before")
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    marked_at = models.DateTimeField(null=True, blank=True)
    new_mark = models.DecimalField(max_digits=20, decimal_places=14)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.at}"
