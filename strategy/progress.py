"""How far actions are, and how that stands against the plan: pure arithmetic, no rows (rules.md, section 9).

Progress and expectation are fractions: 0 nothing, 1 all of it. Nothing known is None, never 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

NOT_STARTED = "not_started"
ON_TRACK = "on_track"
AT_RISK = "at_risk"
BEHIND = "behind"
NO_INFORMATION = "no_information"
DONE = "done"
CANCELLED = "cancelled"

# Contiguous and half-open: progress / expected in [0, 0.7), [0.7, 0.9), [0.9, …).
AT_RISK_FROM = Fraction(7, 10)
ON_TRACK_FROM = Fraction(9, 10)
GRACE = timedelta(days=7)

# From the worst to the best, for the worst child of a parent.
SEVERITY = [BEHIND, AT_RISK, NO_INFORMATION, NOT_STARTED, ON_TRACK, DONE, CANCELLED]


@dataclass(frozen=True)
class Step:
    """A milestone: by when, how much of the action it is, and whether it is done."""

    due_on: date
    weight: int
    is_done: bool


@dataclass(frozen=True)
class Node:
    """What an action knows of itself. `current` None: nobody has said how far it is."""

    key: int
    parent: int | None
    weight: int
    starts_on: date
    ends_on: date
    state: str
    baseline: Fraction = Fraction(0)
    target: Fraction = Fraction(100)
    current: Fraction | None = None
    checked_on: date | None = None
    rhythm: timedelta = timedelta(days=30)
    steps: Sequence[Step] = field(default_factory=list)
    override: str = ""


@dataclass(frozen=True)
class Standing:
    """Where an action stands on a day. `raw` may lie outside 0…1, `progress` is clamped to it."""

    raw: Fraction | None
    progress: Fraction | None
    expected: Fraction | None
    status: str
    is_overridden: bool = False
    worst: int | None = None
    unknown: int = 0

    @property
    def percent(self) -> float | None:
        return None if self.progress is None else float(100 * self.progress)

    @property
    def expected_percent(self) -> float | None:
        return None if self.expected is None else float(100 * self.expected)


def progress(baseline: Fraction, target: Fraction, current: Fraction) -> Fraction:
    """(current − baseline)/(target − baseline), right in both directions: 48 → 24, now 30 is 3/4.

    Raises ValueError where baseline and target are the same.
    """
    if baseline == target:
        raise ValueError("baseline and target are the same")
    return (current - baseline) / (target - baseline)


def clamped(value: Fraction) -> Fraction:
    return min(max(value, Fraction(0)), Fraction(1))


def expected(starts_on: date, ends_on: date, on: date) -> Fraction:
    """Linear from the morning of the first day (0) to that of the last (1)."""
    if on >= ends_on:
        return Fraction(1)
    if on <= starts_on:
        return Fraction(0)
    return Fraction((on - starts_on).days, (ends_on - starts_on).days)


def expected_by_steps(steps: Sequence[Step], on: date) -> Fraction:
    """The share of the milestones whose day is past."""
    due = sum(step.weight for step in steps if step.due_on < on)
    return Fraction(due, sum(step.weight for step in steps))


def pooled(parts: Iterable[tuple[int, Fraction | None]]) -> Fraction | None:
    """Σw·p/Σw over what is known; None where nothing is."""
    known = [(weight, value) for weight, value in parts if value is not None]
    total = sum(weight for weight, _value in known)
    return sum((weight * value for weight, value in known), Fraction(0)) / total if total else None


def status(reached: Fraction | None, wanted: Fraction | None) -> str:
    """By progress / expected, in contiguous half-open bands. Nothing expected yet is on track."""
    if reached is None or wanted is None:
        return NO_INFORMATION
    if wanted == 0:
        return ON_TRACK
    ratio = reached / wanted
    return ON_TRACK if ratio >= ON_TRACK_FROM else AT_RISK if ratio >= AT_RISK_FROM else BEHIND


def standing_of(node: Node, on: date) -> Standing:
    """An action without parts."""
    raw, wanted = _reached(node), _wanted(node, on)
    found = _status(node, raw, wanted, on)
    return Standing(
        raw=raw,
        progress=None if raw is None else clamped(raw),
        expected=wanted,
        status=node.override or found,
        is_overridden=bool(node.override),
    )


def _reached(node: Node) -> Fraction | None:
    if node.steps:
        done = sum(step.weight for step in node.steps if step.is_done)
        return Fraction(done, sum(step.weight for step in node.steps))
    if node.state == DONE and node.current in (None, node.baseline):
        return Fraction(1)  # finished without a figure ever reported
    if node.current is not None:
        return progress(node.baseline, node.target, node.current)
    return Fraction(0) if node.state == "planned" else None


def _wanted(node: Node, on: date) -> Fraction:
    if node.steps:
        return expected_by_steps(node.steps, on)
    return expected(node.starts_on, node.ends_on, on)


def _status(node: Node, raw: Fraction | None, wanted: Fraction, on: date) -> str:
    if node.state in (CANCELLED, DONE):
        return node.state
    is_due = on >= node.starts_on and (wanted > 0 or bool(raw))
    if node.state == "planned" and not is_due:
        return NOT_STARTED
    heard = node.checked_on
    if node.state == "started" and (heard is None or on > heard + node.rhythm + GRACE):
        return NO_INFORMATION
    return status(None if raw is None else clamped(raw), wanted)


def standings(nodes: Sequence[Node], on: date) -> dict[int, Standing]:
    """Where each action stands, parts rolled up into what they are part of, by key.

    A part that is cancelled is left out; without parts an action stands by itself. A row that is, by
    damage, its own ancestor stands by itself too.
    """
    children: dict[int, list[Node]] = {}
    known = {node.key: node for node in nodes}
    for node in nodes:
        if node.parent in known and node.state != CANCELLED:
            children.setdefault(node.parent, []).append(node)  # type: ignore[arg-type]
    found: dict[int, Standing] = {}
    for key in _deepest_first(known, children):
        parts = [part for part in children.get(key, []) if part.key in found]
        found[key] = _rolled(known[key], parts, found, on) if parts else standing_of(known[key], on)
    return found


def _deepest_first(known: Mapping[int, Node], children: Mapping[int, Sequence[Node]]) -> list[int]:
    """Every key once, parts before wholes."""
    order: list[int] = []
    seen: set[int] = set()
    for root in [*(key for key, node in known.items() if node.parent not in known), *known]:
        waiting = [root]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                order.append(key)
                waiting += [part.key for part in children.get(key, [])]
    return order[::-1]


def _rolled(node: Node, parts: Sequence[Node], found: Mapping[int, Standing], on: date) -> Standing:
    reached = pooled((part.weight, found[part.key].progress) for part in parts)
    heard = [part for part in parts if found[part.key].progress is not None]
    wanted = pooled((part.weight, found[part.key].expected) for part in heard)
    worst = min(parts, key=lambda part: (SEVERITY.index(found[part.key].status), -part.weight, part.key))
    return Standing(
        raw=reached,
        progress=reached,
        expected=wanted,
        status=node.override or _whole(node, [found[part.key].status for part in parts], reached, wanted),
        is_overridden=bool(node.override),
        worst=worst.key,
        unknown=len(parts) - len(heard) + sum(found[part.key].unknown for part in parts),
    )


def _whole(node: Node, parts: Sequence[str], reached: Fraction | None, wanted: Fraction | None) -> str:
    """What all parts are, the whole is; else by the sums."""
    if node.state in (CANCELLED, DONE):
        return node.state
    for same in (DONE, NOT_STARTED, NO_INFORMATION):
        if all(part == same for part in parts):
            return same
    return status(reached, wanted)
