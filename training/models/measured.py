"""Which courses a measure counts, where training feeds it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from charter.models import Measure
from training.models.course import Course


class MeasuredCourse(models.Model):
    """The course is one of those that the measure counts (`training.source`)."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="measured_courses")
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="measured_by", verbose_name=_("course")
    )

    class Meta:
        ordering = ["measure", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "course"], name="one_row_a_measure_and_course")
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} – {self.course_id}"
