"""Which figures of a tree of units may be published together: pure arithmetic on numbers of answers.

In one period every answer stands in exactly one unit. What is shown of a unit, less what is shown of
the units just below it, is its *rest*: its own answers and those of its hidden units. The rests of all
shown units share no answer, and whatever can be reckoned from shown figures is a sum of rests. So no
hidden figure can be found where each rest holds no answer at all, or at least the minimum: then more
than one part is in it, because a part alone with so many would be shown. Nothing below a hidden unit is
shown.

One period must not be published beside another that shares days with it: see `grain`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TOO_FEW = "too_few"
WITH_ANOTHER = "with_another"
BELOW_HIDDEN = "below_hidden"


@dataclass(frozen=True)
class Family:
    """A tree of units in one period: who stands below whom, and each unit's `own` answers."""

    top: int
    children: Mapping[int, Sequence[int]]
    own: Mapping[int, int]
    totals: dict[int, int] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        for unit in reversed(self.units()):
            below = (self.totals[child] for child in self.children.get(unit, ()))
            self.totals[unit] = self.own.get(unit, 0) + sum(below)

    def units(self) -> list[int]:
        """From the top down, each before what stands below it."""
        found = [self.top]
        for unit in found:
            found += self.children.get(unit, ())
        return found

    def answered(self) -> list[int]:
        return [unit for unit in self.units() if self.totals[unit]]


def hidden_units(family: Family, minimum: int) -> dict[int, str]:
    """Unit → why its figure is hidden: `too_few` of its own, or `with_another`, or `below_hidden`."""
    found = {family.top: TOO_FEW} if family.totals[family.top] < minimum else {}
    for parent in family.units():
        answered = [unit for unit in family.children.get(parent, ()) if family.totals[unit]]
        if parent in found:
            found |= {unit: TOO_FEW if family.totals[unit] < minimum else BELOW_HIDDEN for unit in answered}
        else:
            found |= _among_sisters(answered, family, minimum, own=family.own.get(parent, 0))
    return found


def _among_sisters(units: Sequence[int], family: Family, minimum: int, *, own: int) -> dict[int, str]:
    """The smallest ones join those with too few, until their parent's rest tells nothing of any of them."""
    found = {unit: TOO_FEW for unit in units if family.totals[unit] < minimum}
    shown = sorted((family.totals[unit], unit) for unit in units if unit not in found)
    rest = own + sum(family.totals[unit] for unit in found)
    while shown and 0 < rest < minimum:
        answers, unit = shown.pop(0)
        found[unit] = WITH_ANOTHER
        rest += answers
    return found


def grain(quarter: Family, months: Sequence[Family], minimum: int) -> str:
    """`months` or `quarter`: never both, because their difference would be a figure of few answers.

    Months where that hides nothing that the quarter would show; else the quarter as one.
    """
    shown = set(quarter.answered()) - set(hidden_units(quarter, minimum))
    counted = sum(month.totals[month.top] for month in months)
    if not shown or counted != quarter.totals[quarter.top]:
        return "quarter"
    hidden = (set(hidden_units(month, minimum)) for month in months)
    return "quarter" if any(shown & each for each in hidden) else "months"
