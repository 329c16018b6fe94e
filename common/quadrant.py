"""Importance against satisfaction: quadrants, gap, priority and its bands (rules 5), without rows.

Both figures lie on the same scale from 1 to 5, and are exact: a need that lies on a cut would fall beside
it in floating point. Source of the quadrants: Martilla & James 1977, “Importance-Performance Analysis”,
Journal of Marketing 41.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

CONCENTRATE, KEEP_UP, LOW, OVERKILL = "concentrate", "keep_up", "low", "overkill"
HIGH_BAND, MIDDLE_BAND, LOW_BAND = "high", "middle", "low"
MIDDLE_FROM, HIGH_FROM = 1, 3
"""Bands are half-open and fixed, so that one need's band does not depend on the others (decision 65)."""


def cut_of(importances: Sequence[Fraction]) -> Fraction | None:
    """Where importance is cut: at its mean; None where there is nothing to cut."""
    return sum(importances, Fraction(0)) / len(importances) if importances else None


def quadrant(importance: Fraction, satisfaction: Fraction, *, cut: Fraction, goal: Decimal) -> str:
    """Satisfaction is cut at the goal, importance at its mean; what lies on a cut is on the high side."""
    if importance >= cut:
        return KEEP_UP if satisfaction >= goal else CONCENTRATE
    return OVERKILL if satisfaction >= goal else LOW


def priority(importance: Fraction, satisfaction: Fraction, goal: Decimal) -> Fraction:
    """Importance × what is missing to the goal; 0 where the goal is reached, at most 20."""
    return importance * max(Fraction(0), Fraction(goal) - satisfaction)


def band(priority_of_need: Fraction) -> str:
    """Three bands, not a ranking: figures of samples do not say which of two is first."""
    if priority_of_need >= HIGH_FROM:
        return HIGH_BAND
    return MIDDLE_BAND if priority_of_need >= MIDDLE_FROM else LOW_BAND


def margin(service: Fraction, expectation: Decimal) -> Fraction:
    """Perception − expectation (the sign of SERVQUAL): below 0 where the service falls short."""
    return service - Fraction(expectation)


def counts_of(quadrants: Iterable[str]) -> dict[str, int]:
    """How many needs lie in each quadrant, in the order in which they are named."""
    found = dict.fromkeys((CONCENTRATE, KEEP_UP, LOW, OVERKILL), 0)
    for each in quadrants:
        found[each] += 1
    return found
