"""What an edition fixes of a measure: its words, its meaning and its goal, whatever the draft says later."""

import copy
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from charter.models import Goal, Measure

MEANING = ("method", "direction", "source", "scale_low", "scale_high", "per")
"""How a figure is made and read. Another meaning is another figure."""

FIXED = ("name", *MEANING, "minimum_n", "is_sample", "counted", "exposure")
"""Everything of a measure that an edition keeps beside its goal."""


def frozen_measure(measure: Measure, goal: Goal | None) -> dict[str, Any]:
    """The measure as an edition keeps it. The unit of a goal is kept by its key, which outlasts a new
    short name."""
    return {
        "key": measure.key,
        **{name: getattr(measure, name) for name in FIXED},
        "goal": str(goal) if goal else None,
        "unit": goal.unit.slug if goal and goal.unit else None,
        "unit_id": goal.unit_id if goal else None,
    }


def measures_of(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every measure of an edition."""
    for standard in content.get("standards", []):
        yield from standard["measures"]


def is_promised_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two editions fixed the same meaning and goal of a measure, as far as both say."""
    names = (*MEANING, "goal", "unit_id")
    return all(one[name] == other[name] for name in names if name in one and name in other)


def as_fixed(measure: Measure, content: Mapping[str, Any]) -> Measure:
    """A copy of the measure that is what the edition says it is. Older editions lack what came later."""
    fixed = copy.copy(measure)
    for name in FIXED:
        setattr(fixed, name, content.get(name, getattr(fixed, name)))
    return fixed


def fixed_goal(
    measure: Measure, content: Mapping[str, Any], *, path: Collection[int], slugs: Collection[str]
) -> Goal | None:
    """The goal that the edition fixed, where it holds for a unit: it, or one above it, or everybody.

    `path` are the keys of the unit and of those above it, `slugs` their short names, by which editions
    named the unit before they kept its key. A goal of a unit below says nothing of the unit.
    """
    if content.get("goal") is None:
        return None
    if "unit_id" in content:
        holds = content["unit_id"] is None or content["unit_id"] in path
    else:
        holds = content.get("unit") is None or content["unit"] in slugs
    return Goal(measure=measure, target=Decimal(content["goal"])) if holds else None
