"""`make bench`: the product beside what it is measured against, in one run on this machine.

Whole processes, five repetitions, least, median and most of the ratios; written to docs/benchmarks.md.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import load, servers
from benchmarks.measure import Finding, in_words, ratios

ROOT = Path(__file__).resolve().parents[1]
PRODUCT_PORT, FLOOR_PORT = 8941, 8942
SECONDS = 4.0
SMALL, LARGE = 100_000, 1_000_000
CARD = {"q-visit": "4", "q-next": "1", "q-comment": "All went well."}
FLOOR = {"visit": "4", "next": "yes", "comment": "All went well."}


def run(*arguments: str, environment: dict[str, str]) -> str:
    found = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return found.stdout


def inside(step: str, *arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    lines = run("-m", "benchmarks.inside", step, *arguments, environment=environment).splitlines()
    return json.loads(lines[-1])


def post(port: int, slug: str) -> None:
    """One envelope by the API."""
    envelope = {"uid": str(uuid.uuid4()), "answers": {"visit": 4, "next": 1}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/collectors/{slug}/responses",
        json.dumps(envelope).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201, answer.status


def cards(product: dict[str, str], floor: dict[str, str]) -> list[Finding]:
    """The card's whole flow against the floor; POST with stale rows against without; memory."""
    with (
        servers.gunicorn("config.wsgi:application", PRODUCT_PORT, product) as master,
        servers.gunicorn("benchmarks.floor.wsgi:application", FLOOR_PORT, floor),
    ):
        flow, ours, theirs = ratios(
            lambda: load.rate(
                lambda _mine: load.whole_flow(PRODUCT_PORT, "/c/with-measures/", CARD), seconds=SECONDS
            ),
            lambda: load.rate(lambda _mine: load.whole_flow(FLOOR_PORT, "/", FLOOR), seconds=SECONDS),
        )
        stale, with_rows, without = ratios(
            lambda: load.rate(lambda _mine: post(PRODUCT_PORT, "with-measures"), seconds=SECONDS),
            lambda: load.rate(lambda _mine: post(PRODUCT_PORT, "without-measures"), seconds=SECONDS),
        )
        memory = servers.memory_of_worker(master)
    notes = [in_words("product", ours, "visits/s"), in_words("floor", theirs, "visits/s")]
    posts = [in_words("with", with_rows, "posts/s"), in_words("without", without, "posts/s")]
    return [
        Finding("comment card, whole flow, against the plain Django floor", "≥ 2.5", flow, notes=notes),
        Finding("POST with stale rows against without, one busy unit", "≥ 0.85", stale, notes=posts),
        Finding("memory (PSS) of a web process after the load", "≤ 90 MiB", [memory], unit="MiB"),
    ]


def boards(product: dict[str, str]) -> list[Finding]:
    """The scoreboard at a hundred thousand and at a million answers, against each other and raw."""
    found: dict[int, list[float]] = {SMALL: [], LARGE: []}
    raw, rebuilds = [], []
    for count in (SMALL, LARGE):
        rebuilds.append(inside("answers", str(count), environment=product)["rebuild_per_second"])
        for _ in range(5):
            found[count].append(inside("board", environment=product)["seconds"])
    for _ in range(5):
        raw.append(inside("raw", environment=product)["seconds"])
    growth = [large / small for large, small in zip(found[LARGE], found[SMALL], strict=True)]
    faster = [slow / fast for slow, fast in zip(raw, found[LARGE], strict=True)]
    milliseconds = {count: [1000 * each for each in values] for count, values in found.items()}
    notes = [in_words(f"{count:,} answers", values, "ms") for count, values in milliseconds.items()]
    return [
        Finding(
            "scoreboard (12 months × 20 measures × 50 units), 1,000,000 answers against 100,000",
            "≤ 1.25",
            growth,
            notes=notes,
        ),
        Finding(
            "raw query against the scoreboard, 1,000,000 answers",
            "≥ 200 (stated for 10,000,000)",
            faster,
            notes=[in_words("raw", [1000 * each for each in raw], "ms")],
        ),
        Finding("rebuild of all tallies, 1,000,000 answers", "≥ 400,000 answers/s", rebuilds[1:], unit="/s"),
    ]


def lists(product: dict[str, str]) -> list[Finding]:
    pairs = [inside("list", environment=product) for _ in range(5)]
    values = [pair["with_query"] / pair["without"] for pair in pairs]
    middle = median(1000 * pair["with_query"] for pair in pairs)
    return [
        Finding(
            "inbox of 100 rows, CPU against the same page without a query",
            "≤ 1.5",
            values,
            notes=[f"{middle:.1f} ms CPU a page (median)"],
        )
    ]


def report(findings: list[Finding]) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`: whole processes on PostgreSQL and Redis, five repetitions side by side",
        "in one run; least, median and most of the ratios. Absolute figures are this machine's.",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "| what | goal | least | median | most |",
        "|---|---|---|---|---|",
        *(finding.row for finding in findings),
        "",
        *(f"- {finding.name}: {'; '.join(finding.notes)}" for finding in findings if finding.notes),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        servers.database("charterwell_bench") as url,
        servers.database("charterwell_bench_floor") as floor_url,
        servers.broker() as redis_url,
    ):
        product = {
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "CHARTERWELL_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
        }
        floor = {"DATABASE_URL": floor_url, "DJANGO_SETTINGS_MODULE": "benchmarks.floor.settings"}
        for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
            run("manage.py", *command, environment=product)
        run("-m", "benchmarks.floor.prepare", environment=floor)
        inside("organisation", environment=product)
        findings = [*cards(product, floor), *boards(product), *lists(product)]
    text = report(findings)
    (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
