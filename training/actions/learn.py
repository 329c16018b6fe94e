"""What a learner does in the lessons of the own cycle."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from training.actions.complete import begin, settle
from training.actions.turns import What, hold, hold_open, record
from training.models import Assignment, Certificate, Lesson, LessonProgress
from training.scenario import walk, with_reply


class NotThisVersion(Exception):
    """The lesson belongs to another version than the one that the person takes."""


class NotFinished(Exception):
    """Something of the lesson is still to be done, by the learner or by whoever has to see it."""


@transaction.atomic
def start_lesson(assignment: Assignment, *, lesson: Lesson, at: datetime | None = None) -> LessonProgress:
    """Open a lesson: the first one begins the cycle and fixes its version. Remembers where one was.

    Raises NotOpen, NotThisVersion.
    """
    return _progress(hold_open(assignment), lesson, at or timezone.now())


def _progress(held: Assignment, lesson: Lesson, at: datetime) -> LessonProgress:
    version = begin(held, version=lesson.module.version, at=at)
    if version is None or lesson.module.version_id != version.pk:
        raise NotThisVersion(lesson.key)
    progress, created = LessonProgress.objects.get_or_create(
        assignment=held, lesson=lesson, defaults={"started_at": at, "seen_at": at}
    )
    if not created:
        progress.seen_at = at
        progress.save(update_fields=["seen_at"])
    return progress


@transaction.atomic
def give_reply(
    assignment: Assignment, *, lesson: Lesson, step: str, reply: int, at: datetime | None = None
) -> LessonProgress:
    """One reply in a conversation. A reply to a step that is past changes nothing."""
    progress = _progress(hold_open(assignment), lesson, at or timezone.now())
    path = with_reply(_content(assignment, lesson), progress.state.get("path", []), step, reply)
    progress.state = {"path": path}
    progress.save(update_fields=["state"])
    return progress


@transaction.atomic
def restart_conversation(
    assignment: Assignment, *, lesson: Lesson, at: datetime | None = None
) -> LessonProgress:
    """From the first step again. A conversation that is finished stays finished."""
    progress = _progress(hold_open(assignment), lesson, at or timezone.now())
    progress.state = {"path": []}
    progress.save(update_fields=["state"])
    return progress


@transaction.atomic
def save_ticks(
    assignment: Assignment, *, lesson: Lesson, items: Iterable[int], at: datetime | None = None
) -> LessonProgress:
    """Which items of a checklist are ticked, as the form shows them."""
    progress = _progress(hold_open(assignment), lesson, at or timezone.now())
    count = len(_content(assignment, lesson).get("items", []))
    progress.state = {"ticked": sorted({item for item in items if 0 <= item < count})}
    progress.save(update_fields=["state"])
    return progress


@transaction.atomic
def finish_lesson(
    assignment: Assignment, *, lesson: Lesson, at: datetime | None = None
) -> Certificate | None:
    """The learner is through with a lesson; the certificate where that completes the course.

    Raises NotFinished where the conversation is not at its end, an item is not ticked, or somebody
    else has to see it. Pressed twice it has one effect. On a cycle that is not open it has none.
    """
    at = at or timezone.now()
    held = hold(assignment)
    if not held.is_open:
        return None
    progress = _progress(held, lesson, at)
    if lesson.is_seen_by_others or not _is_through(lesson, _content(held, lesson), progress.state):
        raise NotFinished(lesson.key)
    mark_finished(held, progress, lesson, at=at)
    return settle(held, by=held.person, at=at)


def mark_finished(held: Assignment, progress: LessonProgress, lesson: Lesson, *, at: datetime) -> bool:
    """Note the end of a lesson once. False where it is noted already."""
    standing = LessonProgress.objects.filter(pk=progress.pk, finished_at__isnull=True)
    won = standing.update(finished_at=at)
    if won:
        record(held.course, What.LESSON_FINISHED, by=held.person, at=at, assignment=held, note=str(lesson))
    return bool(won)


def progress_of_others(held: Assignment, lesson: Lesson, *, at: datetime) -> LessonProgress:
    """The row for a lesson that somebody else finishes for the learner."""
    return _progress(held, lesson, at)


def _content(assignment: Assignment, lesson: Lesson) -> dict[str, Any]:
    """In any language: all have the same shape."""
    row = lesson.text(assignment.person.language or None)
    return row.content if row else {}


def _is_through(lesson: Lesson, content: dict[str, Any], state: dict[str, Any]) -> bool:
    if lesson.kind == Lesson.Kind.SCENARIO:
        return walk(content, state.get("path", [])).is_over
    if lesson.kind == Lesson.Kind.CHECKLIST:
        return len(state.get("ticked", [])) == len(content.get("items", []))
    return True
