"""A branch with a measure, and its manager signed in."""

import pytest

from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in


@pytest.fixture
def root():
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour-branch", parent=root)


@pytest.fixture
def measure(root):
    standard = StandardFactory(charter=CharterFactory(unit=root), key="next-step")
    return MeasureFactory(standard=standard, key="next-step-yes", name="Knows what happens next")


@pytest.fixture
def manager(branch, client):
    person = person_in(branch, "manager", email="manager@example.org")
    client.force_login(person)
    return client
