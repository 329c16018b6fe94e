"""The newcomer's one command: `bin/run`, which `make run` calls with its own environment."""

import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from home.management.commands import prepare
from home.tests.browser import ROOT, free_port, wait_until
from organisation.models import Installation
from organisation.tests.factories import InstallationFactory

OUTSIDE = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "ALLOWED_HOSTS"}


def start(data: Path, port: int, output: Path) -> "subprocess.Popen[bytes]":
    env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    env |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CHARTERWELL_DATA": str(data),
        "PORT": str(port),
        "BIN": str(Path(sys.executable).parent),
    }
    with output.open("wb") as log:
        return subprocess.Popen(["bash", "bin/run"], cwd=ROOT, env=env, stdout=log, stderr=log)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Any]:
    """`running()` starts the product on the same data and waits until it says where it is."""
    started = []

    def run() -> tuple["subprocess.Popen[bytes]", int, str]:
        port, output = free_port(), tmp_path / f"output{len(started)}"
        process = start(tmp_path / "data", port, output)
        started.append(process)
        wait_until(lambda: "Ctrl-C stops" in output.read_text() or process.poll() is not None, seconds=180)
        return process, port, output.read_text()

    yield run
    for process in started:
        process.terminate()
        process.wait(timeout=120)


def ask(port: int, path: str) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.services
def test_one_command_serves_the_demo_and_ends_when_told_and_keeps_its_data(running: Any) -> None:
    process, port, said = running()
    assert f"Charterwell is running at http://127.0.0.1:{port}/" in said
    for role in ("Administrator", "Manager", "Staff"):
        assert role in said
    status, body = ask(port, "/readyz")
    assert (status, json.loads(body)["database"]) == (200, True)
    assert ask(port, "/")[0] == 200

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 0
    with pytest.raises(OSError, match="refused"):
        ask(port, "/healthz")

    _process, port, said = running()
    assert "is set up" not in said
    assert "admin@harbour.example" in said


def shape_of(path: Path) -> set[Any]:
    """Columns, references, indexes, checks and rows of the framework, whatever their order."""
    found: set[Any] = set()
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        for table, sql in tables:
            if table in ("cache", "sqlite_sequence"):
                continue
            found |= {(table, *row[1:]) for row in database.execute(f"PRAGMA table_info('{table}')")}
            found |= {(table, *row[2:]) for row in database.execute(f"PRAGMA foreign_key_list('{table}')")}
            found |= {(table, name) for name in re.findall(r'CONSTRAINT "(\w+)" CHECK', sql)}
            for index in database.execute(f"PRAGMA index_list('{table}')").fetchall():
                columns = database.execute(f"PRAGMA index_xinfo('{index[1]}')").fetchall()
                found.add((table, index[2], index[4], *(row[2:4] for row in columns if row[5])))
        found |= set(database.execute("SELECT app, name FROM django_migrations"))
        found |= set(database.execute("SELECT content_type_id IS NULL, codename FROM auth_permission"))
    return found


@pytest.mark.services
def test_the_tables_of_a_first_start_are_those_that_the_migrations_make(tmp_path: Path) -> None:
    for command in ("migrate", "prepare"):
        env = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        env |= {"DJANGO_SETTINGS_MODULE": "config.settings", "CHARTERWELL_DATA": str(tmp_path / command)}
        subprocess.run([sys.executable, "manage.py", command], cwd=ROOT, env=env, check=True)
    migrated, made = (shape_of(tmp_path / each / "charterwell.sqlite3") for each in ("migrate", "prepare"))
    assert made == migrated


@pytest.mark.django_db
def test_a_port_that_is_taken_is_named_before_anything_is_done(monkeypatch: Any) -> None:
    monkeypatch.setattr(prepare, "port_is_free", lambda port: False)
    with pytest.raises(CommandError, match="Port 8000 is taken"):
        call_command("prepare", "--port", "8000")


@pytest.mark.django_db
def test_the_demo_leaves_an_organisation_that_is_there_alone() -> None:
    InstallationFactory(name="Somebody else")
    call_command("seed_demo", "--if-empty")
    assert Installation.objects.get().name == "Somebody else"
    with pytest.raises(CommandError, match="set up already"):
        call_command("seed_demo")
