"""Moodle's XML format of questions, read into `Found`.

Format: https://docs.moodle.org/en/Moodle_XML_format. A file from outside is not trusted: definitions of
a document type and of entities are refused, and so is everything that is too large.
"""

from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.formats.found import (
    Choice,
    FormatRefused,
    Found,
    FoundQuestion,
    LeftOut,
    NotCarried,
    all_or_nothing,
    choices_as_options,
    matching_pairs,
    number,
    numeric_answer,
    refuse_count,
    refuse_length,
    short_answers,
)
from training.formats.plain_words import plain_words

KNOWN_BUT_NOT_CARRIED = {
    "description": gettext_lazy("It is a text without a question."),
    "cloze": gettext_lazy("It has gaps in a text (cloze)."),
    "calculated": gettext_lazy("Its numbers are made anew each time (calculated)."),
    "calculatedsimple": gettext_lazy("Its numbers are made anew each time (calculated)."),
    "calculatedmulti": gettext_lazy("Its numbers are made anew each time (calculated)."),
    "gapselect": gettext_lazy("It has missing words to choose."),
    "ddwtos": gettext_lazy("Words are dragged into a text."),
    "ddmarker": gettext_lazy("Something is dragged onto a picture."),
    "ddimageortext": gettext_lazy("Something is dragged onto a picture."),
    "random": gettext_lazy("It stands for a question drawn at random."),
    "randomsamatch": gettext_lazy("It is put together at random from other questions."),
}
SINGLE_NUMBER = {"0", "false", "no"}


def read_moodle_xml(raw: bytes) -> Found:
    """The questions of the file. Raises FormatRefused where it is no such file, or a hostile one."""
    root = _root(raw)
    if root.tag != "quiz":
        raise FormatRefused(_("The file is XML, but no questions of Moodle: it does not begin with <quiz>."))
    rows = root.findall("question")
    refuse_count(sum(row.get("type") != "category" for row in rows))
    found, category, count = Found(), "", 0
    for row in rows:
        kind = row.get("type", "")
        if kind == "category":
            category = _text(row.find("category")).removeprefix("$course$/").removeprefix("top/")
            continue
        count += 1
        where = _("question %(count)s of the file") % {"count": count}
        name = _text(row.find("name"))[:120]
        try:
            question = _question(row, kind, name, where)
        except NotCarried as reason:
            found.left_out.append(LeftOut(name, where, str(reason)))
            continue
        question.category = category
        found.questions.append(question)
    return found


def _root(raw: bytes) -> Element:
    try:
        return fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise FormatRefused(_("The file defines entities of its own. Such files are not read.")) from None
    except ParseError as error:
        line, column = getattr(error, "position", (0, 0))
        words = _(
            "The file is no complete XML: it breaks off or has a fault in line %(line)s, column %(column)s."
        )
        raise FormatRefused(words % {"line": line, "column": column}) from None
    except (ValueError, LookupError, RecursionError):
        raise FormatRefused(
            _("The file cannot be read: it says that it is written in an unknown way.")
        ) from None


def _text(row: Element | None) -> str:
    """The bare text below an element."""
    if row is None:
        return ""
    inner = row.find("text")
    return ((inner.text if inner is not None else row.text) or "").strip()


class _Words:
    """Reads the texts of one question; remembers whether pictures or files stay behind."""

    def __init__(self) -> None:
        self.has_files = False

    def read(self, row: Element | None, inherited: str = "html") -> str:
        if row is None:
            return ""
        self.has_files |= row.find("file") is not None
        text = _text(row)
        refuse_length(len(text))
        if row.get("format", inherited) not in ("html", "moodle_auto_format"):
            return text
        if row.get("format", inherited) == "moodle_auto_format" and "<" not in text:
            return text
        words, pictured = plain_words(text)
        self.has_files |= pictured
        return words


def _question(row: Element, kind: str, name: str, where: str) -> FoundQuestion:
    if kind in KNOWN_BUT_NOT_CARRIED:
        raise NotCarried(str(KNOWN_BUT_NOT_CARRIED[kind]))
    if kind not in _READERS:
        raise NotCarried(_("Its kind “%(kind)s” is not known here.") % {"kind": kind[:40]})
    words = _Words()
    text, general = words.read(row.find("questiontext")), words.read(row.find("generalfeedback"))
    chosen, values, notes = _READERS[kind](row, words)
    values = {"text": text, "feedback": general, **_of_ours(row), **values}
    if row.find("defaultgrade") is not None and _text(row.find("defaultgrade")):
        values["points"] = number(_text(row.find("defaultgrade"))).normalize()
    if row.find("hint") is not None:
        notes = [*notes, _("Hints are not carried.")]
    if words.has_files:
        notes = [*notes, _("Pictures and other files are not carried.")]
    return FoundQuestion(_text(row.find("idnumber")) or name, where, chosen, values, notes=notes)


def _of_ours(row: Element) -> dict[str, Any]:
    """The standard, where a tag “standard:KEY” names it."""
    tags = [_text(tag) for tag in row.iterfind("tags/tag")]
    keys = [tag.partition(":")[2].strip() for tag in tags if tag.startswith("standard:")]
    return {"standard": keys[0]} if keys else {}


def _choices(row: Element, words: _Words) -> list[Choice]:
    default = "html" if row.get("type") in ("multichoice", "multichoiceset") else "plain_text"
    return [
        Choice(
            words.read(answer, default),
            number(answer.get("fraction") or "0"),
            words.read(answer.find("feedback")),
        )
        for answer in row.iterfind("answer")
    ]


def _multichoice(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    one = _text(row.find("single")).lower() not in SINGLE_NUMBER
    return choices_as_options(_choices(row, words), one=one)


def _all_or_nothing(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    return "multiple", all_or_nothing(_choices(row, words)), []


def _true_false(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    choices = _choices(row, words)
    right = [each.text.lower() for each in choices if each.share > 0]
    if right not in (["true"], ["false"]):
        raise NotCarried(_("It does not say whether it is true or false."))
    said = any(each.feedback for each in choices)
    notes = [_("What is said about single answers is not carried.")] if said else []
    return "true_false", {"answer": right == ["true"]}, notes


def _short(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    values, notes = short_answers(_choices(row, words))
    if _text(row.find("usecase")) == "1":
        notes = [*notes, _("Capital letters counted there; here they do not.")]
    return "short", values, notes


def _numerical(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    if row.find("units") is not None and len(list(row.iterfind("units/unit"))) > 1:
        raise NotCarried(_("It may be answered in several units."))
    answers = []
    for choice, answer in zip(_choices(row, words), row.iterfind("answer"), strict=True):
        target = Decimal(0) if choice.text in ("", "*") else number(choice.text)
        share = Decimal(0) if choice.text in ("", "*") else choice.share
        tolerance = number(_text(answer.find("tolerance")) or "0")
        answers.append((Choice(choice.text, share, choice.feedback), target, tolerance))
    return "numeric", *numeric_answer(answers)


def _matching(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    pairs = [(words.read(each), _text(each.find("answer"))) for each in row.iterfind("subquestion")]
    return "matching", *matching_pairs(pairs)


def _ordering(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    notes = []
    if _text(row.find("selecttype")).upper() in ("RANDOM", "CONTIGUOUS", "1", "2"):
        notes.append(_("There only some of the things were to be put in order; here all of them are."))
    return "ordering", {"items": [words.read(answer) for answer in row.iterfind("answer")]}, notes


def _essay(row: Element, words: _Words) -> tuple[str, dict[str, Any], list[str]]:
    notes = []
    if _text(row.find("attachmentsrequired")) not in ("", "0"):
        notes.append(_("No files can be handed in with the answer here."))
    return "open", {"guide": words.read(row.find("graderinfo"))}, notes


_READERS: dict[str, Any] = {
    "multichoice": _multichoice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _true_false,
    "shortanswer": _short,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
}
