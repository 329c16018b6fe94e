"""What goes wrong in life: clocks that move, people who leave, archives, uploads that are too large."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from organisation.models import Attachment
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in
from training.actions.attempts import (
    close_attempts_over_limit,
    save_answers,
    start_attempt,
    submit_attempt,
)
from training.actions.courses import archive_course
from training.actions.learn import finish_lesson
from training.forms.lessons import LessonForm, PictureForm
from training.models import Assignment, AttemptQuestion, Certificate, Question
from training.tests.factories import a_course, a_question, an_assignment, lessons_of
from training.uploads import file_name

pytestmark = pytest.mark.django_db

RIGHT = [0]
State = Assignment.State


def learned(now, course, person=None):
    """Somebody who is through with the lessons."""
    assignment = an_assignment(course, person or UserFactory())
    for lesson in lessons_of(course):
        finish_lesson(assignment, lesson=lesson, at=now)
    return assignment


def test_a_second_tab_hears_that_the_attempt_was_handed_in_not_that_time_was_up(client, now):
    person = person_in(InstallationFactory().root)
    attempt = start_attempt(learned(now, a_course(quiz={"minutes": 0}), person), at=now)
    submit_attempt(attempt, at=now)
    client.force_login(person)
    address = reverse("training:attempt_answer", args=[attempt.reference])
    page = client.post(address, {"position": "1", "answer": "0"}, follow=True).content.decode()
    assert "This attempt was handed in already" in page
    assert "The time was up" not in page


def test_a_page_left_open_in_another_tab_takes_no_answer_away(client, now):
    person = person_in(InstallationFactory().root)
    attempt = start_attempt(learned(now, a_course(quiz={"minutes": 0}), person), at=now)
    client.force_login(person)
    page = client.get(f"{attempt.get_absolute_url()}?question=1")
    untouched = {"position": "1", "shown": page.context["shown"], "go": "on"}
    address = reverse("training:attempt_answer", args=[attempt.reference])
    client.post(address, untouched | {"answer": "0"})
    client.post(address, untouched)
    assert attempt.questions.get(position=1).answer == RIGHT
    seen = client.get(f"{attempt.get_absolute_url()}?question=1").context["shown"]
    client.post(address, untouched | {"shown": seen})
    assert attempt.questions.get(position=1).answer is None


# ------------------------------------------------------------------- the clock


def test_a_clock_that_is_set_back_loses_no_answer_and_moves_no_limit(now):
    attempt = start_attempt(learned(now, a_course(quiz={"minutes": 10})), at=now)
    back = now - timedelta(hours=1)
    assert save_answers(attempt, answers={1: RIGHT, 2: RIGHT}, at=back)
    attempt.refresh_from_db()
    assert attempt.ends_at == now + timedelta(minutes=10)
    assert submit_attempt(attempt, at=back)
    assert Certificate.objects.count() == 1


def test_a_clock_that_ran_ahead_closes_once_and_what_was_saved_counts(now):
    attempt = start_attempt(learned(now, a_course(quiz={"minutes": 10})), at=now)
    save_answers(attempt, answers={1: RIGHT, 2: RIGHT}, at=now)
    ahead = now + timedelta(days=400)
    assert close_attempts_over_limit(at=ahead) == 1
    assert not save_answers(attempt, answers={1: [1]}, at=now)
    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.percentage) == (now + timedelta(minutes=10), 100)


def test_a_wait_between_attempts_bears_a_clock_that_is_set_back(now):
    assignment = learned(now, a_course(quiz={"wait_hours": 24}))
    first = start_attempt(assignment, at=now)
    submit_attempt(first, at=now)
    assert start_attempt(assignment, at=now + timedelta(hours=24)).number == 2


# ------------------------------------------------------------ people and courses


def test_who_leaves_in_mid_quiz_is_owed_nothing_and_finds_everything_again(client, now):
    unit = UnitFactory(parent=InstallationFactory().root)
    course = a_course(unit=unit, questions=1, quiz={"minutes": 10, "pass_mark": 50, "attempts": 1})
    a_question(course.current_version().quiz.bank, "open", "open", content={"guide": ""})
    person = person_in(unit)
    assignment = learned(now, course, person)
    attempt = start_attempt(assignment, at=now)
    opens = attempt.questions.get(version__kind="open").position
    save_answers(attempt, answers={opens: "I call back.", 3 - opens: RIGHT}, at=now)
    person.is_active = False
    person.save()
    assert close_attempts_over_limit(at=now + timedelta(hours=1)) == 1
    assignment.refresh_from_db()
    assert assignment.state == State.AWAITING
    manager = person_in(unit, "manager")
    assert not AttemptQuestion.objects.to_mark_by(manager).exists()
    person.is_active = True
    person.save()
    assert AttemptQuestion.objects.to_mark_by(manager).get().answer == "I call back."
    client.force_login(person)
    assert client.get(assignment.get_absolute_url()).status_code == 200


def test_a_course_that_is_archived_in_mid_quiz_is_finished_with_its_certificate(now):
    course = a_course()
    attempt = start_attempt(learned(now, course), at=now)
    archive_course(course, by=UserFactory(), at=now)
    save_answers(attempt, answers={1: RIGHT, 2: RIGHT}, at=now)
    submit_attempt(attempt, at=now)
    assert Certificate.objects.get().course == course


def test_a_quiz_without_questions_is_said_on_the_page_and_begins_nothing(client):
    course = a_course(unit=UnitFactory(parent=InstallationFactory().root))
    assignment = learned(timezone.now(), course)
    Question.objects.update(archived_at=timezone.now())
    client.force_login(assignment.person)
    answer = client.post(reverse("training:attempt_start", args=[assignment.reference]), follow=True)
    assert answer.status_code == 200
    assert "There is nothing to ask yet." in answer.text
    assert not assignment.attempts.exists()


# ------------------------------------------------------------------------ files


class Huge(SimpleUploadedFile):
    """A large upload that lies on the disk: whoever reads it has lost."""

    def read(self, *args):
        raise AssertionError("the file was read")


def huge(name, megabytes):
    file = Huge(name, b"")
    file.size = megabytes * 1_000_000
    return file


@pytest.mark.parametrize(("kind", "name", "most"), [("video", "a.mp4", 300), ("download", "a.pdf", 50)])
def test_a_file_of_a_lesson_that_is_too_large_is_refused_before_it_is_read(kind, name, most):
    form = LessonForm({}, {"new_file": huge(name, most + 1)}, kind=kind)
    assert form.errors["new_file"] == [f"The file is too large: at most {most} MB."]


def test_a_picture_that_is_too_large_is_refused_before_it_is_read():
    form = PictureForm({"words": "A cat"}, {"picture": huge("cat.png", 6)})
    assert form.errors["picture"] == ["The file is too large: at most 5 MB."]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\evil\\list.pdf", "list.pdf"),
        ("r\u202efdp.exe.pdf", "rfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("n" * 300 + ".pdf", "n" * 150),
        ("..", "file"),
        ("\x00", "file"),
    ],
)
def test_a_hostile_file_name_is_kept_without_folders_and_hidden_letters(name, kept):
    assert file_name(name) == kept


def test_a_file_lies_on_the_disk_under_a_name_of_our_own(client):
    unit = UnitFactory(parent=InstallationFactory().root)
    client.force_login(person_in(unit, "manager", "middle"))
    course = a_course(unit=unit)
    file = SimpleUploadedFile("<b>list.pdf", b"%PDF", "text/html")
    address = reverse("training:lesson_add", args=[course.key, "first", "download"])
    client.post(address, {"title": "List", "body": "", "minutes": "5", "new_file": file})
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.content_type) == ("<b>list.pdf", "application/pdf")
    assert attachment.file.name.rsplit("/", 1)[1] == attachment.reference
