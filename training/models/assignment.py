"""Who is to take which course by when, how far they are, and what they hold afterwards."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.reference import new_reference
from common.text import validate_text
from organisation.models import User
from training.models.course import Course, CourseVersion, Lesson
from training.models.rule import AssignmentRule


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def open(self) -> "AssignmentQuerySet":
        """Something is still owed: by the learner, or by whoever marks."""
        return self.filter(state__in=Assignment.OPEN)

    def of_active_people(self) -> "AssignmentQuerySet":
        return self.filter(person__is_active=True)

    def overdue(self, on: date) -> "AssignmentQuerySet":
        """Owed by the learner since before the day. What waits for marks was handed in."""
        return self.filter(state__in=Assignment.OWED, due_on__lt=on)

    def newest(self) -> "AssignmentQuerySet":
        """The newest cycle of each person and course."""
        newer = Assignment.objects.filter(
            person=models.OuterRef("person"),
            course=models.OuterRef("course"),
            cycle__gt=models.OuterRef("cycle"),
        )
        return self.filter(~models.Exists(newer))

    def visible_to(self, user: Any) -> "AssignmentQuerySet":
        """One's own, and those of the people in the units that one manages."""
        if not user.is_authenticated:
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(
            models.Q(person=user)
            | models.Q(person__in=User.objects.filter(memberships__unit__in=user.managed_unit_ids))
        )


class Assignment(models.Model):
    """One cycle of one person in one course.

    `due_on` is the last day in time, fixed when the course is assigned; an extension moves it and says
    why. `version` is fixed when the person begins: a later release changes nothing for a course that
    is under way. Overdue and expired are derived, never stored. `turn` grows with every change and is
    what makes two changes at once wait for each other.
    """

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("Assigned")
        IN_PROGRESS = "in_progress", _("In progress")
        AWAITING = "awaiting", _("Awaiting marking")
        COMPLETED = "completed", _("Completed")
        FAILED = "failed", _("Failed")
        WAIVED = "waived", _("Waived")

    OWED = (State.ASSIGNED, State.IN_PROGRESS)
    OPEN = (*OWED, State.AWAITING)

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="training_assignments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="assignments")
    cycle = models.PositiveIntegerField(default=1)
    version = models.ForeignKey(
        CourseVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.ASSIGNED)
    due_on = models.DateField(_("due on"))
    assigned_at = models.DateTimeField(default=timezone.now)
    assigned_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("assigned by")
    )
    why = models.CharField(_("why"), max_length=300, blank=True, validators=[validate_text])
    rule = models.ForeignKey(
        AssignmentRule, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    first_due_on = models.DateField(editable=False, help_text="as it was before any extension")
    extension_reason = models.CharField(max_length=300, blank=True)
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    waived_until = models.DateField(null=True, blank=True, help_text="the last day; empty: for good")
    waiver_reason = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True, help_text="completed, or failed for good")
    only_standards = models.JSONField(
        default=list, blank=True, help_text="keys; the quiz asks about these alone. Empty: about everything"
    )
    turn = models.PositiveIntegerField(default=0, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "cycle"], name="one_assignment_a_cycle"),
            models.UniqueConstraint(
                fields=["person", "course"],
                condition=models.Q(state__in=["assigned", "in_progress", "awaiting"]),
                name="one_open_assignment_a_course",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="waived") | ~models.Q(waiver_reason=""),
                name="waiver_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} – {self.course_id}, {self.cycle}"

    def get_absolute_url(self) -> str:
        return reverse("training:assignment", args=[self.reference])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def stand(self) -> str:
        """What a decision of a manager rests on: another text as soon as it is another decision."""
        state = "open" if self.is_open else self.state
        return f"{state} {self.due_on.isoformat()} {self.waived_until or ''}".strip()

    @property
    def proof(self) -> "Certificate | None":
        """The certificate of the cycle, if it was completed and not withdrawn (select `certificate`)."""
        found: Certificate | None = getattr(self, "certificate", None)
        return None if found is None or found.is_withdrawn else found

    def is_overdue(self, on: date) -> bool:
        return self.state in self.OWED and self.due_on < on

    def days_left(self, on: date) -> int:
        """Until the last day in time; negative when overdue."""
        return (self.due_on - on).days


class LessonProgress(models.Model):
    """What a learner did in one lesson. `state` keeps the path of a conversation and ticked items."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="progress")
    state = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, help_text="when the learner was last here")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "lesson"], name="one_progress_a_lesson")]

    def __str__(self) -> str:
        return f"{self.assignment_id} – {self.lesson_id}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def current(self, on: date) -> "CertificateQuerySet":
        """Those that count on the day. One that was withdrawn counted until the day before."""
        return self.filter(
            models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=on),
            models.Q(withdrawn_on__isnull=True) | models.Q(withdrawn_on__gt=on),
            issued_on__lte=on,
        )

    def kept(self) -> "CertificateQuerySet":
        """Expired or not; without those that were withdrawn."""
        return self.filter(withdrawn_on__isnull=True)

    def visible_to(self, user: Any) -> "CertificateQuerySet":
        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class Certificate(models.Model):
    """Proof that somebody completed a cycle, with the words as they were on the day.

    Whoever has the reference can check it, for ever: an expired certificate is shown as expired, one
    that was withdrawn as withdrawn. `expires_on` is the last day on which it counts.
    """

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="certificate")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="certificates")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="certificates")
    cycle = models.PositiveIntegerField()
    person_name = models.CharField(max_length=150)
    course_title = models.CharField(max_length=150)
    language = models.CharField(max_length=12, help_text="of the title")
    percentage = models.DecimalField(max_digits=14, decimal_places=10, null=True, blank=True)
    issued_on = models.DateField()
    issued_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True, help_text="the first day without it")
    withdrawal_reason = models.CharField(max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        indexes = [models.Index(fields=["expires_on"])]
        constraints = [
            models.UniqueConstraint(fields=["person", "course", "cycle"], name="one_certificate_a_cycle"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True) | ~models.Q(withdrawal_reason=""),
                name="withdrawal_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("training:certificate", args=[self.reference])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_on is not None

    def is_expired(self, on: date) -> bool:
        return self.expires_on is not None and self.expires_on < on

    def renewal_opens(self) -> date | None:
        """The first day of the window in which a renewal loses no days; None where nothing expires."""
        if self.expires_on is None:
            return None
        return self.expires_on - timedelta(days=self.course.renewal_days)

    def may_be_renewed(self, on: date) -> bool:
        """Is the window of the renewal open on the day? It stays open after the expiry."""
        opens = self.renewal_opens()
        return opens is not None and opens <= on and self.course.state == Course.State.RELEASED
