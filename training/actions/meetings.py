"""Meetings in person and watched practice: seats, who came, what was seen."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organisation.models import User
from training.actions.complete import settle
from training.actions.learn import mark_finished, progress_of_others
from training.actions.turns import What, hold, hold_open, record
from training.models import Assignment, InPersonSession, Lesson, LessonProgress, PracticeObservation, Seat


class NoSeatLeft(Exception):
    """Every seat of the meeting is taken, or it has begun or was called off."""


class OwnWork(Exception):
    """Nobody confirms what they did themselves."""


class TooEarlyToTell(Exception):
    """The meeting has not begun, or the practice is still to come: there is nothing to tell yet."""


class ListChanged(Exception):
    """Somebody else has kept the list of those present since the page was opened."""


@transaction.atomic
def book_seat(
    session: InPersonSession, *, assignment: Assignment, by: User | None = None, at: datetime | None = None
) -> Seat:
    """Take a seat for the learner, who does so alone where `by` is empty; asked for twice it is one seat.

    One seat is enough: whoever had one on another date of the lesson that is still to come frees it.
    Raises NotOpen, NoSeatLeft.
    """
    at = at or timezone.now()
    _hold_meetings(InPersonSession.objects.ahead(at).of_lesson(session.course_id, session.lesson_key))
    held = hold_open(assignment)
    standing = Seat.objects.filter(session=session, assignment=held).first()
    if standing is not None:
        return standing
    free = InPersonSession.objects.ahead(at).filter(pk=session.pk, taken__lt=F("seats"))
    if not free.update(taken=F("taken") + 1):
        raise NoSeatLeft(session.reference)
    seat = Seat.objects.create(session=session, assignment=held, booked_at=at)
    record(held.course, What.SEAT_TAKEN, by=by or held.person, at=at, assignment=held, note=session.reference)
    others = Seat.objects.ahead(at).filter(assignment=held).exclude(pk=seat.pk)
    for other in others.of_lesson(session.course_id, session.lesson_key):
        _free(other, by=by or held.person, at=at)
    return seat


def _hold_meetings(sessions: Iterable[InPersonSession]) -> None:
    """Until the transaction ends nobody else changes these meetings or their seats.

    Always first, and always in this order: whoever held a learner first would wait for whoever holds the
    meeting and wants the learner, for ever.
    """
    for pk in sorted(session.pk for session in sessions):
        InPersonSession.objects.filter(pk=pk).update(taken=F("taken"))


@transaction.atomic
def give_up_seat(seat: Seat, *, by: User, at: datetime | None = None) -> bool:
    """Free the seat for somebody else. False where it is gone, or the list was kept already."""
    _hold_meetings([seat.session])
    return _free(seat, by=by, at=at or timezone.now())


def _free(seat: Seat, *, by: User, at: datetime) -> bool:
    """`give_up_seat` of a meeting that is held."""
    deleted, _rows = Seat.objects.filter(pk=seat.pk, attended__isnull=True).delete()
    if not deleted:
        return False
    InPersonSession.objects.filter(pk=seat.session_id, taken__gt=0).update(taken=F("taken") - 1)
    held = seat.assignment
    record(held.course, What.SEAT_GIVEN_UP, by=by, at=at, assignment=held, note=seat.session.reference)
    return True


@transaction.atomic
def record_attendance(
    session: InPersonSession,
    *,
    attended: dict[int, bool],
    by: User,
    seen: str = "",
    at: datetime | None = None,
) -> None:
    """Who came, by the primary key of the seat; may be corrected until a course is completed by it.

    Whoever came has finished the lesson. `seen` is the list as the page showed it (`list_as_kept`).
    Raises TooEarlyToTell before the meeting begins, OwnWork, ListChanged.
    """
    at = at or timezone.now()
    if session.starts_at > at:
        raise TooEarlyToTell(session.reference)
    _hold_meetings([session])  # one list-keeper at a time
    if seen and seen != list_as_kept(session):
        raise ListChanged(session.reference)
    seats = session.bookings.filter(pk__in=attended).select_related("assignment__person")
    for seat in seats.order_by("assignment"):
        if seat.assignment.person_id == by.pk:
            raise OwnWork(seat.pk)
        came = attended[seat.pk]
        if seat.attended == came:
            continue
        seat.attended, seat.recorded_by, seat.recorded_at = came, by, at
        seat.save(update_fields=["attended", "recorded_by", "recorded_at"])
        _attendance_counts(session, hold(seat.assignment), came, by=by, at=at)


def list_as_kept(session: InPersonSession) -> str:
    """Seats and who came, as one text: another one as soon as somebody has changed either."""
    rows = session.bookings.order_by("pk").values_list("pk", "attended")
    return sha256(repr(list(rows)).encode()).hexdigest()[:20]


def _attendance_counts(
    session: InPersonSession, held: Assignment, came: bool, *, by: User, at: datetime
) -> None:
    what = What.ATTENDED if came else What.MISSED
    record(held.course, what, by=by, at=at, assignment=held, note=session.reference)
    lesson = _lesson_of(held, session.lesson_key)
    if not held.is_open or lesson is None:
        return
    progress = progress_of_others(held, lesson, at=at)
    if came:
        mark_finished(held, progress, lesson, at=at)
    else:
        LessonProgress.objects.filter(pk=progress.pk).update(finished_at=None)
    settle(held, by=by, at=at)


def _lesson_of(held: Assignment, key: str) -> Lesson | None:
    """The session's lesson in the version that the person takes."""
    version: Any = held.version or held.course.current_version()
    return (
        Lesson.objects.filter(module__version=version, key=key, kind=Lesson.Kind.SESSION)
        .select_related("module__version")
        .first()
    )


@transaction.atomic
def record_practice(
    assignment: Assignment,
    *,
    lesson: Lesson,
    items: Iterable[int],
    by: User,
    note: str = "",
    seen_at: datetime | None = None,
    at: datetime | None = None,
) -> None:
    """Note which items of a practice were seen; with the last one the lesson is finished.

    `seen_at` is when somebody watched, where that is noted later; what comes of it counts from the note.
    Raises NotOpen, OwnWork, NotThisVersion, TooEarlyToTell.
    """
    at = at or timezone.now()
    seen_at = seen_at or at
    if seen_at > at:
        raise TooEarlyToTell(lesson.key)
    held = hold_open(assignment)
    if by.pk == held.person_id:
        raise OwnWork(lesson.key)
    progress = progress_of_others(held, lesson, at=at)
    words = lesson.text()
    count = len(words.content.get("items", [])) if words else 0
    seen = set(held.observations.filter(lesson=lesson).values_list("item", flat=True))
    new = {item for item in items if 0 <= item < count} - seen
    PracticeObservation.objects.bulk_create(
        PracticeObservation(
            assignment=held, lesson=lesson, item=item, seen_by=by, seen_at=seen_at, note=note[:500]
        )
        for item in sorted(new)
    )
    if new:
        record(held.course, What.OBSERVED, by=by, at=at, assignment=held, note=str(lesson))
    if len(seen | new) == count:
        mark_finished(held, progress, lesson, at=at)
        settle(held, by=by, at=at)
