"""What the room above says of a need: how many promises answer it. The charter registers itself."""

from collections.abc import Callable, Iterable

Counting = Callable[[Iterable[int]], dict[int, int]]

_counting: list[Counting] = []


def register_promises(counting: Counting) -> None:
    """`counting(need_ids)` gives need → how many promises in use answer it; needs without one may miss."""
    _counting.append(counting)


def promises_of(need_ids: Iterable[int]) -> dict[int, int]:
    ids = list(need_ids)
    found = dict.fromkeys(ids, 0)
    for counting in _counting:
        for need, many in counting(ids).items():
            found[need] += many
    return found
