"""Before and after the training, on the page of a standard."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from common.period import Period
from home import trained
from home.trained import around, trained_on
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.tests.factories import tally
from training.tests.factories import a_certificate, a_course, an_assignment

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 18)
YEAR = Period.parse("2026")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(trained, "local_today", lambda unit: TODAY)


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, name="Knows what happens next")


@pytest.fixture
def course(measure):
    course = a_course(questions=0)
    course.standards.add(measure.standard)
    return course


def given(course, unit, *done_on):
    """Somebody of the unit for each day on which the course was completed; None: not yet."""
    for day in done_on:
        assignment = an_assignment(course, person_in(unit))
        if day:
            a_certificate(assignment, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def rows_of(measure, unit):
    found = trained_on(measure.standard, unit=unit, period=YEAR)
    return {row.trained.unit.slug: row for row in [*found["rows"], *found["below"]]}


def test_three_whole_months_stand_before_and_after_the_month_of_the_training():
    before, after = around(date(2026, 5, 31))
    assert (before.code, after.code) == ("2026-02-01..2026-04-30", "2026-06-01..2026-08-31")


def test_a_unit_shows_how_many_were_trained_when_and_what_became_of_the_figure(measure, course, branch):
    given(course, branch, date(2026, 5, 2), date(2026, 5, 20), date(2026, 7, 1), None)
    tally(measure, branch, date(2026, 4, 10), 46, 64)
    tally(measure, branch, date(2026, 5, 10), 1, 50)  # the month of the training is in neither
    tally(measure, branch, date(2026, 6, 10), 50, 50)
    tally(measure, branch, date(2026, 8, 31), 41, 50)
    tally(measure, branch, date(2026, 9, 1), 0, 90)
    row = rows_of(measure, branch)["harbour-branch"]
    assert (row.trained.done, row.trained.given, row.trained.middle) == (3, 4, date(2026, 5, 20))
    (compared,) = row.comparisons
    assert (compared.before.counts.high, compared.before.n) == (46, 64)
    assert (compared.after.counts.high, compared.after.n) == (91, 100)
    assert round(compared.change.difference, 2) == 19.12
    assert [round(end, 2) for end in (compared.change.low, compared.change.high)] == [7.16, 31.84]


def test_months_that_are_not_over_are_not_compared_yet(measure, course, branch):
    given(course, branch, date(2026, 8, 3))
    row = rows_of(measure, branch)["harbour-branch"]
    assert (row.opens_on, row.comparisons) == (date(2026, 12, 1), ())


def test_the_comparison_opens_on_the_day_after_the_last_month(measure, course, branch, monkeypatch):
    given(course, branch, date(2026, 8, 3))
    for today, compared in ((date(2026, 11, 30), 0), (date(2026, 12, 1), 1)):
        monkeypatch.setattr(trained, "local_today", lambda unit, today=today: today)
        assert len(rows_of(measure, branch)["harbour-branch"].comparisons) == compared


def test_too_few_answers_are_said_and_not_compared(measure, course, branch, client, root):
    given(course, branch, date(2026, 5, 2))
    tally(measure, branch, date(2026, 4, 10), 3, 4)
    tally(measure, branch, date(2026, 6, 10), 30, 40)
    (compared,) = rows_of(measure, branch)["harbour-branch"].comparisons
    assert (compared.before.value, compared.change) == (None, None)
    client.force_login(person_in(root))
    page = client.get(reverse("scoreboard:standard", args=[branch.slug, "next-step"])).content.decode()
    text = " ".join(page.split())
    assert "cannot be compared: too few answers, or another wording" in text
    assert "not enough answers" in text


def test_each_unit_below_stands_for_itself_and_its_own_months(measure, course, root, branch):
    hill = UnitFactory(name="Hill branch", slug="hill-branch", parent=root)
    given(course, branch, date(2026, 5, 2))
    given(course, hill, date(2026, 2, 2), date(2026, 2, 2))
    tally(measure, branch, date(2026, 4, 10), 1, 10)
    tally(measure, hill, date(2026, 4, 10), 9, 10)
    rows = rows_of(measure, root)
    assert {slug: (row.trained.done, row.trained.middle) for slug, row in rows.items()} == {
        root.slug: (3, date(2026, 2, 2)),
        "harbour-branch": (1, date(2026, 5, 2)),
        "hill-branch": (2, date(2026, 2, 2)),
    }
    assert rows["harbour-branch"].comparisons[0].before.counts.high == 1
    assert rows["hill-branch"].comparisons[0].after.counts.high == 9
    assert rows[root.slug].comparisons[0].after.counts.high == 10


def test_without_a_course_of_the_standard_the_page_says_nothing(measure):
    assert trained_on(measure.standard, unit=measure.standard.charter.unit, period=YEAR) is None


def test_the_measure_of_the_training_itself_is_not_compared(measure, course, branch):
    measure.source = "training"
    measure.save()
    given(course, branch, date(2026, 5, 2))
    assert rows_of(measure, branch)["harbour-branch"].comparisons == []


def test_a_course_that_nobody_was_given_is_named(measure, course, branch, client, root):
    client.force_login(person_in(root))
    page = client.get(reverse("scoreboard:standard", args=[branch.slug, "next-step"])).content.decode()
    assert "“Course telephone” teaches this standard; nobody here has been given it yet." in page


def test_more_units_need_no_more_queries(measure, course, root):
    def fill(first, many):
        for number in range(first, many):
            given(course, UnitFactory(parent=root), date(2026, 1 + number % 5, 3))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            rows = rows_of(measure, root)
        return len(captured), len(rows)

    fill(0, 5)
    few = queries()
    fill(5, 20)
    many = queries()
    assert (few[0], few[1], many[1]) == (many[0], 6, 21)
