"""Who takes a course with a lesson in person and has no seat on any date that is still to come."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from training.models import Assignment, InPersonSession, Lesson, LessonProgress, Seat


def without_seat(session: InPersonSession, user: Any, at: datetime) -> "QuerySet[Assignment]":
    """Of those whom the user looks after, what is due first at the top."""
    ahead = InPersonSession.objects.ahead(at).filter(course=session.course_id, lesson_key=session.lesson_key)
    seats = Seat.objects.filter(assignment=OuterRef("pk"), session__in=ahead)
    done = LessonProgress.objects.filter(
        assignment=OuterRef("pk"), lesson__key=session.lesson_key, finished_at__isnull=False
    )
    has_lesson = Lesson.objects.filter(
        module__version=OuterRef("version"), key=session.lesson_key, kind=Lesson.Kind.SESSION
    )
    rows = Assignment.objects.visible_to(user).open().of_active_people().filter(course=session.course_id)
    rows = rows.filter(~Exists(seats), ~Exists(done))
    begun = rows.filter(Exists(has_lesson)) | rows.filter(version__isnull=True)
    found = begun.select_related("person").prefetch_related("person__memberships__unit")
    return found.order_by("due_on", "pk")
