"""Reads catalogues and the words that public files hold, without GNU gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from home.catalogue import is_public

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("de", "fr", "ar")
_LITERAL = r"(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))"
_CALL = re.compile(r"\b(?:gettext|ngettext|pgettext|_)\(\s*" + _LITERAL)
_NAMES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def folder(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES"


def public_files(suffix: str) -> list[Path]:
    rooms = ("charter", "common", "feedback", "home", "scoreboard", "templates", "training")
    found = (path for room in rooms for path in (ROOT / room).rglob(f"*{suffix}"))
    return sorted(path for path in found if is_public(str(path.relative_to(ROOT))))


def words_of_template(path: Path) -> set[str]:
    made = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return {ast.literal_eval(literal) for literal in _CALL.findall(made)}


def words_of_module(path: Path) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _NAMES
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Of a .po file: message id → its strings by keyword (msgid, msgid_plural, msgstr, msgstr[0], …)."""
    for block in text.split("\n\n"):
        found: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if line.startswith("#"):
                if "fuzzy" in line and line.startswith("#,"):
                    found["fuzzy"] = "yes"
                continue
            opened = re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line)
            if opened:
                keyword = opened[1]
                found[keyword] = ast.literal_eval(opened[2])
            elif line.startswith('"'):
                found[keyword] += ast.literal_eval(line)
        if "msgid" in found:
            yield found["msgid"], found
