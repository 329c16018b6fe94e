"""In which languages the parts of a course are written, and where a translation is missing or behind."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from common.imprint import imprint

NAMES = dict(settings.TEXT_LANGUAGES)
BEHIND = imprint("other words")
"""`based_on` of a translation that came in as one behind its first language."""


@dataclass(frozen=True)
class Gap:
    """A language in which a part has no words (or words behind those of the first language)."""

    code: str
    name: str
    is_missing: bool


@dataclass(frozen=True)
class Choice:
    """One language in the switch of an editor."""

    code: str
    name: str
    is_current: bool
    is_missing: bool
    is_behind: bool


def language_asked(code: str | None, otherwise: str) -> str:
    """The language asked for, if texts may be written in it; else the other one."""
    return code if code in NAMES else otherwise


def is_behind(row: Any, source: Any) -> bool:
    """The translation was made from other words than those that stand now."""
    return bool(source and row.based_on and row.based_on != source.imprint)


def based_on(source: Any, *, is_behind: bool, standing: Any = None) -> str:
    """What a translation remembers of the words of the first language; empty for those words themselves.
    `standing` is the row that is written over: behind before and after, it remembers what it did."""
    if source is None:
        return ""
    if is_behind:
        old = standing.based_on if standing is not None else ""
        return str(old) if old not in ("", source.imprint) else BEHIND
    return str(source.imprint)


def gaps_of(owner: Any, spoken: Collection[str], first: str) -> list[Gap]:
    """Where the owner of text rows has to be translated yet (prefetch `texts`)."""
    rows = {row.language: row for row in owner.texts.all()}
    source = rows.get(first)
    found = []
    for code, name in NAMES.items():
        if code in spoken and code != first:
            if code not in rows:
                found.append(Gap(code, name, is_missing=True))
            elif is_behind(rows[code], source):
                found.append(Gap(code, name, is_missing=False))
    return found


def choices_for(owner: Any, current: str, first: str) -> list[Choice]:
    """Every language, the course's first one in front, marked where the owner's words are not up to it."""
    rows = {row.language: row for row in owner.texts.all()} if owner else {}
    source = rows.get(first)
    order = sorted(NAMES, key=lambda code: code != first)
    return [
        Choice(
            code,
            NAMES[code],
            is_current=code == current,
            is_missing=code not in rows,
            is_behind=code in rows and is_behind(rows[code], source),
        )
        for code in order
    ]
