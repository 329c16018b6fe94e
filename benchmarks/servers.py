"""Databases and server processes of the benchmark; each ends only what it started."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import redis

# Emptied before and after: nothing else may use this database of the server.
REDIS_URL = os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:6379/15")
SERVER = os.environ.get("BENCH_DATABASE_SERVER", "postgres://postgres@127.0.0.1:5432")


@contextmanager
def database(name: str) -> Iterator[str]:
    """A scratch database; yields its DATABASE_URL and drops it in the end."""
    administrator = psycopg2.connect(f"{SERVER}/postgres")
    administrator.autocommit = True
    with administrator.cursor() as cursor:
        cursor.execute(f'drop database if exists "{name}"')
        cursor.execute(f'create database "{name}"')
    try:
        yield f"{SERVER}/{name}"
    finally:
        with administrator.cursor() as cursor:
            cursor.execute(f'drop database if exists "{name}" with (force)')
        administrator.close()


@contextmanager
def broker() -> Iterator[str]:
    """An empty Redis database for cache and hints; yields its REDIS_URL."""
    server = redis.Redis.from_url(REDIS_URL)
    server.flushdb()
    try:
        yield REDIS_URL
    finally:
        server.flushdb()
        server.close()


@contextmanager
def gunicorn(application: str, port: int, environment: dict[str, str]) -> Iterator[int]:
    """One web process with four threads on 127.0.0.1; yields the master's process id."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
            *("--preload", "--workers", "1", "--threads", "4", "--log-level", "error"),
        ],
        env={**os.environ, **environment},
    )
    try:
        _wait_for(port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    """One Celery worker for the short work; no beat, so that only hints make it count."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "celery"),
            *("-c", "1", "-l", "ERROR", "-n", f"bench-{os.getpid()}@%h"),
        ],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(900):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def memory_of_worker(master: int) -> float:
    """PSS of the only worker of a gunicorn master, in MiB."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    for line in Path(f"/proc/{children[0]}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise LookupError("no PSS in smaps_rollup")
