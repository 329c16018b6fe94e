"""Seats, attendance, and practice that somebody saw."""

from datetime import timedelta

import pytest
from django.db import connection

from organisation.tests.factories import UserFactory
from training.actions.meetings import (
    NoSeatLeft,
    OwnWork,
    TooEarlyToTell,
    book_seat,
    give_up_seat,
    record_attendance,
    record_practice,
)
from training.actions.sessions import cancel_session
from training.models import Assignment, InPersonSession
from training.tests.factories import a_course, an_assignment, lessons_of

pytestmark = pytest.mark.django_db

State = Assignment.State
MEETING = "training_inpersonsession"


@pytest.fixture
def course():
    return a_course(lessons=("session",), questions=0)


def a_session(course, now, **fields):
    return InPersonSession.objects.create(
        course=course,
        lesson_key="session-1",
        unit=course.unit,
        place="Room 2",
        starts_at=now + timedelta(days=7),
        ends_at=now + timedelta(days=7, hours=2),
        **fields,
    )


def test_a_seat_is_taken_once_and_the_last_one_is_the_last(course, now):
    session = a_session(course, now, seats=1)
    assignment = an_assignment(course)
    seat = book_seat(session, assignment=assignment, at=now)
    assert book_seat(session, assignment=assignment, at=now) == seat
    with pytest.raises(NoSeatLeft):
        book_seat(session, assignment=an_assignment(course), at=now)


def test_a_seat_that_is_given_up_is_free_again(course, now):
    session = a_session(course, now, seats=1)
    seat = book_seat(session, assignment=an_assignment(course), at=now)
    assert give_up_seat(seat, by=UserFactory(), at=now)
    assert not give_up_seat(seat, by=UserFactory(), at=now)
    book_seat(session, assignment=an_assignment(course), at=now)
    session.refresh_from_db()
    assert session.taken == 1


def test_whoever_chooses_another_date_frees_the_seat_on_the_first(course, now):
    first, second = (a_session(course, now, seats=1) for _each in "ab")
    assignment = an_assignment(course)
    book_seat(first, assignment=assignment, at=now)
    moved = book_seat(second, assignment=assignment, at=now)
    assert list(assignment.seats.all()) == [moved]
    assert [(each.taken) for each in InPersonSession.objects.order_by("pk")] == [0, 1]
    assert {each.what for each in assignment.events.all()} == {"seat_taken", "seat_given_up"}


def test_a_seat_stays_where_the_other_date_is_full(course, now):
    first, full = a_session(course, now, seats=1), a_session(course, now, seats=1)
    book_seat(full, assignment=an_assignment(course), at=now)
    assignment = an_assignment(course)
    seat = book_seat(first, assignment=assignment, at=now)
    with pytest.raises(NoSeatLeft):
        book_seat(full, assignment=assignment, at=now)
    assert list(assignment.seats.all()) == [seat]


def test_a_seat_on_a_date_that_is_past_stays_as_it_was(course, now):
    missed = a_session(course, now)
    assignment = an_assignment(course)
    seat = book_seat(missed, assignment=assignment, at=now)
    later = now + timedelta(days=8)
    record_attendance(missed, attended={seat.pk: False}, by=UserFactory(), at=later)
    again = a_session(course, later)
    book_seat(again, assignment=assignment, at=later)
    assert assignment.seats.count() == 2


def test_nobody_books_a_meeting_that_has_begun_or_was_called_off(course, now):
    session = a_session(course, now)
    with pytest.raises(NoSeatLeft):
        book_seat(session, assignment=an_assignment(course), at=now + timedelta(days=8))
    cancel_session(session, reason="The room is flooded", by=UserFactory(), at=now)
    with pytest.raises(NoSeatLeft):
        book_seat(session, assignment=an_assignment(course), at=now)


def test_who_came_has_finished_the_lesson_and_who_did_not_has_not(course, now):
    session = a_session(course, now)
    came, stayed_away = an_assignment(course), an_assignment(course)
    seats = [book_seat(session, assignment=each, at=now) for each in (came, stayed_away)]
    kept = {seats[0].pk: True, seats[1].pk: False}
    record_attendance(session, attended=kept, by=UserFactory(), at=now + timedelta(days=8))
    came.refresh_from_db()
    stayed_away.refresh_from_db()
    assert (came.state, stayed_away.state) == (State.COMPLETED, State.IN_PROGRESS)


def test_the_list_is_not_kept_before_the_meeting_nor_by_the_learner(course, now):
    session = a_session(course, now)
    assignment = an_assignment(course)
    seat = book_seat(session, assignment=assignment, at=now)
    with pytest.raises(TooEarlyToTell):
        record_attendance(session, attended={seat.pk: True}, by=UserFactory(), at=now)
    later = now + timedelta(days=8)
    with pytest.raises(OwnWork):
        record_attendance(session, attended={seat.pk: True}, by=assignment.person, at=later)


def test_every_change_of_seats_takes_the_meeting_first(course, now):
    """Else one that holds the learner and one that holds the meeting would wait for each other for ever."""
    session, other = a_session(course, now), a_session(course, now)
    there, late = an_assignment(course), an_assignment(course)
    seat = book_seat(session, assignment=there, at=now)
    book_seat(other, assignment=late, at=now)
    asked = []

    def watch(execute, sql, params, many, context):
        if sql.startswith(("UPDATE", "DELETE")):
            asked.append(sql.split('"')[1])
        return execute(sql, params, many, context)

    def first(call):
        asked.clear()
        with connection.execute_wrapper(watch):
            call()
        return asked[0]

    later, by = now + timedelta(days=8), UserFactory()
    assert first(lambda: book_seat(session, assignment=late, at=now)) == MEETING
    assert first(lambda: give_up_seat(late.seats.get(), by=by, at=now)) == MEETING
    kept = {seat.pk: True}
    assert first(lambda: record_attendance(session, attended=kept, by=by, at=later)) == MEETING


def test_a_practice_is_finished_when_every_item_was_seen(now):
    course = a_course(lessons=("practice",), questions=0)
    assignment = an_assignment(course)
    lesson = lessons_of(course)[0]
    by = UserFactory()
    record_practice(assignment, lesson=lesson, items=[0, 7], by=by, at=now)
    assignment.refresh_from_db()
    assert assignment.state == State.IN_PROGRESS
    record_practice(assignment, lesson=lesson, items=[0, 1], by=by, note="At the counter", at=now)
    assignment.refresh_from_db()
    assert assignment.state == State.COMPLETED
    assert [each.seen_by for each in assignment.observations.all()] == [by, by]


def test_nobody_confirms_the_own_practice(now):
    course = a_course(lessons=("practice",))
    assignment = an_assignment(course)
    with pytest.raises(OwnWork):
        record_practice(assignment, lesson=lessons_of(course)[0], items=[0], by=assignment.person, at=now)


def test_practice_that_is_noted_later_keeps_the_day_on_which_it_was_seen(now):
    course = a_course(lessons=("practice",), questions=0)
    assignment, by = an_assignment(course), UserFactory()
    lesson = lessons_of(course)[0]
    seen_at = now - timedelta(days=3)
    record_practice(assignment, lesson=lesson, items=[0, 1], by=by, seen_at=seen_at, at=now)
    assert {each.seen_at for each in assignment.observations.all()} == {seen_at}
    assignment.refresh_from_db()
    assert assignment.finished_at == now
    with pytest.raises(TooEarlyToTell):
        record_practice(
            an_assignment(course), lesson=lesson, items=[0], by=by, seen_at=now + timedelta(days=1), at=now
        )


def test_a_seat_that_was_booked_for_somebody_says_by_whom(course, now):
    assignment, by = an_assignment(course), UserFactory()
    book_seat(a_session(course, now), assignment=assignment, by=by, at=now)
    assert assignment.events.get(what="seat_taken").by == by
