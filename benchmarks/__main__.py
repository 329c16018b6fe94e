"""`make bench`: the product beside what it is measured against, in one run on this machine.

Whole processes, five repetitions, least, median and most of the ratios; written to docs/benchmarks.md.
`python -m benchmarks cards` measures one part (or freshness, exactness, boards, lists) and writes nothing.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import load, servers
from benchmarks.measure import Finding, in_words, ratios

ROOT = Path(__file__).resolve().parents[1]
PRODUCT_PORT, FLOOR_PORT = 8941, 8942
SECONDS = 4.0
SMALL = 1_000_000
LARGE = int(os.environ.get("ANSWERS") or 10_000_000)
POSTS = 200
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
            lambda: load.rate(
                lambda _mine: load.post_envelope(PRODUCT_PORT, "with-measures-api"), seconds=SECONDS
            ),
            lambda: load.rate(
                lambda _mine: load.post_envelope(PRODUCT_PORT, "without-measures-api"), seconds=SECONDS
            ),
        )
        memory = servers.memory_of_worker(master)
    notes = [in_words("product", ours, "visits/s"), in_words("floor", theirs, "visits/s")]
    posts = [in_words("with", with_rows, "posts/s"), in_words("without", without, "posts/s")]
    return [
        Finding("comment card, whole flow, against the plain Django floor", "≥ 2.5", flow, notes=notes),
        Finding("POST with stale rows against without, one busy unit", "≥ 0.85", stale, notes=posts),
        Finding("memory (PSS) of a web process after the load", "≤ 90 MiB", [memory], unit="MiB"),
    ]


def freshness(product: dict[str, str]) -> Finding:
    """From the moment at which a card is accepted until its tally shows it: web, Redis and one worker."""
    with (
        servers.gunicorn("config.wsgi:application", PRODUCT_PORT, product),
        servers.worker(product),
    ):
        found = inside("fresh", str(PRODUCT_PORT), str(POSTS), environment=product)["milliseconds"]
    found.sort()
    return Finding(
        f"from accepted to visible, 99th percentile of {POSTS} cards",
        "≤ 250 ms",
        [found[-(-99 * len(found) // 100) - 1]],
        unit="ms",
        notes=[in_words("all", found, "ms")],
    )


def exactness() -> Finding:
    """Four writers and two workers, edits, deletions and rolled-back batches, twenty times: a test."""
    names = ["scoreboard/tests/test_exactness.py", "-q", "-p", "no:cacheprovider"]
    url = f"{servers.SERVER}/charterwell_bench_exact"
    run("-m", "pytest", *names, environment={"DATABASE_URL": url})
    return Finding("wrong cells after writers and workers at once, 20 repeats", "0", [0], unit="cells")


def boards(small: dict[str, str], large: dict[str, str]) -> list[Finding]:
    """The scoreboard at a million and at ten million answers, side by side, and against the raw query."""
    rebuilt = {
        count: inside("answers", str(count), environment=product)["rebuild_per_second"]
        for count, product in ((SMALL, small), (LARGE, large))
    }
    growth, many, few = ratios(
        lambda: inside("board", environment=large)["seconds"],
        lambda: inside("board", environment=small)["seconds"],
    )
    faster, raw, _fast = ratios(
        lambda: inside("raw", environment=large)["seconds"],
        lambda: inside("board", environment=large)["seconds"],
    )
    milliseconds = {SMALL: [1000 * each for each in few], LARGE: [1000 * each for each in many]}
    notes = [in_words(f"{count:,} answers", values, "ms") for count, values in milliseconds.items()]
    return [
        Finding(
            f"scoreboard (12 months × 20 measures × 50 units), {LARGE:,} answers against {SMALL:,}",
            "≤ 1.25",
            growth,
            notes=notes,
        ),
        Finding(
            f"raw query against the scoreboard, {LARGE:,} answers",
            "≥ 200 (at 10,000,000)",
            faster,
            notes=[in_words("raw", [1000 * each for each in raw], "ms")],
        ),
        *(
            Finding(f"rebuild of all tallies, {count:,} answers", "≥ 400,000 answers/s", [rate], unit="/s")
            for count, rate in rebuilt.items()
        ),
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
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[2]:.1f} over the",
        "last 15 minutes. `make bench ANSWERS=1000000` is a shorter run.",
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
        servers.database("charterwell_bench_large") as large_url,
        servers.database("charterwell_bench_floor") as floor_url,
        servers.broker() as redis_url,
    ):
        product = {
            "DATABASE_URL": url,
            "REDIS_URL": redis_url,
            "CHARTERWELL_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
            "TRUSTED_PROXIES": "1",
        }
        large = product | {"DATABASE_URL": large_url}
        floor = {"DATABASE_URL": floor_url, "DJANGO_SETTINGS_MODULE": "benchmarks.floor.settings"}
        wanted = sys.argv[1:] or ["cards", "freshness", "exactness", "boards", "lists"]
        for database in (product, large) if "boards" in wanted else (product,):
            for command in (["migrate", "-v0"], ["createcachetable"]):
                run("manage.py", *command, environment=database)
            inside("organisation", environment=database)
        run("manage.py", "collectstatic", "--noinput", "-v0", environment=product)
        run("-m", "benchmarks.floor.prepare", environment=floor)
        parts: dict[str, Callable[[], list[Finding]]] = {
            "cards": lambda: cards(product, floor),
            "freshness": lambda: [freshness(product)],
            "exactness": lambda: [exactness()],
            "boards": lambda: boards(product, large),
            "lists": lambda: lists(product),
        }
        text = report([finding for part in wanted for finding in parts[part]()])
    if not sys.argv[1:]:
        (ROOT / "docs" / "benchmarks.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
