"""What happens in a room with other people: meetings with seats, and practice that is watched."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from organisation.models import Unit, User
from training.models.assignment import Assignment
from training.models.course import Course, Lesson


class InPersonSessionQuerySet(models.QuerySet["InPersonSession"]):
    def ahead(self, at: datetime) -> "InPersonSessionQuerySet":
        return self.filter(cancelled_at__isnull=True, starts_at__gt=at)

    def for_lesson(self, lesson: Lesson) -> "InPersonSessionQuerySet":
        """Dates of the lesson, whichever version of the course they were set for."""
        return self.of_lesson(lesson.module.version.course_id, lesson.key)

    def of_lesson(self, course: int, key: str) -> "InPersonSessionQuerySet":
        return self.filter(course=course, lesson_key=key)

    def visible_to(self, user: Any) -> "InPersonSessionQuerySet":
        return self if user.is_authenticated else self.none()

    def managed_by(self, user: Any) -> "InPersonSessionQuerySet":
        """Those of the units that the user manages: whose lists the user keeps."""
        return self.filter(unit__in=Unit.objects.managed_by(user))


class InPersonSession(models.Model):
    """One date of a lesson in person. `taken` never passes `seats`: the database refuses it."""

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    lesson_key = models.SlugField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    place = models.CharField(_("place"), max_length=200, validators=[validate_text])
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=12, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    note = models.CharField(_("note"), max_length=500, blank=True, validators=[validate_text])
    led_by = models.CharField(_("led by"), max_length=150, blank=True, validators=[validate_text])
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("why it was called off"), max_length=300, blank=True, editable=False)

    objects = InPersonSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="session_ends_after_its_start"
            ),
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("seats")), name="no_more_seats_than_there_are"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id}, {self.starts_at}"

    def get_absolute_url(self) -> str:
        return reverse("training:session", args=[self.reference])

    def terms(self) -> str:
        """Everything that a person sets, as one text: equal texts are equal dates."""
        names = "unit_id place starts_at ends_at seats note led_by"
        values = [getattr(self, name) for name in names.split()]
        moments = [each.astimezone(UTC) if isinstance(each, datetime) else each for each in values]
        return sha256(repr([str(each) for each in moments]).encode()).hexdigest()[:20]

    def has_begun(self, at: datetime) -> bool:
        return self.starts_at <= at

    @property
    def seats_left(self) -> int:
        return self.seats - self.taken


class SeatQuerySet(models.QuerySet["Seat"]):
    def ahead(self, at: datetime) -> "SeatQuerySet":
        """On dates that are still to come."""
        return self.filter(session__in=InPersonSession.objects.ahead(at))

    def of_lesson(self, course: int, key: str) -> "SeatQuerySet":
        return self.filter(session__course=course, session__lesson_key=key)

    def best_first(self) -> "SeatQuerySet":
        """The one that a learner can still come to in front of called off and missed ones."""
        gone = models.Q(session__cancelled_at__isnull=False) | models.Q(attended=False)
        return self.annotate(is_gone=models.ExpressionWrapper(gone, models.BooleanField())).order_by(
            "is_gone", "-session__starts_at"
        )


class Seat(models.Model):
    """Somebody's place in a session, and whether they came (empty until the list is kept)."""

    session = models.ForeignKey(InPersonSession, on_delete=models.PROTECT, related_name="bookings")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="seats")
    booked_at = models.DateTimeField(default=timezone.now)
    attended = models.BooleanField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["session", "assignment"], name="one_seat_a_learner")]

    def __str__(self) -> str:
        return f"{self.session_id} – {self.assignment_id}"


class PracticeObservation(models.Model):
    """One item of a practice that somebody saw the learner do. Append-only."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="observations")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="observations")
    item = models.PositiveSmallIntegerField(help_text="number of the item, from 0")
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)
    note = models.CharField(_("note"), max_length=500, blank=True, validators=[validate_text])

    class Meta:
        ordering = ["item"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "lesson", "item"], name="one_observation_an_item")
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} – {self.lesson_id}, {self.item}"
