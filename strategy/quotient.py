"""The results of a round of the Service Quotient: pure, and so made that nobody can be found in them.

Each person's answers come first: the weighted mean of the statements of a side that were answered. The result
of a level is the mean over its persons; a level of fewer than `MINIMUM` persons (on that side) is hidden.
The whole pools the *shown* levels only: a hidden level is in no figure, so that no subtraction finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

MINIMUM = 5
LOWEST, HIGHEST = 1, 5

Answers = Mapping[str, int | None]


def own_mean(items: Sequence[Mapping[str, Any]], answers: Answers) -> Fraction | None:
    """One person's weighted mean of a side; what does not apply is left out. None where nothing applies."""
    given = [(item.get("weight", 1), answers.get(item["key"])) for item in items]
    known = [(weight, value) for weight, value in given if value is not None]
    total = sum(weight for weight, _value in known)
    return Fraction(sum(weight * value for weight, value in known), total) if total else None


def results(content: Mapping[str, Any], sheets: Iterable[tuple[str, Answers]]) -> dict[str, Any]:
    """Side → `levels` (shown ones only: n and mean) and `whole` (the same of the shown levels together).

    Means are floats on 1 to 5. What is hidden is not in what comes back, under no name.
    """
    by_level: dict[str, list[Answers]] = {}
    for level, answers in sheets:
        by_level.setdefault(level, []).append(answers)
    return {side["key"]: _side(side["items"], by_level) for side in content["dimensions"]}


def _side(items: Sequence[Mapping[str, Any]], by_level: Mapping[str, Sequence[Answers]]) -> dict[str, Any]:
    levels: dict[str, dict[str, Any]] = {}
    pooled: list[Fraction] = []
    for level in sorted(by_level):
        means = [mean for answers in by_level[level] if (mean := own_mean(items, answers)) is not None]
        if len(means) >= MINIMUM:
            levels[level] = _figure(means)
            pooled += means
    return {"levels": levels, "whole": _figure(pooled) if pooled else None}


def _figure(means: Sequence[Fraction]) -> dict[str, Any]:
    return {"n": len(means), "mean": float(sum(means, Fraction(0)) / len(means))}


def quotient(found: Mapping[str, Any]) -> float | None:
    """The Service Quotient itself: the plain mean of the sides that have a figure."""
    means = [side["whole"]["mean"] for side in found.values() if side["whole"]]
    return sum(means) / len(means) if means else None


def perception_gap(side: Mapping[str, Any]) -> float | None:
    """The distance between the levels that see it best and worst; None under two shown levels."""
    means = [figure["mean"] for figure in side["levels"].values()]
    return max(means) - min(means) if len(means) > 1 else None
