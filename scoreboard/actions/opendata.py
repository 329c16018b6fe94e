"""Publishes what is settled, and makes the public files say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from organisation.actions.ticks import claim_period, is_claimed
from organisation.models import Installation
from scoreboard.actions.locks import lock_publishing
from scoreboard.models import OpenData, PublishedResult
from scoreboard.opendata import Block, Key, kept_of, publication_of
from scoreboard.settled import local_date

KEPT = 3
AT_ONCE = 500
JOB = "published results"
COMPARED = ("unit_id", "start", "end", "edition_id", *PublishedResult.NUMBERS, "hidden")


def publish_open_data(*, at: datetime | None = None) -> OpenData | None:
    """Publish what may be published as of today; the files that stand where nothing has changed.

    What has been published stays as it was: late answers change nothing, and the grain of a quarter does
    not flip. A block (a measure and series in a quarter) is made again only where it hides more today, or
    where every case is counted and nothing is ever hidden. Reckoned before anything is locked.

    None before the first set-up.
    """
    at = at or timezone.now()
    plan = _reckoned(at)
    if plan is None:
        return None
    _written(plan, at)
    with transaction.atomic():
        return _told(plan, at)


def publish_open_data_daily(*, at: datetime | None = None) -> bool:
    """Once a day. False where somebody else has it in hand."""
    at = at or timezone.now()
    day = f"{at:%Y-%m-%d}"
    if is_claimed(job=JOB, period=day):
        return False
    plan = _reckoned(at)
    if plan is not None:
        _written(plan, at)
    with transaction.atomic():
        if not claim_period(job=JOB, period=day, at=at):
            return False
        if plan is not None:
            _told(plan, at)
    return True


@dataclass(frozen=True)
class _Plan:
    """What is taken out of the files, what is put in, and what the measures mean. `standing` are the rows
    of each block that it was reckoned with."""

    standing: Mapping[Key, frozenset[int]]
    out: list[Key]
    new: list[Block]
    measures: list[dict[str, Any]]


def _reckoned(at: datetime) -> _Plan | None:
    """All the reading and reckoning, which may take long: nobody waits for it."""
    installation = Installation.current()
    if installation is None:
        return None
    standing = _by_block()
    kept = {key: kept_of(rows) for key, rows in standing.items()}
    found = publication_of(local_date(installation.root, at), kept)
    new = [block for block in found.blocks if _replaces(block, standing.get(block.key))]
    out = standing.keys() - {block.key for block in found.blocks}
    out |= standing.keys() & {block.key for block in new}
    read = {key: frozenset(row.pk for row in rows) for key, rows in standing.items()}
    return _Plan(read, sorted(out), new, found.measures)


def _by_block() -> dict[Key, list[PublishedResult]]:
    """What is published so far."""

    def key(row: PublishedResult) -> Key:
        return row.measure_id, row.series, row.quarter

    rows = PublishedResult.objects.order_by("measure", "series", "quarter", "start", "pk").defer("counts")
    return {each: list(found) for each, found in groupby(rows.iterator(), key)}


def _written(plan: _Plan, at: datetime) -> None:
    """A quarter at a time, so that nobody waits long, and the files say at once that they have changed;
    what is left undone is done the next night."""
    for quarter in sorted({key[2] for key in plan.out} | {block.key[2] for block in plan.new}):
        with transaction.atomic():
            lock_publishing()
            if _write_quarter(plan, quarter):
                _told(plan, at, has_changed=True)


def _write_quarter(plan: _Plan, quarter: date) -> bool:
    """Whether anything was written. A block that somebody else has published since the plan was reckoned is
    left as it stands: another grain beside it would give hidden figures away."""
    standing = _standing(quarter)
    known = [key for key in standing.keys() | plan.standing.keys() if key[2] == quarter]
    changed = {key for key in known if standing.get(key) != plan.standing.get(key)}
    out = [pk for key in plan.out if key[2] == quarter and key not in changed for pk in standing[key]]
    new = [block for block in plan.new if block.key[2] == quarter and block.key not in changed]
    for start in range(0, len(out), AT_ONCE):
        PublishedResult.objects.filter(pk__in=out[start : start + AT_ONCE]).delete()
    PublishedResult.objects.bulk_create([row for block in new for row in block.rows], batch_size=AT_ONCE)
    return bool(out or new)


def _standing(quarter: date) -> dict[Key, frozenset[int]]:
    """The rows of each block of a quarter, as they are now."""
    rows = PublishedResult.objects.filter(quarter=quarter).order_by()
    found: dict[Key, set[int]] = {}
    for measure, series, pk in rows.values_list("measure", "series", "pk"):
        found.setdefault((measure, series, quarter), set()).add(pk)
    return {key: frozenset(keys) for key, keys in found.items()}


def _told(plan: _Plan, at: datetime, *, has_changed: bool = False) -> OpenData:
    """The row that says what stands in the files; another one where that has changed."""
    content = {"measures": plan.measures, "count": PublishedResult.objects.count()}
    newest = OpenData.newest()
    if newest is None or has_changed or newest.content != content:
        newest = OpenData.objects.create(content=content, made_at=at)
        kept = list(OpenData.objects.values_list("pk", flat=True)[:KEPT])
        OpenData.objects.exclude(pk__in=kept).delete()
    return newest


def _replaces(block: Block, standing: list[PublishedResult] | None) -> bool:
    """Whether the block is published as it is reckoned today."""
    if standing is None:
        return True
    if block.is_full_count:
        return _compared(block.rows) != _compared(standing)
    return not kept_of(standing).shown <= block.kept.shown


def _compared(rows: Iterable[PublishedResult]) -> list[tuple[object, ...]]:
    return [tuple(getattr(row, name) for name in COMPARED) for row in rows]
