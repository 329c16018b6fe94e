"""What machines ask, and the database connection's own check."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse

from common import health as registry
from organisation import checks, health
from organisation.actions import ticks
from organisation.actions.jobs import enqueue_job
from organisation.actions.mail import queue_mail
from organisation.checks import PRAGMAS
from organisation.models import Tick


def test_alive_is_said_without_the_database(client: Any) -> None:
    answer = client.get(reverse("organisation:healthz"))
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_is_said_in_one_answer_without_a_cookie(client: Any) -> None:
    ticks.mark_beat()
    answer = client.get(reverse("organisation:readyz"))
    found = answer.json()
    assert answer.status_code == 200
    assert (found["status"], found["database"], found["migrations"]) == ("ready", True, True)
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_probe_leaves_no_row(now: Any) -> None:
    health.readiness(now)
    assert not Tick.objects.exists()


@pytest.mark.django_db
def test_a_database_that_cannot_be_written_is_503(client: Any, monkeypatch: Any) -> None:
    def refuse(at: Any) -> bool:
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(health, "_can_write", refuse)
    answer = client.get(reverse("organisation:readyz"))
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")


@pytest.mark.services  # the plain suite makes its tables without migrations
@pytest.mark.django_db
def test_a_missing_migration_is_503(client: Any) -> None:
    MigrationRecorder.Migration.objects.filter(app="organisation").delete()
    answer = client.get(reverse("organisation:readyz"))
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)


@pytest.mark.django_db
def test_the_oldest_work_owed_is_told_in_seconds(now: Any) -> None:
    enqueue_job(kind="count", subject="one", by=None, at=now - timedelta(seconds=90))
    enqueue_job(kind="count", subject="two", by=None, at=now - timedelta(seconds=30))
    enqueue_job(kind="count", subject="later", by=None, at=now + timedelta(seconds=30))
    queue_mail(to="ann@example.org", subject="", body="", at=now - timedelta(seconds=20))
    owed = health.readiness(now).owed
    assert (owed["jobs"], owed["mail"]) == (90, 20)


@pytest.mark.django_db
def test_nothing_owed_is_no_age(now: Any) -> None:
    owed = health.readiness(now).owed
    assert (owed["jobs"], owed["mail"]) == (None, None)


@pytest.mark.django_db
def test_late_work_is_named_and_sends_no_customer_away(now: Any) -> None:
    ticks.mark_beat(at=now)
    queue_mail(to="ann@example.org", subject="", body="", at=now - timedelta(minutes=6))
    found = health.readiness(now)
    assert found.ready
    assert (found.as_dict()["status"], found.late) == ("late", ["mail"])


@pytest.mark.django_db
def test_a_schedule_that_stopped_ticking_is_late(now: Any) -> None:
    ticks.mark_beat(at=now - timedelta(minutes=3))
    found = health.readiness(now)
    assert (found.last_tick, found.late) == (180, ["schedule"])


@pytest.mark.django_db
def test_a_room_adds_its_own_work_owed(now: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_owed", dict(registry._owed))
    registry.register_work_owed("letters to Santa", lambda at: 7.0)
    assert health.readiness(now).owed["letters to Santa"] == 7


class FakeConnection:
    """A SQLite file whose pragmas say what the test wants."""

    vendor = "sqlite"

    def __init__(self, pragmas: dict[str, Any]) -> None:
        self.pragmas = pragmas

    def is_in_memory_db(self) -> bool:
        return False

    def cursor(self) -> Any:
        return self

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: Any) -> None:
        pass

    def execute(self, statement: str) -> Any:
        self.asked = statement.removeprefix("PRAGMA ")
        return self

    def fetchone(self) -> Any:
        return [self.pragmas[self.asked]]


def test_a_sqlite_pragma_that_did_not_take_is_an_error(monkeypatch: Any) -> None:
    sound, wrong = FakeConnection(PRAGMAS), FakeConnection(PRAGMAS | {"journal_mode": "delete"})
    monkeypatch.setattr(checks, "connections", {"default": sound})
    assert checks.sqlite_keeps_what_it_is_given(None, databases=["default"]) == []
    monkeypatch.setattr(checks, "connections", {"default": wrong})
    errors = checks.sqlite_keeps_what_it_is_given(None, databases=["default"])
    assert [error.id for error in errors] == ["organisation.E001"]
    assert "journal_mode=delete" in errors[0].msg
