"""What may be shown of answers that must not lead to a person: pure arithmetic on numbers of answers.

Every answer belongs to one *portion*: a place and a day. Portions are put together into *blocks*, of which
each holds at least the minimum of answers, and in each of its classes none or at least the minimum. Blocks
share no answer and depend on nothing that a reader chooses. What a page, a file or the API shows of a unit
and a period is the sum of the blocks that lie wholly inside it; the rest waits for more answers. So whatever
is reckoned from shown figures (a parent less its children, a long period less a short one, a list less a
filtered one) is again a sum of whole blocks (decision 59).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Place = Hashable


@dataclass(frozen=True)
class Portion:
    """The answers of one place on one day (or, put together already, of several).

    `home` is the place in which it was made, `places` are those of its answers. `counts` is by anything;
    `classes` how many of them belong to each class that must not be small.
    """

    home: Place
    places: frozenset[Place]
    first: date
    last: date
    classes: Counter[Any]
    counts: Counter[Any] = field(default_factory=Counter)

    def lies_in(self, places: "set[Place] | frozenset[Place]", start: date, end: date) -> bool:
        """Wholly inside the places and `[start, end)`."""
        return start <= self.first and self.last < end and self.places <= places


def blocks(portions: Iterable[Portion], above: Mapping[Place, Place | None], minimum: int) -> list[Portion]:
    """The blocks, made in each calendar year by itself.

    `above` leads from a place to the one above it (a collector to its unit, a unit to its parent). What is
    too little in a place is put together with its sisters' in the place above; what is too little at the
    top is in no block. Blocks that are given as portions stay whole.
    """
    by_year: dict[int, list[Portion]] = {}
    for portion in portions:
        by_year.setdefault(portion.first.year, []).append(portion)
    found: list[Portion] = []
    for _year, those in sorted(by_year.items()):
        found += _of_a_year(those, above, minimum)
    return found


def _of_a_year(
    portions: Iterable[Portion], above: Mapping[Place, Place | None], minimum: int
) -> Iterator[Portion]:
    waiting: dict[Place | None, list[Portion]] = {}
    for portion in portions:
        waiting.setdefault(portion.home, []).append(portion)
    for place in _from_below(above):
        left: list[Portion] = []
        for portion in sorted(waiting.pop(place, []), key=_order):
            left.append(portion)
            if _is_enough(left, minimum):
                yield _together(left, place)
                left = []
        waiting.setdefault(above.get(place), []).extend(left)


def _order(portion: Portion) -> Any:
    return (portion.first, portion.last, sorted(map(str, portion.places)))


def _from_below(above: Mapping[Place, Place | None]) -> list[Place]:
    """Every place before the one above it."""

    def depth(place: Place) -> int:
        steps, at = 0, above.get(place)
        while at is not None:
            steps, at = steps + 1, above.get(at)
        return steps

    return sorted(above, key=lambda place: (-depth(place), str(place)))


def _is_enough(portions: Iterable[Portion], minimum: int) -> bool:
    classes: Counter[Any] = Counter()
    for portion in portions:
        classes.update(portion.classes)
    present = [count for count in classes.values() if count]
    return bool(present) and min(present) >= minimum


def _together(portions: list[Portion], home: Place) -> Portion:
    classes: Counter[Any] = Counter()
    counts: Counter[Any] = Counter()
    for portion in portions:
        classes.update(portion.classes)
        counts.update(portion.counts)
    return Portion(
        home=home,
        places=frozenset().union(*(portion.places for portion in portions)),
        first=min(portion.first for portion in portions),
        last=max(portion.last for portion in portions),
        classes=classes,
        counts=counts,
    )


def merged_classes(totals: Mapping[Any, int], minimum: int) -> dict[Any, Any]:
    """Class → the class as which it is shown: those with too few answers in all become “others” (None),
    with the next smallest while they are too few still."""
    smallest_first = sorted(totals, key=lambda each: (totals[each], str(each)))
    joined: list[Any] = []
    for each in smallest_first:
        if totals[each] < minimum or (joined and sum(totals[one] for one in joined) < minimum):
            joined.append(each)
    return {each: None if each in joined else each for each in totals}


def shown(
    of: Iterable[Portion], places: "set[Place] | frozenset[Place]", start: date, end: date
) -> Counter[Any]:
    """The sum of the blocks that lie wholly inside the places and `[start, end)`."""
    found: Counter[Any] = Counter()
    for block in of:
        if block.lies_in(places, start, end):
            found.update(block.counts)
    return found
