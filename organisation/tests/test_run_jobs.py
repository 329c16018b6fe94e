"""The embedded scheduler and what the schedule remembers."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app, shared_task
from celery.schedules import crontab
from django.conf import settings as the_settings
from django.core import mail as outbox
from django.core.management import call_command
from django.db import transaction

from common.nudge import nudge
from organisation.actions import mail, ticks
from organisation.models import Tick
from organisation.schedule import Scheduler

ran: list[str] = []


@shared_task(name="tests.note")
def note(word: str = "note") -> None:
    ran.append(word)


@shared_task(name="tests.break_down")
def break_down() -> None:
    raise ValueError("This task never works.")


class Clock:
    def __init__(self, at: Any) -> None:
        self.at = at

    def __call__(self) -> Any:
        return self.at


@pytest.fixture
def clock(now: Any) -> Clock:
    ran.clear()
    return Clock(now)


def every(task: str, seconds: int = 10, **more: Any) -> dict[str, Any]:
    return {"task": task, "schedule": timedelta(seconds=seconds), **more}


@pytest.mark.django_db
def test_a_task_that_never_ran_is_due_at_once_and_then_waits_its_turn(settings: Any, clock: Clock) -> None:
    settings.CELERY_BEAT_SCHEDULE = {"note": every("tests.note")}
    scheduler = Scheduler(clock=clock)
    for seconds, runs in ((0, 1), (9, 1), (1, 2), (0, 2)):
        clock.at += timedelta(seconds=seconds)
        scheduler.run_due()
        assert len(ran) == runs


@pytest.mark.django_db
def test_the_last_run_survives_a_restart(settings: Any, clock: Clock) -> None:
    settings.CELERY_BEAT_SCHEDULE = {"note": every("tests.note", 3600)}
    Scheduler(clock=clock).run_due()
    clock.at += timedelta(minutes=59)
    Scheduler(clock=clock).run_due()
    assert len(ran) == 1
    clock.at += timedelta(minutes=1)
    Scheduler(clock=clock).run_due()
    assert len(ran) == 2


@pytest.mark.django_db
def test_a_task_at_a_time_of_day_runs_once_a_day(settings: Any, clock: Clock) -> None:
    entry = {"task": "tests.note", "schedule": crontab(minute=30, hour=3), "kwargs": {"word": "night"}}
    settings.CELERY_BEAT_SCHEDULE = {"nightly": entry}
    scheduler = Scheduler(clock=clock)
    scheduler.run_due()
    ran.clear()
    for _half_hour in range(96):
        clock.at += timedelta(minutes=30)
        scheduler.run_due()
    assert ran == ["night", "night"]


@pytest.mark.django_db
def test_a_task_that_fails_is_logged_and_the_next_one_runs(
    settings: Any, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CELERY_BEAT_SCHEDULE = {"bad": every("tests.break_down"), "good": every("tests.note")}
    Scheduler(clock=clock).run_due()
    assert ran == ["note"]
    assert "tests.break_down failed" in caplog.text


@pytest.mark.django_db
def test_a_task_that_takes_too_long_is_broken_off(settings: Any, clock: Clock) -> None:
    @shared_task(name="tests.hang")
    def hang() -> None:
        time.sleep(20)
        ran.append("went on")

    settings.CELERY_TASK_SOFT_TIME_LIMIT = 1
    settings.CELERY_BEAT_SCHEDULE = {"hang": every("tests.hang"), "note": every("tests.note")}
    Scheduler(clock=clock).run_due()
    assert ran == ["note"]


@pytest.mark.django_db
def test_a_scheduler_told_to_stop_takes_up_nothing_more(settings: Any, clock: Clock) -> None:
    settings.CELERY_BEAT_SCHEDULE = {"note": every("tests.note")}
    scheduler = Scheduler(clock=clock)
    scheduler.stop()
    scheduler.run_due()
    assert ran == []


@pytest.mark.django_db
def test_long_work_is_kept_apart_from_the_rest(clock: Clock) -> None:
    long = {entry.task for entry in Scheduler(clock=clock).entries if entry.is_long}
    assert long == {
        "organisation.tasks.run_long_jobs",
        "training.tasks.apply_rules",
        "training.tasks.look_after_cycles",
        "training.tasks.write_letters",
    }


def test_every_scheduled_task_exists() -> None:
    current_app.autodiscover_tasks(force=True)
    scheduled = {line["task"] for line in the_settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= set(current_app.tasks)


@pytest.mark.django_db
def test_run_jobs_once_does_everything_that_is_due(now: Any) -> None:
    mail.queue_mail(to="ann@example.org", subject="Welcome", body="Come in.", at=now)
    call_command("run_jobs", "--once")
    assert [each.subject for each in outbox.outbox] == ["Welcome"]
    assert Tick.objects.filter(job=ticks.BEAT).exists()


# What the schedule remembers


@pytest.mark.django_db
def test_the_second_beat_of_a_period_finds_it_taken(now: Any) -> None:
    def ask(**changes: Any) -> bool:
        return ticks.claim_period(
            **{"job": "digest", "scope": "harbour", "period": "2026-11-18", "at": now} | changes
        )

    assert ask()
    assert not ask()
    assert ask(period="2026-11-19")
    assert ask(scope="hill")


@pytest.mark.django_db
def test_a_period_whose_work_was_taken_back_is_free_again(now: Any) -> None:
    with transaction.atomic():
        ticks.claim_period(job="digest", period="2026-11-18", at=now)
        transaction.set_rollback(True)
    assert ticks.claim_period(job="digest", period="2026-11-18", at=now)


@pytest.mark.django_db
def test_old_ticks_are_forgotten_and_last_runs_are_kept(now: Any) -> None:
    ticks.claim_period(job="digest", period="2025-01-01", at=now - timedelta(days=500))
    ticks.claim_period(job="digest", period="2026-11-17", at=now - timedelta(days=1))
    ticks.remember(job="yearly", scope=ticks.SCHEDULE, at=now - timedelta(days=500))
    assert ticks.tidy_up(at=now)
    kept = set(Tick.objects.exclude(job="tidy up").values_list("job", "period"))
    assert kept == {("digest", "2026-11-17"), ("yearly", ticks.LAST)}


@pytest.mark.django_db
def test_tidying_up_twice_a_day_is_once(now: Any) -> None:
    assert ticks.tidy_up(at=now)
    assert not ticks.tidy_up(at=now + timedelta(hours=1))
    assert ticks.tidy_up(at=now + timedelta(days=1))


# Nudges


@pytest.fixture(autouse=True)
def _nothing_published_lately(monkeypatch: Any) -> None:
    monkeypatch.setattr("common.nudge._published", {})
    monkeypatch.setattr("common.nudge._waiting", set())


@pytest.fixture
def published(monkeypatch: Any) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **options: sent.append(task))
    return sent


@pytest.mark.django_db(transaction=True)
def test_a_nudge_goes_out_after_the_commit_only(settings: Any, published: list[str]) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with transaction.atomic():
        nudge("tests.note")
        assert published == []
    assert published == ["tests.note"]


@pytest.mark.django_db(transaction=True)
def test_the_embedded_set_up_publishes_nothing(settings: Any, published: list[str]) -> None:
    settings.REDIS_URL = ""
    nudge("tests.note")
    assert published == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_gone_is_logged_and_never_reaches_the_visitor(
    settings: Any, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from kombu.exceptions import OperationalError

    def refuse(task: str, **options: Any) -> None:
        assert options["retry"] is False
        raise OperationalError("redis://:secret@host is gone")

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(current_app, "send_task", refuse)
    nudge("tests.note")
    assert "tests.note not delivered" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_rush_publishes_once_at_once_and_once_at_the_end_of_the_pause(
    settings: Any, monkeypatch: Any, published: list[str]
) -> None:
    late: list[Any] = []

    class Timer:
        def __init__(self, seconds: float, run: Any, arguments: list[str]) -> None:
            assert 0 < seconds <= 0.1
            late.append(lambda: run(*arguments))

        def start(self) -> None:
            pass

    monkeypatch.setattr("common.nudge.threading.Timer", Timer)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    for _card in range(5):
        nudge("tests.note")
    assert (published, len(late)) == (["tests.note"], 1)
    late[0]()
    assert published == ["tests.note"] * 2


# The real process


@pytest.mark.services
def test_run_jobs_is_one_process_for_the_scores_and_one_for_long_work_and_ends_when_told(
    tmp_path: Path,
) -> None:
    manage = [sys.executable, str(the_settings.BASE_DIR / "manage.py")]
    outside = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    env = {name: value for name, value in os.environ.items() if name not in outside}
    env |= {"CHARTERWELL_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([*manage, "migrate", "-v", "0"], env=env, check=True)
    process = subprocess.Popen([*manage, "run_jobs"], env=env)
    try:
        assert _wait_for(lambda: len(_children(process.pid)) == 1)
        child = _children(process.pid)[0]
        assert _wait_for(lambda: "--long" in _command_of(child))
        assert _wait_for(lambda: _has_run(tmp_path, "run long jobs"))
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=120)
    assert code == 0
    assert not Path(f"/proc/{child}").exists()


def _wait_for(condition: Any, seconds: float = 120) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _command_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def _has_run(data: Path, entry: str) -> bool:
    import sqlite3

    with sqlite3.connect(data / "charterwell.sqlite3") as database:
        rows = database.execute("select 1 from organisation_tick where job = ?", [entry]).fetchall()
    return bool(rows)
