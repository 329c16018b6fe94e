"""Training as a source of a measure: numbers reckoned by hand, by unit and month, and its courses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from charter.forms.measures import MeasureForm
from charter.models import Measure
from charter.tests.factories import MeasureFactory
from common.sources import totals_sources
from organisation.models import Membership, User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from training.actions.attempts import mark_open_answer, save_answers, submit_attempt
from training.actions.learn import finish_lesson
from training.actions.measured import MeasuredElsewhere, choose_courses
from training.compliance import EVERYBODY, compliance_on
from training.models import Assignment, MeasuredCourse, QuestionBank, Quiz
from training.source import TrainingInTime
from training.tests.factories import (
    a_certificate,
    a_course,
    a_question,
    an_assignment,
    an_attempt,
    lessons_of,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)
SECOND_QUARTER = (date(2026, 4, 1), date(2026, 7, 1))


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    return MeasureFactory(key="trained", source="training", method="share_met", standard__charter__unit=root)


@pytest.fixture
def course(measure):
    course = a_course(questions=0)
    MeasuredCourse.objects.create(measure=measure, course=course)
    return course


def cycle(course, unit, due_on, done_on=None, person=None, **fields) -> Assignment:
    assignment = an_assignment(course, person or person_in(unit), due_on=due_on, **fields)
    if done_on:
        moment = datetime(done_on.year, done_on.month, done_on.day, 12, tzinfo=UTC)
        a_certificate(assignment, moment)
    return assignment


def pooled(measure, units, start=SECOND_QUARTER[0], end=SECOND_QUARTER[1]):
    source = TrainingInTime(today=lambda: TODAY)
    found = source.pooled([measure.pk], [unit.pk for unit in units], start, end)
    by_series = found.get(measure.pk, {})
    return {series: (each.n, each.high, each.na) for series, each in by_series.items()}


def test_in_time_is_met_late_and_open_are_missed_the_rest_stands_apart(measure, course, branch):
    cycle(course, branch, date(2026, 5, 1), done_on=date(2026, 5, 1))  # on the last day: met
    cycle(course, branch, date(2026, 5, 1), done_on=date(2026, 4, 2))  # early: met
    cycle(course, branch, date(2026, 6, 30), done_on=date(2026, 6, 1))  # before a day to come: met
    cycle(course, branch, date(2026, 5, 1), done_on=date(2026, 5, 2))  # a day late: missed
    cycle(course, branch, date(2026, 6, 14))  # open and late: missed
    cycle(course, branch, date(2026, 6, 14), state="failed")  # missed
    cycle(course, branch, date(2026, 6, 15))  # open, due today: apart
    cycle(course, branch, date(2026, 5, 1), state="waived", waiver_reason="On leave")  # apart
    assert pooled(measure, [branch]) == {1: (6, 3, 2)}


def test_what_was_handed_in_on_the_last_day_and_marked_late_was_in_time(measure, course, branch):
    made = Quiz.objects.create(
        version=course.current_version(), bank=QuestionBank.objects.create(key="bank", unit=course.unit)
    )
    a_question(made.bank, "open", "open", content={"guide": ""})
    last_day = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assignment = cycle(course, branch, last_day.date())
    finish_lesson(assignment, lesson=lessons_of(course)[0], at=last_day)
    attempt = an_attempt(assignment, at=last_day)
    save_answers(attempt, answers={1: "I call back by four."}, at=last_day)
    submit_attempt(attempt, at=last_day)
    answer = attempt.questions.get()
    mark_open_answer(answer, mark=answer.points, by=person_in(branch), at=last_day + timedelta(days=20))
    assert pooled(measure, [branch]) == {1: (1, 1, 0)}
    found = compliance_on(date(2026, 5, 3), User.objects.all(), [course]).cell(EVERYBODY, course.pk)
    assert (found.current, found.overdue) == (1, 0)


def test_only_what_was_due_inside_the_period_counts(measure, course, branch):
    cycle(course, branch, date(2026, 3, 31))
    cycle(course, branch, date(2026, 4, 1))
    cycle(course, branch, date(2026, 6, 30), done_on=date(2026, 6, 1))
    cycle(course, branch, date(2026, 7, 1), done_on=date(2026, 6, 1))
    assert pooled(measure, [branch]) == {1: (2, 1, 0)}
    assert pooled(measure, [branch], date(2026, 4, 1), date(2026, 4, 2)) == {1: (1, 0, 0)}


def test_a_person_counts_once_where_the_first_role_is_and_not_after_leaving(measure, course, root, branch):
    hill = UnitFactory(parent=root)
    both = person_in(branch)
    Membership.objects.create(user=both, unit=hill)
    cycle(course, branch, date(2026, 5, 1), person=both)
    cycle(course, branch, date(2026, 5, 1), person=person_in(branch, is_active=False))
    assert pooled(measure, [branch]) == {1: (1, 0, 0)}
    assert pooled(measure, [hill]) == {}
    assert pooled(measure, [branch, hill]) == {1: (1, 0, 0)}


def test_only_the_chosen_courses_count_and_a_course_may_feed_two_measures(measure, course, branch):
    second = MeasureFactory(source="training", method="share_met", standard=measure.standard)
    other = a_course("other", questions=0)
    for each in (course, other):
        MeasuredCourse.objects.create(measure=second, course=each)
    cycle(course, branch, date(2026, 5, 1))
    cycle(other, branch, date(2026, 5, 1), done_on=date(2026, 4, 2))
    source = TrainingInTime(today=lambda: TODAY)
    found = source.pooled([measure.pk, second.pk], [branch.pk], *SECOND_QUARTER)
    counts = {key: (each[1].n, each[1].high) for key, each in found.items()}
    assert counts == {measure.pk: (1, 0), second.pk: (2, 1)}


def test_months_and_units_are_told_apart_in_one_query(
    measure, course, root, branch, django_assert_num_queries
):
    hill = UnitFactory(parent=root)
    cycle(course, branch, date(2026, 4, 30), done_on=date(2026, 4, 1))
    cycle(course, branch, date(2026, 5, 1))
    cycle(course, hill, date(2026, 5, 31), done_on=date(2026, 5, 31))
    source, asked = TrainingInTime(today=lambda: TODAY), ([measure.pk], [branch.pk, hill.pk], *SECOND_QUARTER)
    with django_assert_num_queries(1):
        months = source.pooled_by_month(*asked)
    with django_assert_num_queries(1):
        units = source.pooled_by_unit(*asked)
    counted = {month: found[measure.pk][1] for month, found in months.items()}
    assert {month: (each.n, each.high) for month, each in counted.items()} == {
        date(2026, 4, 1): (1, 1),
        date(2026, 5, 1): (2, 1),
    }
    by_unit = {unit: found[measure.pk][1] for unit, found in units.items()}
    assert {unit: (each.n, each.high) for unit, each in by_unit.items()} == {
        branch.pk: (2, 1),
        hill.pk: (1, 1),
    }


def test_training_is_registered_and_feeds_the_measures_with_courses(measure, course):
    source = totals_sources()["training"]
    assert isinstance(source, TrainingInTime)
    assert [row["measure"] for row in source.feeding()] == [measure.pk]
    assert measure.is_full_count


def test_a_measure_of_training_is_a_share_met(measure):
    sent = {
        "name": "Trained in time",
        "source": "training",
        "minimum_n": "10",
        "direction": "higher",
        "version": "0",
        "per": "1000",
    }
    share = MeasureForm(sent | {"method": "share_met"}, standard=measure.standard)
    assert share.is_valid(), share.errors
    count = MeasureForm(sent | {"method": "count", "counted": "courses"}, standard=measure.standard)
    assert count.errors["method"] == ["What this source holds is proved by “share met”."]


# --------------------------------------------------------- choosing the courses


@pytest.fixture
def manager(client, root):
    manager = person_in(root, "manager", "middle")
    client.force_login(manager)
    return manager


def choose(client, measure, *keys):
    return client.post(reverse("training:measured_edit", args=[measure.key]), {"courses": keys})


def test_a_manager_chooses_the_courses_of_a_measure_and_the_list_shows_them(client, manager, measure):
    a_course("first", questions=0)
    a_course("second", questions=0)
    assert "none chosen yet" in client.get(reverse("training:measured_list")).content.decode()
    assert choose(client, measure, "first", "second").status_code == 302
    page = client.get(reverse("training:measured_list")).content.decode()
    assert "Course first, Course second" in page
    choose(client, measure, "second")
    assert list(measure.measured_courses.values_list("course__key", flat=True)) == ["second"]
    choose(client, measure)
    assert not measure.measured_courses.exists()


def test_the_courses_that_teach_the_standard_stand_first(client, manager, measure):
    a_course("a-course", questions=0)
    teaching = a_course("z-course", questions=0)
    teaching.standards.add(measure.standard)
    page = client.get(reverse("training:measured_edit", args=[measure.key])).content.decode()
    assert page.index("Course z-course (teaches this standard)") < page.index("Course a-course")


def test_nonsense_is_refused_and_changes_nothing(client, manager, measure, course):
    assert choose(client, measure, "no-such-course").status_code == 422
    assert measure.measured_courses.get().course == course


def test_a_measure_that_something_else_feeds_takes_no_courses(course, manager):
    with pytest.raises(MeasuredElsewhere):
        choose_courses(MeasureFactory(), courses=[course], by=manager)


def test_without_a_measure_the_list_says_how_to_begin(client, manager):
    page = client.get(reverse("training:measured_list")).content.decode()
    assert "No measure is fed by training yet" in page


def test_the_page_of_the_figure_and_that_of_the_measure_name_the_courses(
    client, manager, measure, course, branch, root
):
    cycle(course, branch, date(2026, 5, 1), done_on=date(2026, 5, 1))
    cycle(course, branch, date(2026, 5, 1), done_on=date(2026, 5, 2))
    figure = client.get(reverse("scoreboard:measure", args=[root.slug, "trained"]), {"period": "2026-Q2"})
    text = " ".join(figure.content.decode().split())
    assert "1 of 2" in text
    assert "<li>Course telephone</li>" in text
    edited = client.get(reverse("charter:measure_edit", args=["trained"])).content.decode()
    assert "<li>Course telephone</li>" in edited
    assert reverse("training:measured_edit", args=["trained"]) in edited


def test_a_measure_with_courses_keeps_its_source(measure, course):
    assert Measure.objects.get(pk=measure.pk).is_in_use


def test_what_waits_for_its_marks_is_neither_met_nor_missed(measure, course, branch):
    cycle(course, branch, date(2026, 5, 1), state="awaiting")
    assert pooled(measure, [branch]) == {1: (0, 0, 1)}
