"""What happened to courses and to people's cycles. Append-only."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation.models import User
from training.models.assignment import Assignment
from training.models.course import Course


class TrainingEvent(models.Model):
    """One change of a course, or of somebody's cycle in it (then with its `assignment`)."""

    class What(models.TextChoices):
        IMPORTED = "imported", _("Read from a file")
        EDITED = "edited", _("Changed")
        RELEASED = "released", _("Released")
        ARCHIVED = "archived", _("Archived")
        RESTORED = "restored", _("Taken out of the archive")
        RULE_MADE = "rule_made", _("Rule made")
        RULE_CHANGED = "rule_changed", _("Rule changed")
        RULE_ENDED = "rule_ended", _("Rule ended")
        ASSIGNED = "assigned", _("Assigned")
        EXTENDED = "extended", _("More time given")
        WAIVED = "waived", _("Waived")
        WAIVER_ENDED = "waiver_ended", _("Waiver ended")
        STARTED = "started", _("Begun")
        LESSON_FINISHED = "lesson_finished", _("Lesson finished")
        ATTEMPT_STARTED = "attempt_started", _("Attempt begun")
        SUBMITTED = "submitted", _("Attempt handed in")
        TIME_UP = "time_up", _("Attempt ended by the time limit")
        MARKED = "marked", _("Answer marked")
        CORRECTED = "corrected", _("Mark corrected")
        COMPLETED = "completed", _("Completed")
        FAILED = "failed", _("Failed")
        WITHDRAWN = "withdrawn", _("Certificate withdrawn")
        REINSTATED = "reinstated", _("Certificate counts again")
        SEAT_TAKEN = "seat_taken", _("Seat taken")
        SEAT_GIVEN_UP = "seat_given_up", _("Seat given up")
        ATTENDED = "attended", _("Attended")
        MISSED = "missed", _("Did not come")
        CALLED_OFF = "called_off", _("Meeting called off")
        OBSERVED = "observed", _("Practice seen")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="events")
    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    what = models.CharField(max_length=20, choices=What)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["course", "-at"])]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
