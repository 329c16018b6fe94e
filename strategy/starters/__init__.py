"""Templates of an initiative, written by us: their steps, each with the words for when it is done."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class PlannedStep:
    """`check` names what the product can tell of it (`strategy.steps`); empty: a person says so."""

    title: str
    done: str
    check: str = ""


@dataclass(frozen=True)
class Starter:
    key: str
    name: str
    words: str
    steps: tuple[PlannedStep, ...]


@lru_cache(maxsize=1)
def starters() -> dict[str, Starter]:
    """By key, in the order in which they are offered."""
    found = {}
    for key in ("seven-steps", "ten-points", "culture-keys"):
        told = tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
        steps = tuple(PlannedStep(**step) for step in told["steps"])
        found[key] = Starter(key, told["name"], told["words"], steps)
    return found
