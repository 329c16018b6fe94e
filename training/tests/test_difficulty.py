"""Which questions are most often answered wrongly: counts, intervals, options, and what is not shown."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.tests.factories import StandardFactory
from organisation.models import User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.difficulty import narrowed_rows, question_rows
from training.models import Attempt, AttemptQuestion, Question
from training.tests.factories import LONG_AGO, a_course, a_question, an_assignment

pytestmark = pytest.mark.django_db

RIGHT, WRONG, WORSE = [0], [1], [2]


@pytest.fixture
def branch():
    return UnitFactory(parent=InstallationFactory().root)


def answered(course, unit, key, answers, marks=None):
    """Each answer by a person of its own, in an attempt handed in; the mark is 1 for what is right."""
    question = Question.objects.get(key=key, bank__key=course.key)
    quiz = course.current_version().quiz
    for number, answer in enumerate(answers):
        attempt = Attempt.objects.create(
            assignment=an_assignment(course, person_in(unit)),
            quiz=quiz,
            number=1,
            submitted_at=LONG_AGO + timedelta(minutes=number),
        )
        mark = marks[number] if marks else Decimal(answer in (RIGHT, "true"))
        AttemptQuestion.objects.create(
            attempt=attempt,
            position=1,
            version=question.current,
            language="en",
            points=1,
            answer=answer,
            mark=mark,
        )


def rows_of(*courses):
    return question_rows(User.objects.all(), list(courses))


def test_a_share_has_its_interval_and_the_option_that_was_taken_for_right(branch):
    course = a_course(questions=1)
    answered(course, branch, "q1", [RIGHT] * 8 + [WRONG] + [WORSE])
    answered(course, branch, "q1", [])
    (row,) = rows_of(course)
    assert (row.n, row.right, row.share) == (10, 8, 80.0)
    assert [round(bound, 2) for bound in row.bounds] == [49.02, 94.33]
    assert (row.wrong_option, row.wrong_count) == ("Put them on hold", 1)


def test_blank_answers_and_those_without_marks_are_in_no_share(branch):
    course = a_course(questions=1)
    marks = [1, 1, 1, 1, 0, 0, None]
    answered(course, branch, "q1", [RIGHT] * 4 + [WRONG, None, RIGHT], marks=marks)
    (row,) = rows_of(course)
    assert (row.n, row.right, row.blank) == (5, 4, 1)


def test_what_is_partly_right_is_not_right_and_each_wrong_choice_counts(branch):
    course = a_course(questions=1)
    question = Question.objects.get(key="q1")
    question.current.kind = "multiple"
    question.current.save()
    answers = [[0], [0, 1], [0, 1], [1, 2], [0]]
    answered(course, branch, "q1", answers, marks=[1, Decimal("0.5"), Decimal("0.5"), 0, 1])
    (row,) = rows_of(course)
    assert (row.n, row.right) == (5, 2)
    assert (row.wrong_option, row.wrong_count) == ("Ask for the number", 3)


def test_true_or_false_says_which_was_taken_for_right(branch):
    course = a_course(questions=0, quiz={})
    bank = course.current_version().quiz.bank
    a_question(bank, "tf", "true_false", content={"answer": True})
    answered(course, branch, "tf", ["true"] * 3 + ["false"] * 4)
    (row,) = rows_of(course)
    assert (row.right, row.wrong_option, row.wrong_count) == (3, "False", 4)


def test_under_five_answers_nothing_is_said_of_them(branch, client):
    course = a_course(questions=1)
    answered(course, branch, "q1", [WRONG] * 4)
    (row,) = rows_of(course)
    assert (row.n, row.share, row.bounds, row.wrong_option) == (4, None, None, "")
    client.force_login(person_in(branch, "manager"))
    page = client.get(reverse("training:hard_questions")).content.decode()
    assert "4 answers so far, shown from 5" in " ".join(page.split())
    assert "Ask for the number" not in page
    response = client.get(reverse("training:hard_questions"), {"export": "csv"})
    line = b"".join(response.streaming_content).decode().splitlines()[1]
    assert line.endswith(",4,,,,,,,")


def test_another_wording_and_another_course_stand_for_themselves(branch):
    first, second = a_course("first", questions=1), a_course("second", questions=1)
    answered(first, branch, "q1", [WRONG] * 5)
    answered(second, branch, "q1", [RIGHT] * 5)
    question = Question.objects.get(key="q1", bank__key="first")
    old = question.current
    question.current = old.__class__.objects.create(
        question=question, number=2, kind="single", released_at=LONG_AGO
    )
    question.save()
    answered(first, branch, "q1", [RIGHT] * 6)
    rows = rows_of(first, second)
    assert sorted((row.course.key, row.version.number, row.n, row.right) for row in rows) == [
        ("first", 1, 5, 0),
        ("first", 2, 6, 6),
        ("second", 1, 5, 5),
    ]


def test_attempts_under_way_and_people_of_others_do_not_count(branch):
    course = a_course(questions=1)
    answered(course, branch, "q1", [WRONG] * 5)
    Attempt.objects.filter(pk=Attempt.objects.latest("pk").pk).update(submitted_at=None)
    assert rows_of(course)[0].n == 4
    nobody = User.objects.none()
    assert question_rows(nobody, [course]) == []


@pytest.fixture
def two(branch):
    standard = StandardFactory(key="next-step")
    course = a_course(questions=0, quiz={})
    bank = course.current_version().quiz.bank
    a_question(bank, "easy")
    a_question(bank, "hard", standard=standard)
    a_question(bank, "rare")
    answered(course, branch, "easy", [RIGHT] * 9 + [WRONG])
    answered(course, branch, "hard", [RIGHT] * 2 + [WRONG] * 4)
    answered(course, branch, "rare", [WRONG])
    return rows_of(course)


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        ({}, ["hard", "easy", "rare"]),
        ({"sort": "right"}, ["easy", "hard", "rare"]),
        ({"sort": "n"}, ["easy", "hard", "rare"]),
        ({"standard": "next-step"}, ["hard"]),
        ({"q": "(EASY"}, ["easy"]),
    ],
)
def test_questions_are_narrowed_and_ordered_as_asked(two, filters, keys):
    assert [row.version.question.key for row in narrowed_rows(two, **filters)] == keys


def test_the_page_narrows_by_course_and_standard(client, branch, two):
    client.force_login(person_in(branch, "manager"))
    address = reverse("training:hard_questions")
    page = client.get(address, {"standard": "next-step", "course": "telephone"}).content.decode()
    assert "(hard)" in page
    assert "(easy)" not in page
    assert "33 %" in page
    assert client.get(address, {"standard": "no-such"}).status_code == 422
    assert "No question fits" in client.get(address, {"q": "nothing of this"}).content.decode()


def test_without_any_quiz_handed_in_the_page_says_so(client, branch):
    client.force_login(person_in(branch, "manager"))
    assert "No quiz has been handed in yet" in client.get(reverse("training:hard_questions")).content.decode()


def test_more_questions_need_no_more_queries(client, branch):
    client.force_login(person_in(branch, "manager"))

    def fill(first, many):
        for number in range(first, many):
            course = a_course(f"course-{number}", questions=1)
            answered(course, branch, "q1", [WRONG] * 5)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("training:hard_questions"))
        return len(captured)

    fill(0, 2)
    few = queries()
    fill(2, 20)
    assert queries() == few
