"""Practice that somebody has to watch: who waits for it, and what has been seen so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from training.models import Assignment, CourseVersion, Lesson, LessonProgress, PracticeObservation


def _taken() -> Any:
    """The version that a learner takes: the one begun, else the one that is taught now."""
    newest = CourseVersion.objects.released().filter(course=OuterRef("course")).order_by("-number")
    return Coalesce("version_id", Subquery(newest.values("pk")[:1]))


def waiting_for_practice(user: Any) -> "QuerySet[Assignment]":
    """Open cycles of people whom the user looks after with a practice that nobody has seen whole.

    Nobody watches oneself, and who has left waits for nothing. Each row carries `taken`, its version.
    """
    if not user.is_authenticated or not user.is_manager:
        return Assignment.objects.none()
    finished = LessonProgress.objects.filter(
        assignment=OuterRef(OuterRef("pk")), lesson=OuterRef("pk"), finished_at__isnull=False
    )
    missing = Lesson.objects.filter(
        ~Exists(finished), kind=Lesson.Kind.PRACTICE, module__version=OuterRef("taken")
    )
    rows = Assignment.objects.visible_to(user).open().of_active_people().exclude(person=user)
    return rows.annotate(taken=_taken()).filter(Exists(missing))


@dataclass(frozen=True)
class Watch:
    """One practice of one learner, and how many of its items have been seen."""

    assignment: Assignment
    lesson: Lesson
    seen: int
    total: int

    @property
    def percent(self) -> int:
        return 100 * self.seen // self.total if self.total else 0


def watches(assignments: Iterable[Any]) -> list[Watch]:
    """What is still to be seen of these rows of `waiting_for_practice`. Four queries."""
    rows = list(assignments)
    lessons = Lesson.objects.filter(
        kind=Lesson.Kind.PRACTICE, module__version__in={row.taken for row in rows}
    ).select_related("module")
    by_version: dict[int, list[Lesson]] = {}
    for lesson in lessons.prefetch_related("texts").order_by("module__position", "position", "pk"):
        by_version.setdefault(lesson.module.version_id, []).append(lesson)
    done = set(
        LessonProgress.objects.filter(assignment__in=rows, finished_at__isnull=False).values_list(
            "assignment", "lesson"
        )
    )
    seen: dict[tuple[int, int], int] = {}
    for key in PracticeObservation.objects.filter(assignment__in=rows).values_list("assignment", "lesson"):
        seen[key] = seen.get(key, 0) + 1
    return [
        Watch(row, lesson, seen.get((row.pk, lesson.pk), 0), _size(lesson))
        for row in rows
        for lesson in by_version.get(row.taken, [])
        if (row.pk, lesson.pk) not in done
    ]


def _size(lesson: Lesson) -> int:
    words: Any = lesson.text()
    return len(words.content.get("items", [])) if words else 0
