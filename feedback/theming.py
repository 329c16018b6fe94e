"""Which theme a comment is about, by rules of keywords: pure, on text as it is searched.

A rule is a line. Its words must stand in the comment one after the other; `*` at an end of a word stands
for any letters; with `+` between them, both sides must occur, anywhere. A line that begins with `-` takes
comments out again. Capital letters and the width of letters do not matter. In scripts that put no blanks
between words (Chinese, Japanese, Thai …) a word is found anywhere.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.text import search_form

MOST_LINES = 100
LONGEST_LINE = 100
_BOTH = re.compile(r"\s\+\s")
_HAS_LETTERS = re.compile(r"\w")
_WITHOUT_BLANKS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Line:
    """One rule: every one of its patterns must be found; `takes_out` says that it then is not the theme."""

    patterns: tuple[re.Pattern[str], ...]
    takes_out: bool = False

    def fits(self, text: str) -> bool:
        return all(pattern.search(text) for pattern in self.patterns)


@dataclass(frozen=True)
class Rules:
    """The lines of one theme in one language."""

    lines: tuple[Line, ...]

    @classmethod
    def parse(cls, text: str) -> "Rules":
        """Raises ValidationError for a line without a word, and for too many or too long lines."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(_("At most %(most)d lines, please."), params={"most": MOST_LINES})
        return cls(tuple(_line(line) for line in lines))

    def fit(self, text: str) -> bool:
        """`text` in its search form."""
        if any(line.takes_out and line.fits(text) for line in self.lines):
            return False
        return any(not line.takes_out and line.fits(text) for line in self.lines)


def _line(line: str) -> Line:
    if len(line) > LONGEST_LINE:
        raise ValidationError(_("This line is too long: “%(line)s”."), params={"line": line[:40]})
    takes_out = line.startswith("-")
    parts = [part.split() for part in _BOTH.split(search_form(line.lstrip("-")))]
    if not all(parts) or not all(_HAS_LETTERS.search(word) for part in parts for word in part):
        raise ValidationError(_("This line names no word: “%(line)s”."), params={"line": line[:40]})
    return Line(tuple(_pattern(part) for part in parts), takes_out)


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\W+".join(_word(word) for word in words))


def _word(word: str) -> str:
    bare = re.escape(word.strip("*"))
    if _WITHOUT_BLANKS.search(word):
        return bare
    before = "" if word.startswith("*") else r"(?<!\w)"
    after = r"\w*" if word.endswith("*") else r"(?!\w)"
    return f"{before}{bare}{after}"


def themes_in(text: str, language: str, rules: dict[int, dict[str, Rules]]) -> set[int]:
    """The themes (theme → language → rules) that a comment is about; “de-AT” reads the rules of “de”."""
    codes: Iterable[str] = {language, language.split("-")[0]}
    return {
        theme
        for theme, by_language in rules.items()
        if any(code in by_language and by_language[code].fit(text) for code in codes)
    }
