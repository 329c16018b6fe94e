"""What every change of somebody's cycle shares: one at a time, and a line in the history."""

from datetime import datetime

from django.db.models import F

from organisation.models import User
from training.models import Assignment, Course, TrainingEvent

What = TrainingEvent.What


class NotOpen(Exception):
    """The cycle is completed, failed or waived: nothing more is owed or taken."""


class ChangedMeanwhile(Exception):
    """Somebody else has decided since the page was opened; nothing is done unseen."""


def hold(assignment: Assignment) -> Assignment:
    """The assignment as it stands now. Until the transaction ends nobody else changes it.

    The update takes the row's lock on PostgreSQL; on SQLite the transaction is the only writer.
    """
    Assignment.objects.filter(pk=assignment.pk).update(turn=F("turn") + 1)
    return Assignment.objects.select_related("course", "person", "version").get(pk=assignment.pk)


def hold_as_seen(assignment: Assignment, seen: str) -> Assignment:
    """The same, for decisions that rest on what a page showed (`Assignment.stand`, empty: on nothing).

    What the learner does meanwhile is no reason to refuse. Raises ChangedMeanwhile.
    """
    held = hold(assignment)
    if seen and seen != held.stand:
        raise ChangedMeanwhile(held.reference)
    return held


def hold_open(assignment: Assignment) -> Assignment:
    """The same, for changes that only an open cycle bears. Raises NotOpen."""
    held = hold(assignment)
    if not held.is_open:
        raise NotOpen(held.reference)
    return held


def record(
    course: Course,
    what: TrainingEvent.What,
    *,
    by: User | None,
    at: datetime,
    assignment: Assignment | None = None,
    note: str = "",
) -> None:
    TrainingEvent.objects.create(
        course=course, assignment=assignment, what=what, by=by, at=at, note=note[:300]
    )
