"""Meetings in person: set, changed, called off, with seats and a list of those who came."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisation.models import OutgoingMail
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in
from training.actions.meetings import book_seat, list_as_kept, record_attendance
from training.actions.sessions import SessionRefused, cancel_session, change_session, plan_session
from training.models import Assignment, InPersonSession
from training.tests.factories import a_course, an_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=InstallationFactory().root)


@pytest.fixture
def manager(branch):
    return person_in(branch, "manager", "middle", name="Marek Novak")


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def course(branch):
    return a_course(unit=branch, lessons=("session",), questions=0)


def a_meeting(course, at=None, **fields):
    """Tomorrow week, two hours, twelve seats."""
    starts = fields.pop("starts_at", (at or timezone.now()) + timedelta(days=8))
    return InPersonSession.objects.create(
        course=course,
        lesson_key="session-1",
        unit=course.unit,
        place=fields.pop("place", "Room 2"),
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        **fields,
    )


def typed(**data):
    return {
        "lesson": "telephone/session-1",
        "unit": "harbour-branch",
        "place": "Room 2",
        "starts_at": "2098-07-01T09:00",
        "ends_at": "2098-07-01T11:00",
        "seats": "12",
        **data,
    }


def text_of(response):
    return " ".join(response.content.decode().split())


# ------------------------------------------------------------ set and changed


def test_a_date_is_set_in_the_time_of_its_unit(desk, course):
    made = desk.post(reverse("training:session_add"), typed(led_by="Marek Novak"))
    session = InPersonSession.objects.get()
    assert made["Location"] == session.get_absolute_url()
    assert session.starts_at == datetime(2098, 7, 1, 9, tzinfo=ZoneInfo("Europe/London"))
    assert "09:00 – 11:00" in text_of(desk.get(session.get_absolute_url()))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"ends_at": "2098-07-01T08:00"}, "The meeting cannot end before it begins."),
        ({"ends_at": "2098-07-01T09:00"}, "The meeting cannot end before it begins."),
        ({"ends_at": "2099-07-01T09:00"}, "Is the date right?"),
        ({"starts_at": "2020-07-01T09:00", "ends_at": "2020-07-01T10:00"}, "This moment is past"),
        ({"starts_at": "soon"}, "Enter a valid date/time."),
        ({"starts_at": "9999-12-31T23:59", "ends_at": "9999-12-31T23:59"}, "This year cannot be right."),
        ({"ends_at": "9999-12-31T23:59"}, "This year cannot be right."),
        ({"starts_at": "0001-01-01T00:00"}, "This year cannot be right."),
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"lesson": "nowhere/at-all"}, "not one of the available choices"),
        ({"unit": "\x00"}, "Null characters are not allowed."),
        ({"note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_and_stays_in_the_form(desk, course, data, words):
    refused = desk.post(reverse("training:session_add"), typed(place="<b>Room</b>", **data))
    assert refused.status_code == 422
    assert words in text_of(refused)
    assert "&lt;b&gt;Room" in text_of(refused)
    assert not InPersonSession.objects.exists()


def test_a_date_that_moves_is_told_to_everybody_with_a_seat_and_a_note_is_not(desk, course, now):
    session = a_meeting(course)
    learner = UserFactory(email="tom@example.org")
    book_seat(session, assignment=an_assignment(course, learner))
    same = {"starts_at": f"{timezone.localtime(session.starts_at, ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M}"}
    same["ends_at"] = f"{timezone.localtime(session.ends_at, ZoneInfo('Europe/London')):%Y-%m-%dT%H:%M}"
    InPersonSession.objects.update(
        starts_at=session.starts_at.replace(second=0, microsecond=0),
        ends_at=session.ends_at.replace(second=0, microsecond=0),
    )
    address = reverse("training:session_edit", args=[session.reference])
    same["seen"] = InPersonSession.objects.get().terms()
    assert desk.post(address, typed(note="Bring a pen", **same)).status_code == 302
    assert not OutgoingMail.objects.exists()
    same["seen"] = InPersonSession.objects.get().terms()
    assert desk.post(address, typed(place="Room 5", **same)).status_code == 302
    letter = OutgoingMail.objects.get()
    assert letter.to == "tom@example.org"
    assert "Room 2" in letter.body
    assert "Room 5" in letter.body


def test_fewer_seats_than_are_taken_are_refused_with_the_number(desk, course):
    session = a_meeting(course)
    for _each in range(2):
        book_seat(session, assignment=an_assignment(course))
    refused = desk.post(
        reverse("training:session_edit", args=[session.reference]), typed(seats="1", seen=session.terms())
    )
    assert refused.status_code == 422
    assert "2 seats are taken already." in text_of(refused)


def test_the_second_of_two_tabs_overwrites_no_date_unseen(desk, course):
    session = a_meeting(course)
    seen = session.terms()
    address = reverse("training:session_edit", args=[session.reference])
    assert seen in text_of(desk.get(address))
    desk.post(address, typed(place="Room 5", seen=seen))
    second = desk.post(address, typed(place="Room 7", seen=seen))
    assert second.status_code == 409
    assert "Room 5" in text_of(second)
    assert 'value="Room 7"' in text_of(second)
    session.refresh_from_db()
    assert session.place == "Room 5"
    assert desk.post(address, typed(place="Room 7", seen=session.terms())).status_code == 302


def test_a_meeting_that_has_begun_or_was_called_off_is_not_changed(course, manager, now):
    session = plan_session(
        InPersonSession(
            course=course,
            lesson_key="session-1",
            unit=course.unit,
            place="Room 2",
            starts_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=2),
        ),
        by=manager,
        at=now,
    )
    with pytest.raises(SessionRefused):
        change_session(session, seen=session.terms(), by=manager, at=now + timedelta(days=1, minutes=1))
    cancel_session(session, reason="Flooded", by=manager, at=now)
    with pytest.raises(SessionRefused):
        change_session(session, seen=session.terms(), by=manager, at=now)


# ------------------------------------------------------------------ called off


def test_a_meeting_is_called_off_once_with_a_reason_that_everybody_with_a_seat_reads(desk, course):
    session = a_meeting(course)
    for email in ("tom@example.org", "ann@example.org"):
        book_seat(session, assignment=an_assignment(course, UserFactory(email=email)))
    address = reverse("training:session_cancel", args=[session.reference])
    assert desk.post(address, {"reason": " "}).status_code == 422
    desk.post(address, {"reason": "The room is flooded & cold"})
    desk.post(address, {"reason": "Again"})
    assert {mail.to for mail in OutgoingMail.objects.all()} == {"tom@example.org", "ann@example.org"}
    assert OutgoingMail.objects.count() == 2
    assert "The room is flooded & cold" in OutgoingMail.objects.first().body
    page = text_of(desk.get(session.get_absolute_url()))
    assert "The room is flooded &amp; cold" in page
    assert Assignment.objects.first().events.filter(what="called_off").count() == 1


def test_a_meeting_at_which_somebody_was_is_not_called_off_afterwards(desk, course, manager, now):
    session = a_meeting(course, at=now)
    seat = book_seat(session, assignment=an_assignment(course), at=now)
    record_attendance(session, attended={seat.pk: True}, by=manager, at=now + timedelta(days=9))
    refused = desk.post(reverse("training:session_cancel", args=[session.reference]), {"reason": "Oops"})
    assert refused.status_code == 422
    session.refresh_from_db()
    assert session.cancelled_at is None


# ----------------------------------------------------------------------- seats


def test_who_needs_a_date_is_listed_given_a_seat_and_the_seat_is_freed_again(desk, branch, course):
    session = a_meeting(course, seats=1)
    tom = an_assignment(course, person_in(branch, name="Tom"))
    ann = an_assignment(course, person_in(branch, name="Ann"))
    assert [each.person.name for each in desk.get(session.get_absolute_url()).context["waiting"]] == [
        "Tom",
        "Ann",
    ]
    give = reverse("training:seat_give", args=[session.reference])
    desk.post(give, {"assignment": tom.reference})
    full = desk.post(give, {"assignment": ann.reference}, follow=True)
    assert "No seat is left" in text_of(full)
    assert [each.person.name for each in full.context["waiting"]] == ["Ann"]
    free = reverse("training:seat_take_back", args=[session.reference])
    desk.post(free, {"assignment": tom.reference})
    assert desk.post(free, {"assignment": tom.reference}).status_code == 404
    session.refresh_from_db()
    assert session.taken == 0


def a_past_meeting(course, *people):
    """A meeting of two days ago with a seat for each."""
    session = a_meeting(course, seats=12)
    seats = [book_seat(session, assignment=an_assignment(course, person)) for person in people]
    starts = timezone.now() - timedelta(days=2)
    InPersonSession.objects.update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    session.refresh_from_db()
    return session, seats


def keep(desk, session, came, seen=None):
    data = {"came": [each.reference for each in came], "seen": seen or list_as_kept(session)}
    return desk.post(reverse("training:session_attendance", args=[session.reference]), data)


def test_the_list_of_those_who_came_is_kept_with_ticks(desk, branch, course):
    session, seats = a_past_meeting(course, person_in(branch), person_in(branch))
    assert keep(desk, session, [seats[0].assignment]).status_code == 302
    assert list(session.bookings.order_by("pk").values_list("attended", flat=True)) == [True, False]
    states = Assignment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["completed", "in_progress"]


def test_the_second_list_keeper_is_told_and_the_ticks_stay(desk, branch, course, manager):
    session, seats = a_past_meeting(course, person_in(branch), person_in(branch))
    seen = list_as_kept(session)
    keep(desk, session, [seats[0].assignment])
    second = keep(desk, session, [seats[1].assignment], seen=seen)
    assert second.status_code == 409
    assert f'value="{seats[1].assignment.reference}" checked' in text_of(second)
    assert f'value="{seats[0].assignment.reference}" checked' not in text_of(second)
    seats[1].refresh_from_db()
    assert seats[1].attended is False


def test_nobody_is_noted_before_the_meeting_nor_at_one_that_was_called_off(desk, branch, course):
    session = a_meeting(course)
    seat = book_seat(session, assignment=an_assignment(course, person_in(branch)))
    keep(desk, session, [seat.assignment])
    seat.refresh_from_db()
    assert seat.attended is None
    InPersonSession.objects.update(
        cancelled_at=timezone.now(),
        starts_at=timezone.now() - timedelta(days=1),
        ends_at=timezone.now() - timedelta(hours=20),
    )
    keep(desk, session, [seat.assignment])
    seat.refresh_from_db()
    assert seat.attended is None


def test_the_own_seat_is_left_to_somebody_else(desk, branch, course, manager):
    session, seats = a_past_meeting(course, manager, person_in(branch))
    assert "somebody else notes that you came" in text_of(desk.get(session.get_absolute_url()))
    assert keep(desk, session, [seat.assignment for seat in seats]).status_code == 302
    assert list(session.bookings.order_by("pk").values_list("attended", flat=True)) == [None, True]


def test_the_list_on_paper_holds_everybody_with_a_seat(desk, branch, course):
    session, _seats = a_past_meeting(course, person_in(branch, name="Tom Whitfield"))
    page = text_of(desk.get(reverse("training:session_sheet", args=[session.reference])))
    assert "Tom Whitfield" in page
    assert "Signature" in page


# ------------------------------------------------------------------------ list


def test_the_list_shows_what_is_to_come_and_finds_place_leader_and_course(desk, branch, course):
    a_meeting(course, place="Café Ömer", led_by="Hana")
    a_meeting(course, place="Gone", cancelled_at=timezone.now())
    a_meeting(course, place="Past", starts_at=timezone.now() - timedelta(days=9))
    a_meeting(a_course("other", unit=UnitFactory(), lessons=("session",)), place="Elsewhere")
    address = reverse("training:sessions")

    def places(query=""):
        return [each.place for each in desk.get(f"{address}?{query}").context["page"]]

    assert places() == ["Café Ömer"]
    assert places("q=öMER") == ["Café Ömer"]
    assert places("q=hana") == ["Café Ömer"]
    assert places("q=nobody") == []
    assert places("state=past") == ["Past"]
    assert places("state=cancelled") == ["Gone"]
    assert len(places("state=all")) == 3


def test_the_meetings_ask_as_often_for_twenty_as_for_two(desk, course):
    def queries(count):
        for _each in range(count):
            a_meeting(course)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("training:sessions")).status_code == 200
        return len(asked)

    assert queries(2) == queries(18)


def test_one_meeting_asks_as_often_for_twenty_seats_as_for_two(desk, branch, course):
    session = a_meeting(course, seats=30)

    def queries(count):
        for _each in range(count):
            book_seat(session, assignment=an_assignment(course, person_in(branch)))
            an_assignment(course, person_in(branch))
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(session.get_absolute_url()).status_code == 200
        return len(asked)

    assert queries(2) == queries(18)
