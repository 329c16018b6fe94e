"""What differs between two states of a charter: part by part, word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from charter.parts import Part, parts_of
from common.citations import Citation, read_citation
from common.languages import first_of

ADDED, RETIRED, CHANGED, MOVED = "added", "retired", "changed", "moved"
STATES = {ADDED: _("added"), RETIRED: _("retired"), CHANGED: _("changed"), MOVED: _("moved")}
_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    """A run of words; `is_changed` ones were taken out (before) or put in (after)."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Line:
    """One text of a part, before and after."""

    label: str
    before: list[Piece]
    after: list[Piece]


@dataclass(frozen=True)
class Change:
    """One part that differs. Where it was changed, `lines` compares it; where it was added or retired,
    `whole` is what it says. `languages` are those, other than the one compared, in which words changed."""

    part: Part
    state: str
    lines: list[Line]
    whole: list[tuple[str, str]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    why: str = ""
    evidence: list[Citation] = field(default_factory=list)

    @property
    def state_label(self) -> Any:
        return STATES[self.state]

    @property
    def is_elsewhere_only(self) -> bool:
        """Nothing to show: the words changed in other languages than the one compared."""
        return bool(self.languages) and not (self.lines or self.why or self.evidence)


def differences(
    before: dict[str, Any],
    after: dict[str, Any],
    language: str,
    reasons: Sequence[dict[str, Any]] = (),
) -> list[Change]:
    """Every part that was added, retired, changed or moved, in the order of the newer state.

    `reasons` are the rows that an edition keeps as `changes`. Retired parts stand after the others, and
    what changed in other languages only stands last.
    """
    old = {part.key: part for part in parts_of(before, language, after)}
    new = {part.key: part for part in parts_of(after, language)}
    moved = _moved(list(old), list(new))
    told = {row["part"]: row for row in reasons}
    found = []
    for key, part in new.items():
        if key not in old:
            found.append(_change(part, ADDED, None, part, language, told))
        elif _differs(old[key], part):
            found.append(_change(part, CHANGED, old[key], part, language, told))
        elif key in moved:
            found.append(_change(part, MOVED, None, None, language, told))
    gone = [part for key, part in old.items() if key not in new]
    found += [_change(part, RETIRED, part, None, language, told) for part in gone]
    return sorted(found, key=lambda change: change.is_elsewhere_only)


def changed_keys(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The keys of the parts that differ."""
    return {change.part.key for change in differences(before, after, settings.LANGUAGE_CODE)}


def _differs(old: Part, new: Part) -> bool:
    return old.texts != new.texts or old.facts != new.facts


def _moved(old: list[str], new: list[str]) -> set[str]:
    """What both have, but not in the same order as the rest."""
    both = set(old) & set(new)
    first, second = [key for key in old if key in both], [key for key in new if key in both]
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    stayed = {key for block in blocks for key in first[block.a : block.a + block.size]}
    return both - stayed


def _change(
    part: Part,
    state: str,
    old: Part | None,
    new: Part | None,
    language: str,
    told: dict[str, dict[str, Any]],
) -> Change:
    reason = told.get(part.key, {})
    compared_in = _shared_language(old, new, language)
    elsewhere = _other_languages(old, new, compared_in) if state == CHANGED else []
    return Change(
        part=part,
        state=state,
        lines=_lines(old, new, compared_in) if state == CHANGED else [],
        whole=part.reading(language) if state in (ADDED, RETIRED) else [],
        languages=elsewhere,
        why=reason.get("why", ""),
        evidence=[read_citation(row) for row in reason.get("evidence", [])],
    )


def _shared_language(old: Part | None, new: Part | None, language: str) -> str:
    """The one asked for where both are written in it, else another that both are written in.

    A translation that came later is no change from the words of another language.
    """
    both = set(old.texts) & set(new.texts) if old and new else set()
    return language if language in both or not both else first_of(both)


def _other_languages(old: Part | None, new: Part | None, language: str) -> list[str]:
    before, after = old.texts if old else {}, new.texts if new else {}
    return [
        name
        for code, name in settings.TEXT_LANGUAGES
        if code != language and before.get(code) != after.get(code)
    ]


def _lines(old: Part | None, new: Part | None, language: str) -> list[Line]:
    before, after = (part.lines(language) if part else {} for part in (old, new))
    return [
        Line(label, *compared(before.get(label, ""), after.get(label, "")))
        for label in dict.fromkeys([*after, *before])
        if before.get(label, "") != after.get(label, "")
    ]


def compared(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Two texts word by word: what was taken out of the first, what was put into the second.

    The blank between two changed words is marked with them, so that they read as one run.
    """
    first, second = _TOKENS.findall(before), _TOKENS.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        removed, added = "".join(first[a:b]), "".join(second[c:d])
        is_inside = 0 < b < len(first) and left != []
        is_changed = what != "equal" or (not removed.strip() and is_inside)
        _append(left, removed, is_changed)
        _append(right, added, is_changed)
    return left, right


def _append(pieces: list[Piece], text: str, is_changed: bool) -> None:
    if not text:
        return
    if pieces and pieces[-1].is_changed == is_changed:
        text = pieces.pop().text + text
    pieces.append(Piece(text, is_changed))
