"""A file or pasted text, of whichever format, as questions that fit the bank; the rest with reasons."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from training.content import question_content
from training.course_file import QuestionPart
from training.formats.found import FormatRefused, Found, FoundQuestion, LeftOut, key_for, refuse_size
from training.formats.gift import read_gift
from training.formats.moodle_xml import read_moodle_xml
from training.models import QuestionVersion
from training.table import Problem, Table

GIFT, MOODLE_XML = "gift", "moodle_xml"


@dataclass(frozen=True)
class Readable:
    """One question that can be taken in; `notes` say what of it stays behind."""

    part: QuestionPart
    where: str
    category: str
    notes: list[str]


@dataclass(frozen=True)
class Read:
    format: str
    questions: list[Readable]
    left_out: list[LeftOut]


def read_questions(raw: bytes) -> Read:
    """What the file holds. Raises FormatRefused where it cannot be read as a whole."""
    refuse_size(len(raw))
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    is_xml = start == b"<" or raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    found = read_moodle_xml(raw) if is_xml else read_gift(_decoded(raw))
    if not found.questions and not found.left_out:
        raise FormatRefused(_("There is no question in it."))
    return Read(MOODLE_XML if is_xml else GIFT, *_fitting(found))


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = _("The file is not written in UTF-8. Save it as UTF-8, so that no letter is lost.")
        raise FormatRefused(words) from None
    if "\x00" in text:
        raise FormatRefused(_("This is no text file."))
    return text


def _fitting(found: Found) -> tuple[list[Readable], list[LeftOut]]:
    """Each question through the schema of its kind, as those of a course file."""
    good, left_out, taken = [], list(found.left_out), set[str]()
    for each in found.questions:
        part, problems = _part(each, taken)
        if problems:
            reasons = " ".join(dict.fromkeys(problem.reason for problem in problems))
            name = each.name or " ".join(str(each.values["text"]).split())[:60]
            left_out.append(LeftOut(name, each.where, reasons))
        else:
            good.append(Readable(part, each.where, each.category, each.notes))
    return good, left_out


def _part(each: FoundQuestion, taken: set[str]) -> tuple[QuestionPart, list[Problem]]:
    problems: list[Problem] = []
    table = Table(each.values, each.where, problems)
    part = QuestionPart(
        key=key_for(each.name, each.values["text"], taken),
        kind=each.kind,
        standard=table.text("standard", 60, required=False),
        text=table.text("text", 2000),
        points=table.decimal("points", "0.01", 1000, 1),
        feedback=table.text("feedback", 2000, required=False),
        marking=table.choice("marking", QuestionVersion.Marking.values, "right_minus_wrong"),
        content=question_content(each.kind, table),
    )
    return part, problems
