"""Who may open what: every address × method × role, complete by walking the URL resolver.

Each room writes its expectations into its own `tests/access.py`, as `EXPECTATIONS`: the address's full
name → rows. An address without rows fails, and so do rows without an address. A method without a row
must be refused with 405.
"""

import importlib
import importlib.util
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from common.policy import walk_patterns
from common.testing import ROLES, Row
from home.tests.world import build_world

OWNERS = {"": "organisation", "api": "scoreboard"}


def owner_of(name: str) -> str:
    """The room that states the expectations of an address: its namespace, but for OWNERS."""
    namespace = name.rpartition(":")[0]
    return OWNERS.get(namespace, namespace)


def expectations_of(room: str) -> dict[str, list[Row]]:
    module = f"{room}.tests.access"
    if importlib.util.find_spec(module) is None:
        return {}
    return importlib.import_module(module).EXPECTATIONS


NAMES = sorted({name for name, pattern in walk_patterns()})
ROOMS = sorted({owner_of(name) for name in NAMES} | {"charter", "feedback", "home", "scoreboard"})
EXPECTATIONS = {name: rows for room in ROOMS for name, rows in expectations_of(room).items()}
CHECKED = [name for name in NAMES if name in EXPECTATIONS]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(kept: None) -> SimpleNamespace:
    """Everything the addresses need, and `sessions`: role → the key of a session in which it is signed in."""
    found = build_world()
    found.sessions = {role: _session_of(getattr(found, role)) for role in ROLES if getattr(found, role)}
    return found


def _session_of(person: Any) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def status_of(world: Any, name: str, row: Row, role: str, method: str | None = None) -> int:
    """The status that the role gets, with everything the request did undone afterwards."""
    with transaction.atomic():
        client = Client(headers=row.headers(world) if row.headers else None)
        if role in world.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
        args = row.args(world)
        by_name = {"kwargs": args} if isinstance(args, dict) else {"args": args}
        more = {"content_type": row.content_type} if row.content_type else {}
        data = row.data(world) if row.data and method is None else None
        response = getattr(client, method or row.method.lower())(reverse(name, **by_name), data, **more)
        if response.streaming:
            b"".join(response)
        transaction.set_rollback(True)
    return response.status_code


def test_every_address_has_expectations() -> None:
    missing = [f"{name} (state it in {owner_of(name)}/tests/access.py)" for name in NAMES]
    assert [line for line in missing if line.split(" ")[0] not in EXPECTATIONS] == []


def test_every_expectation_has_an_address() -> None:
    assert sorted(set(EXPECTATIONS) - set(NAMES)) == []


def test_every_room_states_only_its_own_addresses() -> None:
    strangers = [name for room in ROOMS for name in expectations_of(room) if owner_of(name) != room]
    assert strangers == []


@pytest.mark.parametrize("name", CHECKED)
def test_an_address_answers_each_role_as_expected(name: str, world: Any) -> None:
    answered, expected = {}, {}
    for number, row in enumerate(EXPECTATIONS[name]):
        for role, status in row.expected():
            case = f"{row.method.upper()} as {role} (row {number})"
            expected[case] = status
            answered[case] = status_of(world, name, row, role)
    assert answered == expected


@pytest.mark.parametrize("name", CHECKED)
def test_a_method_without_a_row_is_refused(name: str, world: Any) -> None:
    rows = EXPECTATIONS[name]
    unstated = {"get", "post"} - {row.method.lower() for row in rows}
    answered = {method: status_of(world, name, rows[0], "administrator", method) for method in unstated}
    assert answered == dict.fromkeys(unstated, 405)
