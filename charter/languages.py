"""Which languages a charter is written in, and where a translation is missing."""

from collections.abc import Collection, Iterable
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


def languages_of(rows: Iterable[Any]) -> set[str]:
    """The languages that rows of words are written in."""
    return {row.language for row in rows}


def choices_for(written: Collection[str], current: str) -> list[Choice]:
    """Every language of the installation, with a mark where nothing is written in it."""
    return [
        Choice(code, name, is_current=code == current, is_missing=code not in written)
        for code, name in settings.TEXT_LANGUAGES
    ]


def lacking(owner: Any, expected: Iterable[str]) -> list[str]:
    """Names of the expected languages in which the owner of text rows has no words yet."""
    written = languages_of(owner.texts.all())
    return [name for code, name in settings.TEXT_LANGUAGES if code in expected and code not in written]
