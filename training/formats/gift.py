"""GIFT, the text format of Moodle's questions: read into `Found`, written so that it reads back.

Format: https://docs.moodle.org/en/GIFT_format. What GIFT has no place for (points, the standard, how a
choice of several is marked, the guide for whoever marks) stands in a comment before the question, which
other readers pass over.
"""

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from training.course_file import QuestionPart
from training.formats.found import (
    WHOLE,
    Choice,
    Found,
    FoundQuestion,
    LeftOut,
    NotCarried,
    choices_as_options,
    matching_pairs,
    number,
    numeric_answer,
    refuse_count,
    refuse_length,
    short_answers,
)
from training.formats.plain_words import plain_words
from training.marking import ALL_OR_NOTHING

OURS = "// charterwell: "
OURS_NAMES = {"kind", "points", "standard", "marking", "guide"}
_SPECIAL = re.compile(r"([~=#{}:\\])")
_SIGN = re.compile(r"\\.|[=~]", re.DOTALL)
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT = re.compile(r"^%(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)%")
_IDENTITY = re.compile(r"\[id:([^\]\n]{1,100})\]")
AS_IT_STANDS = "ALL VERTICAL ABSOLUTE_POSITION SHOW none"
_SOME = {"RANDOM", "REL", "CONTIGUOUS", "CONTIG"}
_ORDER = {
    *_SOME,
    *("ALL", "EXACT", "HORIZONTAL", "HORI", "H", "1", "VERTICAL", "VERT", "V", "0"),
    *("ALL_OR_NOTHING", "ABSOLUTE_POSITION", "ABSOLUTE", "ABS", "RELATIVE", "RELATIVE_TO_CORRECT"),
    *("RELATIVE_NEXT_EXCLUDE_LAST", "RELATIVE_NEXT_INCLUDE_LAST"),
    *("RELATIVE_ONE_PREVIOUS_AND_NEXT", "RELATIVE_ALL_PREVIOUS_AND_NEXT"),
    *("LONGEST_ORDERED_SUBSET", "LONGEST_CONTIGUOUS_SUBSET"),
    *("SHOW", "TRUE", "YES", "HIDE", "FALSE", "NO", "NONE", "123", "ABC", "ABCD", "III", "IIII"),
}
"""What may stand behind the “>” of an order to find, on its line and nowhere else."""
_NUMBERS = {"none", "123", "abc", "ABCD", "iii", "IIII"}


def read_gift(text: str) -> Found:
    """The questions of the text. Raises FormatRefused where there are too many."""
    found = Found()
    category = ""
    blocks = list(_blocks(text))
    refuse_count(len(blocks))
    for line, comments, block in blocks:
        where = _("line %(line)s") % {"line": line}
        if block.startswith("$CATEGORY:"):
            category = block.removeprefix("$CATEGORY:").strip().removeprefix("$course$/")
            continue
        name, rest = _named(block)
        identity = _IDENTITY.search(comments)
        try:
            question = _question(name, rest, where, _ours(comments))
        except NotCarried as reason:
            found.left_out.append(LeftOut(name or _start(rest), where, str(reason)))
            continue
        question.name = identity[1] if identity else question.name
        question.category = category
        found.questions.append(question)
    return found


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Each question: its first line's number, the comments before it, its text. Blank lines part them."""
    lines: list[str] = []
    comments: list[str] = []
    start = 0
    source = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for count, line in enumerate([*source, ""], start=1):
        if line.strip().startswith("//"):
            comments.append(line.strip())
        elif line.strip() and line.strip().startswith("$CATEGORY:") and not lines:
            yield count, "", line.strip()
            comments = []
        elif line.strip():
            start = start or count
            lines.append(line.strip())
        elif lines:
            yield start, "\n".join(comments), "\n".join(lines)
            lines, comments, start = [], [], 0
    return


def _ours(comments: str) -> dict[str, Any]:
    """What a comment of our own says beside the question; nothing where it is no such comment."""
    for line in comments.split("\n"):
        if line.startswith(OURS):
            try:
                said = json.loads(line.removeprefix(OURS))
            except (ValueError, RecursionError):
                return {}
            if isinstance(said, dict):
                return {
                    name: value
                    for name, value in said.items()
                    if name in OURS_NAMES and isinstance(value, str)
                }
    return {}


def _named(block: str) -> tuple[str, str]:
    if not block.startswith("::"):
        return "", block
    end = _find(block, "::", 2)
    if end < 0:
        return "", block
    return _bare(block[2:end]).strip(), block[end + 2 :].strip()


def _start(text: str) -> str:
    return " ".join(_bare(text).split())[:60]


def _find(text: str, wanted: str, start: int = 0) -> int:
    """The first place of the mark that no backslash takes away; −1 where there is none."""
    for mark in re.compile(rf"\\.|{re.escape(wanted)}", re.DOTALL).finditer(text, start):
        if mark[0] == wanted:
            return mark.start()
    return -1


def _bare(text: str) -> str:
    """The text without the backslashes that took marks away."""
    return re.sub(
        r"\\([~=#{}:n\\\[%/>])", lambda found: "\n" if found[1] == "n" else found[1], text, flags=re.DOTALL
    )


class _Words:
    """Reads pieces of text in the format of the question, and remembers pictures."""

    def __init__(self, text: str) -> None:
        self.format = self._format(text)
        self.has_pictures = False

    @staticmethod
    def _format(text: str) -> str:
        found = _FORMAT.match(text)
        return found[1].lower() if found else ""

    def read(self, text: str) -> str:
        chosen = self._format(text) or self.format
        bare = _bare(_FORMAT.sub("", text, count=1)).strip()
        if chosen != "html":
            return bare
        words, pictured = plain_words(bare)
        self.has_pictures |= pictured
        return words


def _question(name: str, rest: str, where: str, ours: dict[str, Any]) -> FoundQuestion:
    refuse_length(len(rest))
    begin = _find(rest, "{")
    end = _find(rest, "}", begin + 1) if begin >= 0 else -1
    if begin < 0:
        raise NotCarried(_("It is a text without a question."))
    if end < 0:
        raise NotCarried(_("Its answers are not closed: a “}” is missing."))
    if rest[end + 1 :].strip():
        if _find(rest, "{", end + 1) >= 0:
            raise NotCarried(_("There are several gaps in one text. A blank line parts two questions."))
        raise NotCarried(_("It has a gap in the middle of a sentence."))
    words = _Words(rest)
    text = words.read(rest[:begin])
    answers, general = _general(rest[begin + 1 : end], words)
    kind, values, notes = _answers(answers, words, ours)
    kept = {each: ours[each] for each in ("standard",) if each in ours}
    if "points" in ours:
        kept["points"] = number(ours["points"])
    if kind == "open" and "guide" in ours:
        kept["guide"] = ours["guide"]
    if words.has_pictures:
        notes = [*notes, _("Pictures and other files are not carried.")]
    values = {"text": text, "feedback": general, **kept, **values}
    return FoundQuestion(name or "", where, kind, values, notes=notes)


def _general(answers: str, words: _Words) -> tuple[str, str]:
    place = _find(answers, "####")
    if place < 0:
        return answers.strip(), ""
    return answers[:place].strip(), words.read(answers[place + 4 :])


def _answers(answers: str, words: _Words, ours: dict[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    if not answers:
        return "open", {}, []
    if answers.startswith("#"):
        return "numeric", *_numeric(answers[1:].strip(), words)
    if answers.startswith(">"):
        return "ordering", *_ordering(answers, words)
    verdict = answers[: _first(answers, "#")].strip().upper()
    if verdict in ("T", "TRUE", "F", "FALSE"):
        rest = answers[_first(answers, "#") :]
        notes = [_("What is said about single answers is not carried.")] if rest.strip("# \n") else []
        return "true_false", {"answer": verdict.startswith("T")}, notes
    entries = list(_entries(answers))
    if all(sign == "=" and _find(entry, "->") >= 0 for sign, entry in entries):
        return "matching", *matching_pairs([_pair(entry, words) for _sign, entry in entries])
    choices = [_choice(sign, entry, words) for sign, entry in entries]
    signs = {sign for sign, _entry in entries}
    if signs == {"="}:
        return "short", *short_answers(choices)
    kind, values, notes = choices_as_options(choices, one="=" in signs)
    if kind == "multiple" and ours.get("marking") == ALL_OR_NOTHING:
        values["marking"] = ALL_OR_NOTHING
    return kind, values, notes


def _pair(entry: str, words: _Words) -> tuple[str, str]:
    place = _find(entry, "->")
    return words.read(entry[:place]), words.read(entry[place + 2 :])


def _first(text: str, mark: str) -> int:
    place = _find(text, mark)
    return place if place >= 0 else len(text)


def _entries(answers: str) -> Iterator[tuple[str, str]]:
    """Each answer with its sign, “=” or “~”. Raises NotCarried where one has none."""
    if answers[0] not in "=~":
        raise NotCarried(_("Its answers begin with neither “=” nor “~”."))
    places = [mark.start() for mark in _SIGN.finditer(answers) if mark[0] in "=~"]
    for place, following in zip(places, [*places[1:], len(answers)], strict=True):
        yield answers[place], answers[place + 1 : following].strip()


def _choice(sign: str, entry: str, words: _Words) -> Choice:
    share = WHOLE if sign == "=" else Decimal(0)
    weight = _WEIGHT.match(entry)
    if weight:
        share, entry = Decimal(weight[1]), entry[weight.end() :]
    hash_ = _first(entry, "#")
    return Choice(words.read(entry[:hash_]), share, words.read(entry[hash_ + 1 :]))


def _numeric(answers: str, words: _Words) -> tuple[dict[str, Any], list[str]]:
    entries = list(_entries(answers)) if answers[:1] in ("=", "~") else [("=", answers)]
    read = []
    for sign, entry in entries:
        choice = _choice(sign, entry, words)
        if sign == "~" or choice.text in ("", "*"):
            read.append((Choice("", Decimal(0), choice.feedback), Decimal(0), Decimal(0)))
            continue
        plain = entry[: _first(entry, "#")]
        plain = _WEIGHT.sub("", plain)
        read.append((choice, *_target(plain)))
    return numeric_answer(read)


def _target(text: str) -> tuple[Decimal, Decimal]:
    """A number and how far away is still right, of “3”, “3:0.5” or “2.5..3.5”."""
    if ".." in text:
        low, _dots, high = text.partition("..")
        lowest, highest = number(low), number(high)
        return (lowest + highest) / 2, abs(highest - lowest) / 2
    target, _colon, tolerance = text.partition(":")
    return number(target), number(tolerance) if tolerance.strip() else Decimal(0)


def _ordering(answers: str, words: _Words) -> tuple[dict[str, Any], list[str]]:
    """The items line by line, in their right order. What is no setting on the first line is an item too."""
    first, *lines = answers[1:].split("\n")
    settings, rest = _settings(first)
    items = [words.read(line) for line in (rest, *lines) if line.strip()]
    count = int(settings[0]) if settings and settings[0].isdigit() else 0
    notes = []
    if _SOME & set(settings) or (0 < count < len(items) and not {"ALL", "EXACT"} & set(settings)):
        notes.append(_("There only some of the things were to be put in order; here all of them are."))
    return {"items": items}, notes


def _settings(line: str) -> tuple[list[str], str]:
    """The settings with which the line begins, in capitals, and what follows them."""
    said = line.split()
    if all(each.upper() in _ORDER or (not place and _is_count(each)) for place, each in enumerate(said)):
        return [each.upper() for each in said], ""
    known = 0
    while said[known] in _ORDER | _NUMBERS or (not known and _is_count(said[known])):
        known += 1
    return [each.upper() for each in said[:known]], line.split(maxsplit=known)[known]


def _is_count(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 4


# ------------------------------------------------------------------- writing


def write_gift(parts: Iterable[QuestionPart], *, category: str = "") -> str:
    """The questions as GIFT. `read_gift` gives the same ones back."""
    blocks = [f"$CATEGORY: {category}"] if category else []
    blocks += [_block(part) for part in parts]
    return "\n\n".join(blocks) + "\n"


def _block(part: QuestionPart) -> str:
    ours = {"points": f"{part.points.normalize():f}"}
    if part.standard:
        ours["standard"] = part.standard
    if part.kind == "multiple" and part.marking == ALL_OR_NOTHING:
        ours["marking"] = part.marking
    if part.content.get("guide"):
        ours["guide"] = part.content["guide"]
    head = f"// [id:{part.key}]\n{OURS}{json.dumps(ours)}\n"
    general = f"####{_safe(part.feedback)}" if part.feedback else ""
    answers = _WRITERS[part.kind](part.content)
    return f"{head}::{_safe(part.key)}::[markdown]{_safe(part.text)} {{{answers}{general}}}"


def _safe(text: str) -> str:
    """With a backslash before every mark, and before what would be read as a format, a weight, a comment
    or an arrow."""
    escaped = _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n").replace("->", "-\\>")
    return f"\\{escaped}" if escaped.startswith(("[", "%", "/", ">")) else escaped


def _write_options(content: dict[str, Any], right: str, wrong: str) -> str:
    rows = []
    for option in content["options"]:
        feedback = f"#{_safe(option['feedback'])}" if option["feedback"] else ""
        rows.append(f"\n{right if option['correct'] else wrong}{_safe(option['text'])}{feedback}")
    return "".join(rows) + "\n"


def _write_multiple(content: dict[str, Any]) -> str:
    count = sum(option["correct"] for option in content["options"])
    share = f"{(WHOLE / count).quantize(Decimal('0.00001')).normalize():f}"
    return _write_options(content, f"~%{share}%", f"~%-{share}%")


_WRITERS: dict[str, Any] = {
    "single": lambda content: _write_options(content, "=", "~"),
    "multiple": _write_multiple,
    "true_false": lambda content: "TRUE" if content["answer"] else "FALSE",
    "ordering": lambda content: (
        "\n".join([f">{len(content['items'])} {AS_IT_STANDS}", *map(_safe, content["items"])]) + "\n"
    ),
    "matching": lambda content: (
        "".join(f"\n={_safe(left)} -> {_safe(right)}" for left, right in content["pairs"]) + "\n"
    ),
    "numeric": lambda content: f"#{content['answer']}:{content['tolerance']}",
    "short": lambda content: "".join(f"\n={_safe(answer)}" for answer in content["answers"]) + "\n",
    "open": lambda content: "",
}
