"""The doors to a learner's own cycle: 404 for what one does not see, 403 for somebody else's."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from common.policy import require
from training.models import Assignment, Attempt, Lesson
from training.standing import CoursePage, Step, course_page


def own_assignment(user: Any, reference: str) -> Assignment:
    rows = Assignment.objects.visible_to(user).select_related("course", "person", "version").distinct()
    found = get_object_or_404(rows, reference=reference)
    require(user, "training.learn", found)
    return found


def own_page(user: Any, reference: str, at: datetime) -> CoursePage:
    """The cycle with its lessons; 404 where its course has nothing to show."""
    page = course_page(own_assignment(user, reference), at)
    if page is None:
        raise Http404
    return page


def own_step(user: Any, reference: str, key: str, at: datetime) -> tuple[CoursePage, Step]:
    page = own_page(user, reference, at)
    step = page.step(key)
    if step is None:
        raise Http404
    return page, step


def own_lesson(user: Any, reference: str, key: str) -> tuple[Assignment, Lesson]:
    """A lesson of the version that the person takes, to act on."""
    assignment = own_assignment(user, reference)
    version = assignment.version or assignment.course.current_version()
    lessons = Lesson.objects.select_related("module__version").prefetch_related("texts")
    return assignment, get_object_or_404(lessons, module__version=version, key=key)


def own_attempt(user: Any, reference: str) -> Attempt:
    rows = Attempt.objects.visible_to(user).select_related("assignment__course", "assignment__person", "quiz")
    found = get_object_or_404(rows, reference=reference)
    require(user, "training.learn", found.assignment)
    return found
