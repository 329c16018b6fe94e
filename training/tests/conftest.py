"""People of the training room, signed in."""

from typing import Any

import pytest
from django.test import Client

from organisation.models import Unit, User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in


@pytest.fixture
def unit(db: Any) -> Unit:
    InstallationFactory()
    return UnitFactory()


@pytest.fixture
def manager(client: Client, unit: Unit) -> User:
    """A manager of the unit, signed in."""
    manager = person_in(unit, "manager", "middle", name="Marek Novak")
    client.force_login(manager)
    return manager


@pytest.fixture
def learner(db: Any) -> User:
    InstallationFactory()
    return person_in(UnitFactory(), name="Sofia Reyes")


@pytest.fixture
def signed_in(client: Client, learner: User) -> Client:
    """The learner's browser."""
    client.force_login(learner)
    return client
