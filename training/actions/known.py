"""What somebody knows already: the lessons about standards that have not changed count as learned."""

from datetime import datetime

from training.know.lessons import PREFIX, lesson_key
from training.models import Assignment, CourseVersion, Lesson, LessonProgress


def tick_what_is_known(assignment: Assignment, version: CourseVersion, at: datetime) -> None:
    """Tick them in the version, instead of those of another one. Only for a cycle that nobody has begun
    (call `hold` first); a cycle about everything (`only_standards` empty) has nothing to tick."""
    if not assignment.only_standards:
        return
    asked = {lesson_key(key) for key in assignment.only_standards}
    lessons = Lesson.objects.filter(module__version=version, key__startswith=PREFIX)
    known = set(lessons.exclude(key__in=asked).values_list("pk", flat=True))
    ticked = set(assignment.progress.values_list("lesson", flat=True))
    if known == ticked:
        return
    assignment.progress.exclude(lesson__in=known).delete()
    LessonProgress.objects.bulk_create(
        LessonProgress(assignment=assignment, lesson_id=lesson, started_at=at, seen_at=at, finished_at=at)
        for lesson in sorted(known - ticked)
    )
