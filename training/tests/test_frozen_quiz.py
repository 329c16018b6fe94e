"""A version that is released asks what it asked on the day of its release (decision 78)."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from organisation.tests.factories import UserFactory, person_in
from training.actions import courses
from training.actions.attempts import start_attempt
from training.actions.import_course import write_wording
from training.actions.learn import start_lesson
from training.actions.questions import put_back_question, take_out_question
from training.course_file import QuestionPart
from training.models import Question
from training.tests.factories import OPTIONS, a_course, an_assignment, lessons_of

pytestmark = pytest.mark.django_db


def write(bank, key, text):
    question, _new = Question.objects.get_or_create(bank=bank, key=key)
    part = QuestionPart(key, "single", "", text, Decimal(1), "", "right_minus_wrong", OPTIONS)
    write_wording(question, part, "en")
    return question


def release(course, now):
    return courses.release_version(courses.open_draft(course), by=None, at=now)


@pytest.fixture
def course(now):
    """Its second version asks q1 and q2."""
    course = a_course(quiz={"shuffle": False})
    release(course, now)
    return course


def begun(course, now):
    assignment = an_assignment(course)
    start_lesson(assignment, lesson=lessons_of(course)[0], at=now)
    return assignment


def asked(assignment, now):
    attempt = start_attempt(assignment, language="en", at=now)
    return [row.wording.text for row in attempt.questions.prefetch_related("version__texts")]


FIRST = ["What comes first? (q1)", "What comes first? (q2)"]


def test_who_is_under_way_is_asked_about_the_version_that_was_learned(course, now):
    assignment = begun(course, now)
    bank = course.current_version().quiz.bank
    write(bank, "q1", "Another wording")
    write(bank, "q3", "A new question")
    release(course, now)
    assert asked(assignment, now) == FIRST
    assert sorted(asked(an_assignment(course), now)) == sorted(
        ["Another wording", FIRST[1], "A new question"]
    )


def test_what_waits_for_the_release_is_not_asked_before(course, now):
    write(course.current_version().quiz.bank, "q3", "A new question")
    assert asked(begun(course, now), now) == FIRST


def test_a_question_taken_out_is_asked_no_more_also_in_the_version_that_is_taught(course, now):
    take_out_question(course, question=Question.objects.get(key="q1"), by=UserFactory(), at=now)
    assert asked(begun(course, now), now) == FIRST[1:]


def test_a_quiz_whose_questions_were_all_replaced_still_asks_who_is_under_way(course, now):
    """What a later release takes out must not leave somebody without a quiz to pass."""
    assignment = begun(course, now)
    write(course.current_version().quiz.bank, "q3", "A new question")
    Question.objects.filter(key__in=["q1", "q2"]).update(archived_at=now)
    release(course, now)
    assert asked(assignment, now) == FIRST


def test_a_question_put_back_waits_for_the_next_release(course, now):
    question = Question.objects.get(key="q1")
    take_out_question(course, question=question, by=UserFactory(), at=now)
    release(course, now)
    put_back_question(course, question=question, by=UserFactory(), at=now)
    assert asked(begun(course, now), now) == FIRST[1:]
    release(course, now)
    assert asked(begun(course, now), now) == FIRST


def test_the_page_says_from_when_a_question_that_is_put_back_is_asked(client, course, now):
    manager = person_in(course.unit, "manager")
    client.force_login(manager)
    question = Question.objects.get(key="q1")
    take_out_question(course, question=question, by=manager, at=now)
    release(course, now)
    address = reverse("training:question_restore", args=[course.key, question.key])
    assert "It is asked from the next release on." in client.post(address, follow=True).text
    assert course.draft() is not None


def test_the_last_question_that_is_taught_is_not_taken_out_though_another_waits(course, now):
    write(course.current_version().quiz.bank, "q3", "A new question")
    by = UserFactory()
    take_out_question(course, question=Question.objects.get(key="q1"), by=by, at=now)
    with pytest.raises(courses.QuestionNeeded):
        take_out_question(course, question=Question.objects.get(key="q2"), by=by, at=now)


def test_versions_from_before_are_given_the_wordings_of_their_day(now):
    course = a_course(quiz={"shuffle": False})
    bank = course.current_version().quiz.bank
    old = course.current_version().quiz
    write(bank, "q1", "Another wording")
    release(course, now)
    new = course.current_version().quiz
    for quiz in (old, new):
        quiz.wordings.clear()
    import_module("training.migrations.0008_wordings_of_a_quiz").fix_what_is_asked(apps, None)
    assert [str(each) for each in old.questions()] == FIRST
    assert [str(each) for each in new.questions()] == ["Another wording", FIRST[1]]
