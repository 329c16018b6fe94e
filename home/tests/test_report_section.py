"""What a report says of training: of a unit and those just below it, on the last day of the period."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.period import Period
from home.report_section import training_section
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.reports.sections import sections_of
from training.tests.factories import a_certificate, a_course, an_assignment

pytestmark = pytest.mark.django_db

MARCH = Period.parse("2026-03")
DONE = datetime(2026, 3, 20, 9, tzinfo=UTC)


@pytest.fixture
def root():
    return InstallationFactory().root


def taught(unit, course, *, current=0, late=0, open_=0):
    for _person in range(current):
        a_certificate(an_assignment(course, person_in(unit)), DONE)
    for _person in range(late):
        an_assignment(course, person_in(unit), due_on=date(2026, 3, 30))
    for _person in range(open_):
        an_assignment(course, person_in(unit), due_on=date(2026, 4, 1))


def test_the_unit_and_those_just_below_it_stand_with_their_numbers(root):
    harbour, market = UnitFactory(name="Harbour", parent=root), UnitFactory(name="Market", parent=root)
    counter = UnitFactory(name="Harbour counter", parent=harbour)
    course = a_course(unit=root, questions=0)
    taught(harbour, course, current=3, late=1, open_=1)
    taught(counter, course, current=1)
    taught(market, course, current=2)
    section = training_section(root, MARCH)
    assert section.rows == [
        [root.name, "8", "6", "75 %", "1", "1"],
        ["Harbour", "6", "4", "67 %", "1", "1"],
        ["Market", "2", "–", "–", "–", "–"],
    ]
    assert section.paragraphs[0].startswith("On 31 March 2026 6 of 8 courses")
    assert section.title in [each["title"] for each in sections_of(root, MARCH)]


def test_nothing_is_said_of_fewer_than_five(root):
    taught(root, a_course(unit=root, questions=0), current=4)
    assert training_section(root, MARCH) is None


def test_more_units_and_courses_need_no_more_queries(root):
    def _asked():
        with CaptureQueriesContext(connection) as caught:
            training_section(root, MARCH)
        return len(caught)

    taught(UnitFactory(parent=root), a_course("first", unit=root, questions=0), current=5)
    few = _asked()
    for number in range(4):
        taught(UnitFactory(parent=root), a_course(f"more-{number}", unit=root, questions=0), current=5)
    assert _asked() == few
