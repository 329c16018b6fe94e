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
    is_behind: bool = False


def languages_of(rows: Iterable[Any]) -> set[str]:
    """The languages that rows of words are written in."""
    return {row.language for row in rows}


def choices_for(
    written: Collection[str], current: str, *, behind: Collection[str] = frozenset()
) -> list[Choice]:
    """Every language of the installation, marked where nothing is written in it, or not the latest."""
    return [
        Choice(
            code,
            name,
            is_current=code == current,
            is_missing=code not in written,
            is_behind=code in behind,
        )
        for code, name in settings.TEXT_LANGUAGES
    ]


def source_of(owner: Any, language: str) -> Any:
    """The words to translate from: those of the first language, else any; None for the first itself."""
    if owner is None or language == settings.LANGUAGE_CODE:
        other = owner.text(language) if owner else None
        return other if other and other.language != language else None
    other = owner.text(settings.LANGUAGE_CODE)
    return other if other and other.language != language else None


def behind(rows: Iterable[Any]) -> set[str]:
    """The languages of rows of words that were last brought up to an older text of the first language."""
    rows = list(rows)
    first = next((row for row in rows if row.language == settings.LANGUAGE_CODE), None)
    if first is None:
        return set()
    return {row.language for row in rows if row.based_on is not None and row.based_on < first.version}


def lacking(owner: Any, expected: Iterable[str]) -> list[str]:
    """Names of the expected languages in which the owner of text rows has no words yet."""
    written = languages_of(owner.texts.all())
    return [name for code, name in settings.TEXT_LANGUAGES if code in expected and code not in written]


def lagging(owner: Any) -> list[str]:
    """Names of the languages in which the owner's words are behind the first language's."""
    codes = behind(owner.texts.all())
    return [name for code, name in settings.TEXT_LANGUAGES if code in codes]
