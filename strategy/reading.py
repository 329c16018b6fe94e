"""A closed round as its page, its export and its PDF tell it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.figure_words import rounded
from organisation.models import Membership
from strategy.models import Consensus, Round
from strategy.quotient import HIGHEST, LOWEST, perception_gap, quotient
from strategy.radar import Radar, radar

LEVELS = [level.value for level in (Membership.Level.LEADERSHIP, Membership.Level.MIDDLE)] + [
    Membership.Level.FRONT.value
]
MIDDLE = (LOWEST + HIGHEST) / 2


@dataclass(frozen=True)
class Side:
    """One side of a round: the figure of each level (None: hidden), of the whole, what was agreed.

    `before` is the whole's figure in the round that it is compared with.
    """

    key: str
    name: str
    levels: list[dict[str, Any] | None]
    whole: dict[str, Any] | None
    distance: float | None
    consensus: Consensus | None
    before: float | None = None

    @property
    def change(self) -> float | None:
        if self.before is None or self.whole is None:
            return None
        return float(self.whole["mean"]) - self.before

    @property
    def current(self) -> float | None:
        """What was agreed, else what was answered."""
        if self.consensus is not None:
            return float(self.consensus.score)
        return self.whole["mean"] if self.whole else None


def sides(found: Round, before: Round | None = None) -> list[Side]:
    """The sides in the order of the questionnaire."""
    agreed = {each.side: each for each in found.consensus.all()}
    rows = []
    for side in found.content.get("dimensions", []):
        result = found.results.get(side["key"], {"levels": {}, "whole": None})
        earlier = before.results.get(side["key"], {}).get("whole") if before else None
        rows.append(
            Side(
                key=side["key"],
                name=side["name"],
                levels=[result["levels"].get(level) for level in LEVELS],
                whole=result["whole"],
                distance=perception_gap(result),
                consensus=agreed.get(side["key"]),
                before=earlier["mean"] if earlier else None,
            )
        )
    return rows


def strongest(rows: list[Side], count: int = 2) -> list[Side]:
    """The highest `count`, and whatever reads as high as the last of them; none where all do."""
    known = sorted((row for row in rows if row.current is not None), key=lambda row: -(row.current or 0))
    if len(known) <= 2 * count:
        return []
    found = [row for row in known if _tenth(row) >= _tenth(known[count - 1])]
    return found if len(found) < len(known) else []


def weakest(rows: list[Side], count: int = 2) -> list[Side]:
    """The lowest `count` of those that read lower than every one of the strongest, and what is level."""
    low = min((_tenth(row) for row in strongest(rows, count)), default=Decimal(0))
    under = [row for row in rows if row.current is not None and _tenth(row) < low]
    under.sort(key=lambda row: row.current or 0)
    return [row for row in under if _tenth(row) <= _tenth(under[:count][-1])]


def _tenth(side: Side) -> Decimal:
    """As it is read: two sides that both show “3.2” are level."""
    return rounded(side.current or 0, 1)


def drawing(rows: list[Side]) -> Radar:
    """The levels that are shown, the whole, and the targets where there are any."""
    names = [row.name for row in rows]
    labels = dict(Membership.Level.choices)
    series: list[tuple[str, str, list[float | None]]] = [
        (level, str(labels[level]), [_mean(row.levels[number]) for row in rows])
        for number, level in enumerate(LEVELS)
    ]
    targets = [float(row.consensus.target) if row.consensus else None for row in rows]
    series.append(("target", "target", targets))
    return radar(names, [each for each in series if any(value is not None for value in each[2])])


def _mean(figure: dict[str, Any] | None) -> float | None:
    return figure["mean"] if figure else None


def whole_quotient(found: Round) -> float | None:
    return quotient(found.results)


def is_low(mean: float, target: float | None) -> bool:
    """Before anything is agreed: half a point or more under the target agreed last time; where there was
    none, under the middle of the scale."""
    return mean < MIDDLE if target is None else round(target - mean, 9) >= 0.5


def is_weak(consensus: Consensus) -> bool:
    """Half a point or more under its target: what proposes a gap."""
    return bool(consensus.gap >= Decimal("0.5"))
