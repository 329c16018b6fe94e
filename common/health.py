"""How old the oldest work owed is: rooms register their figures, `/readyz` shows them all."""

from collections.abc import Callable
from datetime import datetime

OldestOwed = Callable[[datetime], float | None]

_owed: dict[str, OldestOwed] = {}


def register_work_owed(name: str, oldest: OldestOwed) -> None:
    """`oldest(at)` says for how many seconds the oldest work has been due, or None for nothing due."""
    _owed[name] = oldest


def work_owed(at: datetime) -> dict[str, float | None]:
    """Name → seconds since the oldest work became due, or None."""
    return {name: oldest(at) for name, oldest in sorted(_owed.items())}
