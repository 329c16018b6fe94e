"""Real Celery workers and a real beat over Redis, on the PostgreSQL of the tests."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.utils import timezone

from charter.models import StaleBucket
from charter.tests.factories import MeasureFactory
from common.period import Period
from feedback.tests.factories import CollectorFactory, QuestionFactory
from home.tests.browser import wait_until
from home.tests.service_jobs import KIND
from organisation.actions import ticks
from organisation.actions.jobs import enqueue_job
from organisation.actions.mail import queue_mail, send_due_mail
from organisation.models import Job, OutgoingMail, Tick
from organisation.tests.factories import InstallationFactory, UnitFactory
from scoreboard.figures import figures_for

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

FIRST_REDIS_DATABASE = 8
CELERY = [sys.executable, "-m", "celery", "-A", "config"]
LAST_TICKS = Tick.objects.filter(period=ticks.LAST)


def _database_url() -> str:
    """The database that this test writes to, for other processes."""
    found = connection.settings_dict
    user = quote(found["USER"]) + (f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else "")
    host = quote(found["HOST"], safe="")
    return f"postgres://{user}@{host}:{found['PORT'] or 5432}/{found['NAME']}"


def _redis_url(worker_id: str) -> str:
    """A Redis database that nobody else uses while the suite runs: each test process has its own."""
    number = FIRST_REDIS_DATABASE + int(worker_id.removeprefix("gw") if worker_id != "master" else 0)
    return urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}"))


@pytest.fixture
def services(tmp_path: Path, worker_id: str) -> Iterator[dict[str, str]]:
    """One worker for each queue and one beat, all ended afterwards. Gives their environment."""
    if connection.vendor != "postgresql" or not os.environ.get("REDIS_URL"):
        pytest.skip("needs PostgreSQL in DATABASE_URL and Redis in REDIS_URL")
    broker = _redis_url(worker_id)
    redis.Redis.from_url(broker).flushdb()
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CHARTERWELL_DATA": str(tmp_path),
        "DATABASE_URL": _database_url(),
        "REDIS_URL": broker,
        "EMAIL_URL": "consolemail://",
    }
    commands = [
        [*CELERY, "worker", "-Q", "celery", "-c", "1", "-n", "short@%h"],
        [*CELERY, "worker", "-Q", "long", "-c", "1", "-n", "long@%h", "-I", "home.tests.service_jobs"],
        [*CELERY, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", ""],
    ]
    with open(tmp_path / "services.log", "wb") as log:
        processes = [
            subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log)
            for command in commands
        ]
        try:
            yield env
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait(timeout=120)
            redis.Redis.from_url(broker).flushdb()


def test_each_of_many_letters_is_sent_once_by_four_workers_at_a_time() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL in DATABASE_URL")
    for number in range(100):
        queue_mail(to=f"{number}@example.org", subject="Welcome", body="")

    def work(_number: int) -> int:
        try:
            return send_due_mail()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 100
    assert len({each.to[0] for each in outbox.outbox}) == len(outbox.outbox) == 100


def test_a_worker_and_beat_do_the_work_that_is_owed(services: dict[str, str]) -> None:
    letter = queue_mail(to="ann@example.org", subject="Welcome", body="Come in.")
    job = enqueue_job(kind=KIND, subject="one", by=None)

    wait_until(lambda: OutgoingMail.objects.filter(pk=letter.pk, state=OutgoingMail.State.SENT).exists())
    wait_until(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE, done=3, total=3).exists())
    wait_until(lambda: LAST_TICKS.filter(job=ticks.BEAT).exists())
    assert (OutgoingMail.objects.get().attempts, Job.objects.get().attempts) == (1, 1)


def test_with_the_broker_wiped_nothing_that_is_owed_gets_lost(services: dict[str, str]) -> None:
    job = enqueue_job(kind=KIND, subject="one", by=None)
    wait_until(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists())
    letters = [queue_mail(to=f"{n}@example.org", subject="Welcome", body="") for n in range(20)]
    redis.Redis.from_url(services["REDIS_URL"]).flushdb()

    owed = OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT)
    wait_until(lambda: not owed.exists())
    assert OutgoingMail.objects.filter(attempts=1).count() == len(letters)


def test_a_real_worker_and_beat_carry_a_card_to_the_scoreboard(
    services: dict[str, str], client: Client
) -> None:
    root = InstallationFactory().root
    branch = UnitFactory(parent=root, timezone="UTC")
    measure = MeasureFactory(goal=90)
    question = QuestionFactory(key="next", measure=measure)
    collector = CollectorFactory(unit=branch, kind="api", questionnaire=question.version.questionnaire)
    today = timezone.now().date()
    month = Period.months(today, 1)

    for value in (1, 1, 0, 1, 1, 1):
        envelope = {"uid": str(uuid.uuid4()), "answers": {"next": value}}
        address = f"/api/v1/collectors/{collector.slug}/responses"
        assert client.post(address, envelope, content_type="application/json").status_code == 201

    wait_until(lambda: figures_for([measure], root, month, today=today)[measure.pk].n == 6)
    figure = figures_for([measure], root, month, today=today)[measure.pk]
    assert (figure.high_count, figure.na) == (5, 0)
    assert not StaleBucket.objects.exists()
