"""What the training room says on pages of other rooms."""

from datetime import datetime
from typing import Any

from charter.models import Measure
from organisation.days import organisation_day
from organisation.models import User
from training.matrix import narrowed
from training.models import MeasuredCourse
from training.people import looked_after, taught_courses
from training.source import KIND


def overdue_people(user: User, at: datetime) -> dict[str, Any] | None:
    """On My work of a manager: how many of the people, himself apart, have something overdue."""
    if not user.is_manager:
        return None
    courses = [course for course in taught_courses(user) if course.archived_at is None]
    late = narrowed(looked_after(user).exclude(pk=user.pk), courses, organisation_day(at), overdue=True)
    count = late.count()
    return {"count": count} if count else None


def courses_behind(measure: Measure, **more: Any) -> dict[str, Any] | None:
    """On the pages of a measure that training feeds: the courses that it counts."""
    if measure.source != KIND:
        return None
    rows = MeasuredCourse.objects.filter(measure=measure).select_related("course")
    return {"measure": measure, "courses": [row.course for row in rows.prefetch_related("course__texts")]}
