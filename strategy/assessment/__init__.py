"""What the self-assessments ask, as we wrote it."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def questionnaire() -> dict[str, Any]:
    """The Service Quotient: `version` and `dimensions`, each with `key`, `name` and `items`."""
    return _read("quotient")


@lru_cache(maxsize=1)
def first_hour() -> list[dict[str, str]]:
    """The questions of the checklist: `key` and `text`."""
    found: list[dict[str, str]] = _read("first-hour")["questions"]
    return found
