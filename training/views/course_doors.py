"""The doors to courses: 404 for what one does not see, 403 for what one sees but may not change."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from common.policy import require
from training.actions.course_words import questions_of
from training.models import Course, CourseVersion, Lesson, Module, Question
from training.tongues import language_asked


def course_for(user: Any, key: str) -> Course:
    """A course to read about."""
    courses: QuerySet[Course] = Course.objects.visible_to(user).select_related("unit")
    return get_object_or_404(courses.prefetch_related("texts").distinct(), key=key)


def own_course(user: Any, key: str) -> Course:
    """A course for somebody who wants to change it."""
    course = course_for(user, key)
    require(user, "training.edit_course", course)
    return course


def shown_version(course: Course) -> CourseVersion | None:
    """What the editor shows: the draft, else what is taught. The first change begins a draft."""
    version = course.draft() or course.current_version()
    if version is None:
        return None
    found = CourseVersion.objects.with_parts().get(pk=version.pk)
    found.course = course
    return found


def _version(course: Course) -> CourseVersion:
    version = shown_version(course)
    if version is None:
        raise Http404
    return version


def module_of(course: Course, key: str) -> Module:
    return get_object_or_404(_version(course).modules.prefetch_related("texts"), key=key)


def lesson_of(course: Course, key: str) -> Lesson:
    lessons = Lesson.objects.filter(module__version=_version(course)).select_related("module", "file")
    return get_object_or_404(lessons.prefetch_related("texts"), key=key)


def question_of(course: Course, key: str) -> Question:
    return get_object_or_404(questions_of(course).select_related("standard", "bank"), key=key)


def language_of(request: Any, course: Course) -> str:
    """The language asked for; else the one in which the course was written first."""
    return language_asked(request.GET.get("language"), course.language)
