"""The doors to cycles: 404 for what one does not see, 403 for what one sees but may not do.

`own_…` are the learner's, `…_looked_after` those of whoever manages the learner.
"""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from common.policy import require
from organisation.models import User
from training.models import Assignment, Attempt, AttemptQuestion, InPersonSession, Lesson
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


def assignment_looked_after(user: Any, reference: str, *, to_decide: bool = False) -> Assignment:
    """Somebody's cycle; `to_decide` refuses one's own."""
    rows = Assignment.objects.visible_to(user).select_related("course", "person", "version", "certificate")
    found = get_object_or_404(rows, reference=reference)
    require(user, "training.look_after", found)
    if to_decide:
        require(user, "training.decide", found)
    return found


def person_looked_after(user: Any, reference: str) -> User:
    return get_object_or_404(User.objects.visible_to(user), reference=reference)


def attempt_looked_after(user: Any, reference: str) -> Attempt:
    rows = Attempt.objects.visible_to(user).select_related("assignment__course", "assignment__person", "quiz")
    found = get_object_or_404(rows, reference=reference)
    require(user, "training.look_after", found.assignment)
    return found


def answer_to_mark(user: Any, reference: str, position: int) -> AttemptQuestion:
    """An answer in somebody's own words, marked or not, of an attempt that was handed in."""
    rows = AttemptQuestion.objects.visible_to(user).select_related(
        "version",
        "marked_by",
        "attempt__quiz",
        "attempt__assignment__course",
        "attempt__assignment__person",
        "attempt__assignment__certificate",
    )
    rows = rows.filter(attempt__submitted_at__isnull=False, version__kind="open")
    found = get_object_or_404(
        rows.prefetch_related("version__texts"), attempt__reference=reference, position=position
    )
    require(user, "training.look_after", found.attempt.assignment)
    require(user, "training.decide", found.attempt.assignment)
    return found


def session_led(user: Any, reference: str) -> InPersonSession:
    """A date of a unit that the user manages."""
    rows = InPersonSession.objects.visible_to(user).select_related("course", "unit")
    found = get_object_or_404(rows.prefetch_related("course__texts"), reference=reference)
    require(user, "training.lead_session", found)
    return found
