"""Which languages a charter is written in, and where a translation is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Choice:
    """One language in the switch of an editor."""

    code: str
    name: str
    is_current: bool
    is_missing: bool


def choices_for(rows: Iterable[Any], current: str) -> list[Choice]:
    """Every language of the installation, with a mark where no row of words is written in it."""
    written = {row.language for row in rows}
    return [
        Choice(code, name, is_current=code == current, is_missing=code not in written)
        for code, name in settings.LANGUAGES
    ]


def lacking(owner: Any, expected: Iterable[str]) -> list[str]:
    """Names of the expected languages in which the owner of text rows has no words yet."""
    written = {row.language for row in owner.texts.all()}
    return [name for code, name in settings.LANGUAGES if code in expected and code not in written]
