"""Pictures that stand in the lessons of a course."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisation.models import Attachment
from training.models.course import Course


class CoursePictureQuerySet(models.QuerySet["CoursePicture"]):
    def visible_to(self, user: Any) -> "CoursePictureQuerySet":
        """Seen by whoever sees the course."""
        return self.filter(course__in=Course.objects.visible_to(user))


class CoursePicture(models.Model):
    """One picture. A lesson shows it by the reference of its file: `![what it shows](picture:reference)`.

    It belongs to the course, not to a version: what was released keeps showing it. A copy of the course
    shares the file.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="pictures")
    file = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, related_name="course_pictures", verbose_name=_("picture")
    )
    added_at = models.DateTimeField(default=timezone.now)

    objects = CoursePictureQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["course", "file"], name="one_picture_a_course")]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return reverse("training:picture", args=[self.file.reference])
