"""The kinds of long work. Each room registers its own; the rows and their states are in `actions.jobs`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from organisation.models import Job

Report = Callable[[int, int], None]
Handler = Callable[[Job, Report], None]


@dataclass(frozen=True)
class Kind:
    """`handler(job, report)` does the work; `result_url(job)` leads to what came of it.

    A handler is idempotent: it may be run again after a crash at any point. It calls
    `report(done, total)` at least once a minute, outside its transactions, which saves the progress
    and keeps the job its own.
    """

    handler: Handler
    label: Any
    result_url: Callable[[Job], str] | None = None


class UnknownKind(LookupError):
    """Nothing is registered for the job's kind."""


_kinds: dict[str, Kind] = {}


def register_job(
    kind: str, handler: Handler, label: Any, result_url: Callable[[Job], str] | None = None
) -> None:
    _kinds[kind] = Kind(handler, label, result_url)


def kind_of(job: Job) -> Kind:
    """Raises UnknownKind where no room has registered the job's kind."""
    try:
        return _kinds[job.kind]
    except KeyError:
        raise UnknownKind(job.kind) from None


def label_of(job: Job) -> Any:
    """The kind in the user's words; its bare name where the room is gone."""
    return _kinds[job.kind].label if job.kind in _kinds else job.kind


def result_url_of(job: Job) -> str:
    """Where the result can be seen; empty where there is no such page."""
    kind = _kinds.get(job.kind)
    return kind.result_url(job) if kind and kind.result_url else ""


def kinds() -> list[tuple[str, Any]]:
    return sorted((name, kind.label) for name, kind in _kinds.items())
