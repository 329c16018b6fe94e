"""What a learner sees and presses, without any script."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from organisation.tests.factories import InstallationFactory, UserFactory
from training.actions.attempts import submit_attempt
from training.actions.courses import open_draft, release_version
from training.actions.meetings import book_seat
from training.calendar_file import calendar_file
from training.models import Assignment, Attempt, Certificate, InPersonSession, LessonProgress, LessonText
from training.standing import cards_of, course_page
from training.tests.factories import (
    a_certificate,
    a_course,
    a_question,
    an_assignment,
    an_attempt,
    lessons_of,
)

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def press(client, assignment, lesson, name, **data):
    return client.post(reverse(f"training:{name}", args=[assignment.reference, lesson.key]), data)


def test_a_learner_goes_from_the_first_lesson_to_the_certificate(signed_in, learner):
    course = a_course(lessons=("text", "scenario", "checklist"), questions=1)
    assignment = an_assignment(course, learner, due_on=timezone.localdate() + timedelta(days=30))
    first, talk, ticks = lessons_of(course)
    began = signed_in.post(reverse("training:go_on", args=[assignment.reference]))
    assert began["Location"].endswith("/lessons/text-1/")
    on = press(signed_in, assignment, first, "lesson_finish")
    assert on["Location"].endswith("/lessons/scenario-2/")
    press(signed_in, assignment, talk, "lesson_reply", reply="start.0")
    page = signed_in.get(reverse("training:lesson", args=[assignment.reference, talk.key]))
    assert "They thank you." in text_of(page)
    press(signed_in, assignment, talk, "lesson_finish")
    press(signed_in, assignment, ticks, "lesson_tick", item=["0", "1"])
    started = signed_in.post(reverse("training:attempt_start", args=[assignment.reference]), follow=True)
    attempt = Attempt.objects.get()
    assert "What comes first?" in text_of(started)
    answer = reverse("training:attempt_answer", args=[attempt.reference])
    last = signed_in.post(answer, {"position": "1", "answer": "0", "go": "on"})
    assert last["Location"].endswith("?question=all")
    submit = reverse("training:attempt_submit", args=[attempt.reference])
    result = signed_in.post(submit, follow=True)
    assert "My certificate (PDF)" in text_of(result)
    assert Certificate.objects.get().person == learner


def test_one_goes_on_where_one_stopped(signed_in, learner):
    course = a_course(lessons=("text", "text", "text"))
    assignment = an_assignment(course, learner)
    asked = {"lesson": "text-2"}
    signed_in.post(reverse("training:go_on", args=[assignment.reference]), asked)
    again = signed_in.post(reverse("training:go_on", args=[assignment.reference]))
    assert again["Location"].endswith("/lessons/text-2/")


def test_a_checklist_that_is_not_complete_keeps_its_ticks_and_says_so(signed_in, learner):
    course = a_course(lessons=("checklist",))
    assignment = an_assignment(course, learner)
    lesson = lessons_of(course)[0]
    answer = signed_in.post(
        reverse("training:lesson_tick", args=[assignment.reference, lesson.key]), {"item": "1"}, follow=True
    )
    assert "Something on this page is still to be done." in text_of(answer)
    assert 'value="1" checked' in text_of(answer)


def test_what_was_typed_too_long_stays_on_the_page(signed_in, learner):
    course = a_course(questions=0, quiz={})
    bank = course.current_version().quiz.bank
    a_question(bank, "short", "short", content={"answers": ["yes"]})
    attempt = an_attempt(an_assignment(course, learner))
    address = reverse("training:attempt_answer", args=[attempt.reference])
    answer = signed_in.post(address, {"position": "1", "answer": "word " * 60})
    assert answer.status_code == 422
    assert "word word word" in text_of(answer)
    assert "too long" in text_of(answer)


def test_the_script_saves_as_typed_and_hears_when_the_time_is_up(signed_in, learner, now):
    attempt = an_attempt(an_assignment(a_course(quiz={"minutes": 10}), learner), at=timezone.now())
    address = reverse("training:attempt_answer", args=[attempt.reference])
    headers = {"X-Saved-As-Typed": "1"}
    assert signed_in.post(address, {"position": "1", "answer": "0"}, headers=headers).status_code == 204
    assert attempt.questions.get(position=1).answer == [0]
    Attempt.objects.update(ends_at=now - timedelta(days=1))
    assert signed_in.post(address, {"position": "2", "answer": "0"}, headers=headers).status_code == 409
    assert attempt.questions.get(position=2).answer is None


def test_an_attempt_whose_time_is_up_says_so_and_shows_its_result(signed_in, learner, now):
    attempt = an_attempt(an_assignment(a_course(quiz={"minutes": 10}), learner), at=timezone.now())
    Attempt.objects.update(ends_at=now - timedelta(days=1))
    page = signed_in.get(attempt.get_absolute_url())
    assert "The time is up" in text_of(page)
    result = signed_in.post(reverse("training:attempt_submit", args=[attempt.reference]), follow=True)
    assert "Your result" in text_of(result)


def test_right_answers_are_told_only_when_nothing_depends_on_them_any_more(signed_in, learner):
    assignment = an_assignment(a_course(questions=1, quiz={"attempts": 2}), learner)
    first = an_attempt(assignment)
    submit_attempt(first)
    told = "It would have been:"
    assert told not in text_of(signed_in.get(first.get_absolute_url()))
    submit_attempt(an_attempt(assignment))
    assert told in text_of(signed_in.get(first.get_absolute_url()))


def test_what_is_said_to_a_question_gives_no_answer_away_while_one_may_still_try(signed_in, learner):
    assignment = an_assignment(a_course(questions=1, quiz={"attempts": 2}), learner)
    first = an_attempt(assignment, handed_in=True)
    assert "A greeting." not in text_of(signed_in.get(reverse("training:attempt", args=[first.reference])))
    an_attempt(assignment, handed_in=True)
    assert "A greeting." in text_of(signed_in.get(reverse("training:attempt", args=[first.reference])))


def test_a_lesson_bears_hostile_markdown(signed_in, learner):
    course = a_course()
    LessonText.objects.update(
        body='<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror="a">'
    )
    assignment = an_assignment(course, learner)
    page = signed_in.get(reverse("training:lesson", args=[assignment.reference, "text-1"]))
    body = page.content.decode()
    assert "<script>alert" not in body
    assert 'href="javascript' not in body
    assert "<img src=x" not in body


def test_a_course_that_was_waived_or_failed_offers_nothing_to_begin(signed_in, learner):
    waived = an_assignment(a_course("a"), learner, state="waived", waiver_reason="Trained elsewhere")
    page = text_of(signed_in.get(waived.get_absolute_url()))
    assert "Trained elsewhere" in page
    assert "go-on" not in page
    failed = an_assignment(a_course("b"), learner, state="failed")
    assert "attempts/start" not in text_of(signed_in.get(failed.get_absolute_url()))


def test_a_seat_is_taken_and_the_date_goes_into_the_calendar(signed_in, learner):
    course = a_course(lessons=("session",), questions=0)
    assignment = an_assignment(course, learner)
    begins = timezone.now() + timedelta(days=7)
    session = InPersonSession.objects.create(
        course=course,
        lesson_key="session-1",
        unit=course.unit,
        place="Room 2, upstairs",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
    )
    address = reverse("training:seat_book", args=[assignment.reference, "session-1"])
    page = signed_in.post(address, {"session": session.reference}, follow=True)
    assert "Your seat" in text_of(page)
    file = signed_in.get(reverse("training:session_calendar", args=[session.reference]))
    assert f"DTSTART:{begins:%Y%m%dT%H%M%SZ}" in file.content.decode()
    give_up = reverse("training:seat_give_up", args=[assignment.reference, "session-1"])
    assert "Take a seat" in text_of(signed_in.post(give_up, follow=True))


def test_the_button_of_a_date_says_the_hour_of_the_place_where_people_meet(signed_in, learner):
    course = a_course(lessons=("session",), questions=0)
    course.unit.timezone = "Pacific/Auckland"
    course.unit.save()
    begins = timezone.now() + timedelta(days=7)
    InPersonSession.objects.create(
        course=course,
        lesson_key="session-1",
        unit=course.unit,
        place="Room 2",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
    )
    address = reverse("training:lesson", args=[an_assignment(course, learner).reference, "session-1"])
    there = date_format(begins.astimezone(ZoneInfo("Pacific/Auckland")), "DATETIME_FORMAT")
    assert f'<span class="unseen"> {there}</span>' in text_of(signed_in.get(address))


def test_a_calendar_file_escapes_and_folds(now):
    session = InPersonSession(
        reference="ABC",
        course=a_course(),
        place="Room 2; first floor, left\nring twice " + "é" * 40,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
    file = calendar_file(session)
    lines = file.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "LOCATION:Room 2\\; first floor\\, left\\nring twice" in calendar_file(session).replace(
        "\r\n ", ""
    )


def test_a_seat_cannot_be_taken_twice_by_two_presses(now):
    course = a_course(lessons=("session",))
    session = InPersonSession.objects.create(
        course=course,
        lesson_key="session-1",
        unit=course.unit,
        place="Room 2",
        starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2),
    )
    assignment = an_assignment(course)
    book_seat(session, assignment=assignment, at=now)
    book_seat(session, assignment=assignment, at=now)
    session.refresh_from_db()
    assert session.taken == 1


# ------------------------------------------------------------- certificates


def test_anybody_checks_a_certificate_without_a_session_also_when_it_has_expired(client, learner):
    certificate = a_certificate(an_assignment(a_course(refresh_months=1), learner))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(certificate.get_absolute_url())
    assert "Sofia Reyes" in text_of(page)
    assert "Genuine, but expired." in text_of(page)
    assert page["X-Robots-Tag"] == "noindex"
    assert not page.cookies
    assert not [query for query in queries if "session" in query["sql"]]


def test_a_certificate_is_found_in_small_letters_too(client, learner):
    certificate = a_certificate(an_assignment(person=learner))
    page = client.get(f"/certificates/{certificate.reference.lower()}/")
    assert "Genuine and valid." in text_of(page)


def test_the_certificate_is_a_document(signed_in, learner):
    certificate = a_certificate(an_assignment(person=learner))
    made = signed_in.get(reverse("training:certificate_pdf", args=[certificate.reference]))
    assert made.content.startswith(b"%PDF")


def test_the_transcript_holds_every_cycle(signed_in, learner):
    course = a_course(refresh_months=12)
    certificate = a_certificate(an_assignment(course, learner))
    an_assignment(course, learner, cycle=2)
    rows = b"".join(signed_in.get(reverse("training:transcript") + "?export=csv")).decode().splitlines()
    assert len(rows) == 3
    assert certificate.reference in rows[2] or certificate.reference in rows[1]
    assert "time 2" in text_of(signed_in.get(reverse("training:transcript")))
    assert signed_in.get(reverse("training:transcript_pdf")).content.startswith(b"%PDF")


# ------------------------------------------------------------------ queries


@pytest.mark.parametrize(("attempts", "told"), [(0, True), (3, True), (1, False)])
def test_a_quiz_says_which_attempt_counts_where_there_may_be_several(signed_in, learner, attempts, told):
    course = a_course(quiz={"attempts": attempts, "counting": "average"})
    page = signed_in.get(an_assignment(course, learner).get_absolute_url()).text
    assert ("What counts: The average of all attempts." in " ".join(page.split())) == told


def test_my_training_asks_the_database_as_often_for_twenty_courses_as_for_two(learner, now):
    def queries(count):
        for number in range(count):
            assignment = an_assignment(a_course(f"course-{count}-{number}"), learner)
            LessonProgress.objects.create(
                assignment=assignment, lesson=lessons_of(assignment.course)[0], finished_at=now
            )
        with CaptureQueriesContext(connection) as asked:
            cards = cards_of(learner, now)
        assert {(card.done, card.total) for card in cards} == {(1, 1)}
        return len(asked)

    assert queries(2) == queries(18)


def test_a_course_of_twenty_lessons_asks_as_often_as_one_of_two(now):
    def queries(key, count):
        assignment = an_assignment(a_course(key, lessons=("text",) * count, questions=count))
        with CaptureQueriesContext(connection) as asked:
            assert course_page(assignment, now).total == count
        return len(asked)

    assert queries("short", 2) == queries("long", 20)


def test_a_cycle_not_begun_shows_what_is_taught_now(now):
    course = a_course()
    assignment = an_assignment(course, UserFactory())
    release_version(open_draft(course), by=None, at=now)
    page = course_page(assignment, timezone.now())
    assert page.version.number == 2
    assert Assignment.objects.get().version is None


@pytest.mark.parametrize("on_page", ["/training/", "/my/"])
def test_a_card_says_that_the_quiz_is_still_to_do(signed_in, learner, now, on_page):
    assignment = an_assignment(a_course(questions=1), learner)
    LessonProgress.objects.create(
        assignment=assignment, lesson=lessons_of(assignment.course)[0], finished_at=now
    )
    page = text_of(signed_in.get(on_page))
    assert "1 of 1 lesson" in page
    assert "quiz still to do" in page


@pytest.mark.parametrize("passed", [False, True])
def test_a_card_says_nothing_of_a_quiz_that_is_passed_or_is_not_there(signed_in, learner, now, passed):
    assignment = an_assignment(a_course(lessons=("text", "text"), questions=int(passed)), learner)
    if passed:
        an_attempt(assignment, handed_in=True)
        Attempt.objects.update(percentage=100)
    page = text_of(signed_in.get(reverse("training:mine")))
    assert "0 of 2 lessons" in page
    assert "quiz" not in page


def test_a_course_that_is_passed_counts_no_attempts_that_are_left(signed_in, learner):
    assignment = an_assignment(a_course(questions=1, quiz={"attempts": 1}), learner)
    assert "1 attempt left." in text_of(signed_in.get(assignment.get_absolute_url()))
    an_attempt(assignment, handed_in=True)
    Attempt.objects.update(percentage=100)
    page = text_of(signed_in.get(assignment.get_absolute_url()))
    assert "● passed" in page
    assert "attempts left" not in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "No certificate has this number"),
        ("de", "Kein Zertifikat hat diese Nummer"),
        ("fr", "Aucun certificat ne porte ce numéro"),
        ("ar", "لا توجد شهادة بهذا الرقم"),
    ],
)
def test_a_number_that_no_certificate_has_is_told_with_the_field_for_it(client, language, words):
    InstallationFactory()
    answer = client.get("/certificates/UNKNOWN/", {"language": language})
    assert answer.status_code == 404
    page = text_of(answer)
    assert words in page
    assert 'name="number" value="UNKNOWN"' in page


def test_a_number_that_is_typed_leads_to_the_certificate(client, learner):
    certificate = a_certificate(an_assignment(a_course(), learner))
    typed = client.get("/certificates/", {"number": f" {certificate.reference.lower()} "})
    assert typed["Location"] == certificate.get_absolute_url()
    assert client.get("/certificates/").status_code == 200
    assert client.get("/certificates/", {"number": "what / is this?"}).status_code == 404
