"""The way through a course: what comes next, what is still to be done, and what a learner waits for."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.attempts import save_answers, submit_attempt
from training.actions.learn import finish_lesson
from training.actions.meetings import book_seat
from training.models import InPersonSession, LessonText
from training.tests.factories import CONTENT, a_course, an_assignment, an_attempt, lessons_of

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def read(client, assignment, lesson):
    return text_of(client.get(reverse("training:lesson", args=[assignment.reference, lesson.key])))


def test_after_the_last_lesson_nothing_leads_back_to_an_earlier_one(signed_in, learner):
    course = a_course(lessons=("text", "text"))
    assignment = an_assignment(course, learner)
    _first, last = lessons_of(course)
    assert "Done, next lesson" not in read(signed_in, assignment, last)
    finished = signed_in.post(reverse("training:lesson_finish", args=[assignment.reference, last.key]))
    assert finished["Location"] == assignment.get_absolute_url()
    page = read(signed_in, assignment, last)
    assert "Next lesson" not in page
    assert "Back to the course" in page


def test_after_every_lesson_the_last_one_leads_to_the_quiz(signed_in, learner):
    course = a_course(lessons=("text", "text"))
    assignment = an_assignment(course, learner)
    for lesson in lessons_of(course):
        finish_lesson(assignment, lesson=lesson)
    page = read(signed_in, assignment, lesson)
    assert f'href="{assignment.get_absolute_url()}#quiz-title"' in page
    assert 'id="quiz-title"' in text_of(signed_in.get(assignment.get_absolute_url()))


def test_who_has_passed_is_not_told_when_the_next_attempt_may_begin(signed_in, learner, now):
    course = a_course(lessons=("text", "session"), questions=1, quiz={"attempts": 3, "wait_hours": 24})
    assignment = an_assignment(course, learner)
    attempt = an_attempt(assignment, at=timezone.now())
    save_answers(attempt, answers={1: [0]}, at=timezone.now())
    submit_attempt(attempt)
    page = text_of(signed_in.get(assignment.get_absolute_url()))
    assert "passed ·" in page
    assert "The next attempt may begin" not in page


def a_date(course, **fields):
    starts = timezone.now() + timedelta(days=8)
    return InPersonSession.objects.create(
        course=course,
        lesson_key="session-1",
        unit=course.unit,
        place="Room 2",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        **fields,
    )


def test_the_page_of_a_course_asks_for_a_seat_until_there_is_one(signed_in, learner):
    course = a_course(lessons=("session",), questions=0)
    assignment = an_assignment(course, learner)
    session = a_date(course)
    asks = "choose a date and take a seat"
    assert asks in text_of(signed_in.get(assignment.get_absolute_url()))
    book_seat(session, assignment=assignment)
    page = text_of(signed_in.get(assignment.get_absolute_url()))
    assert asks not in page
    assert "you have a seat" in page
    InPersonSession.objects.update(cancelled_at=timezone.now())
    assert asks in text_of(signed_in.get(assignment.get_absolute_url()))


def test_beside_the_own_seat_it_does_not_say_how_many_are_left(signed_in, learner):
    course = a_course(lessons=("session",), questions=0)
    assignment = an_assignment(course, learner)
    session = a_date(course, seats=1)
    assert "1 seat left" in read(signed_in, assignment, lessons_of(course)[0])
    book_seat(session, assignment=assignment)
    assert "left" not in read(signed_in, assignment, lessons_of(course)[0]).split("<article")[1]


def test_the_captions_of_a_video_on_the_web_can_be_read(signed_in, learner):
    course = a_course(lessons=("video",), questions=0)
    assignment = an_assignment(course, learner)
    [lesson] = lessons_of(course)
    captions = reverse("training:lesson_captions", args=[assignment.reference, lesson.key])
    assert f'href="{captions}"' in read(signed_in, assignment, lesson)
    elsewhere = CONTENT["video"] | {"captions": "https://video.example/1.vtt"}
    LessonText.objects.update(content=elsewhere)
    assert f'href="{captions}"' not in read(signed_in, assignment, lesson)


def test_a_learner_reads_until_when_a_course_is_waived_and_no_lesson_is_next(signed_in, learner):
    fields = {"state": "waived", "waiver_reason": "On leave", "waived_until": date(2099, 3, 31)}
    assignment = an_assignment(a_course(), learner, **fields)
    page = text_of(signed_in.get(assignment.get_absolute_url()))
    assert "You need not take this course until 31 March 2099." in page
    assert "is-next" not in page


def test_the_preview_shows_the_captions_of_a_video_on_the_web_too(client):
    unit = UnitFactory(parent=InstallationFactory().root)
    client.force_login(person_in(unit, "manager", "middle"))
    course = a_course(unit=unit, lessons=("video",), questions=0)
    captions = reverse("training:lesson_captions_preview", args=[course.key, "video-1"])
    page = client.get(reverse("training:lesson_preview", args=[course.key, "video-1"]))
    assert f'href="{captions}?language=en"' in text_of(page)
