"""A branch, its manager, and a report of October that is being prepared."""

from datetime import date

import pytest

from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from scoreboard.actions import reports
from scoreboard.tests.factories import tally
from scoreboard.tests.reports.given import AT, OCTOBER


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, key="next-step-yes", name="Knows what happens next", goal=90)


@pytest.fixture
def manager(branch):
    return person_in(branch, "manager", email="manager@example.org")


@pytest.fixture
def figures(measure, branch):
    tally(measure, branch, date(2026, 9, 10), 46, 64)
    tally(measure, branch, date(2026, 10, 10), 94, 100)


@pytest.fixture
def draft(branch, manager, figures):
    return reports.begin_report(unit=branch, period=OCTOBER, by=manager, at=AT)
