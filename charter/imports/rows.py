"""One row of a file of recorded results: what it says, or why it cannot be taken."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from charter.imports.mapping import ResultsMapping
from charter.models import Measure
from common.period import Period
from organisation.imports import Cell, Row, RowProblem, text_of

LARGEST = 2**63 - 1
_WHOLE = re.compile(r"([0-9]+)(?:\.0+)?")
LONGEST_PROMISE = 1000


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What one row says. `met` and `total` are None where nobody tracked the span.

    `standard` is the file's reference of the standard, `channel` the code by which its measures
    differ; `measure` is used instead of both where the file names our measure. `notes` are codes.
    """

    number: int
    unit: str
    period: Period
    met: int | None
    total: int | None
    departures: int = 0
    departure_reason: str = ""
    measure: str = ""
    standard: str = ""
    apart: str = ""
    channel: str = ""
    channel_name: str = ""
    target: Decimal | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_tracked(self) -> bool:
        return self.met is not None


def read_line(row: Row, mapping: ResultsMapping, method: str = Measure.Method.SHARE_MET) -> ResultLine:
    """What the row says of a measure of this method: share met, count or rate.

    Raises RowProblem with the first reason why the row cannot be taken.
    """
    if row.problem:
        raise row.problem
    cells = row.cells
    notes: list[str] = []
    met, total = _numbers(cells, mapping, notes, method)
    departures = _departures(cells, mapping, met, total)
    return ResultLine(
        number=row.number,
        unit=_needed("unit", mapping.unit, cells, _("The row names no unit.")),
        period=mapping.period.read(cells),
        met=met,
        total=total,
        departures=departures,
        departure_reason=_reason(cells, mapping),
        measure=_needed("measure", mapping.measure, cells, _("The row names no measure.")),
        standard=_reference(cells, mapping),
        apart=" ".join(cells[mapping.told_apart_by].split()) if mapping.told_apart_by else "",
        channel=mapping.channel.raw(cells) if mapping.channel else "",
        channel_name=mapping.channel.read(cells) if mapping.channel else "",
        target=_target(cells, mapping, notes, method),
        notes=tuple(notes),
    )


def promise_of(row: Row, mapping: ResultsMapping) -> tuple[dict[str, str], bool]:
    """The standard's promise by language as the row words it, and whether it had to be cut.

    Raises RowProblem where there is no wording at all, or one that cannot be kept.
    """
    words: dict[str, str] = {}
    cut = False
    for language, columns in mapping.promise.items():
        text = text_of("text", mapping.joined(columns, row.cells), max_length=1_000_000)
        if len(text) > LONGEST_PROMISE:
            text, cut = text[: LONGEST_PROMISE - 1] + "…", True
        if text:
            words[language] = text
    if not words:
        raise RowProblem("promise", _("The standard is new, and the row holds no wording for it."))
    return words, cut


def _needed(code: str, cell: Cell | None, cells: dict[str, str], missing: str) -> str:
    if cell is None:
        return ""
    text = text_of("text", cell.read(cells), max_length=200)
    if not text:
        raise RowProblem(code, missing)
    return text


def _reference(cells: dict[str, str], mapping: ResultsMapping) -> str:
    if not mapping.reference:
        return ""
    text = text_of("text", mapping.joined(mapping.reference, cells, "/"), max_length=180)
    if not text:
        raise RowProblem("standard", _("The row names no standard."))
    return text


def _numbers(
    cells: dict[str, str], mapping: ResultsMapping, notes: list[str], method: str
) -> tuple[int | None, int | None]:
    """Of a count the number alone; else met and total."""
    if method != Measure.Method.COUNT:
        return _volumes(cells, mapping, notes, method)
    text = mapping.met.read(cells)
    return (None if text.casefold() in mapping.not_tracked else whole("met", text)), None


def _volumes(
    cells: dict[str, str], mapping: ResultsMapping, notes: list[str], method: str
) -> tuple[int | None, int | None]:
    """Met and total; blanks, the texts for “not tracked” and a volume of zero are no figure at all."""
    if mapping.total is None:
        raise RowProblem("total", _("The file says of how many nowhere: choose the column of the cases."))
    texts = [mapping.met.read(cells), mapping.total.read(cells)]
    untracked = [text.casefold() in mapping.not_tracked for text in texts]
    if any(untracked):
        if not all(untracked):
            notes.append("half_tracked")
        return None, None
    met, total = whole("met", texts[0]), whole("total", texts[1])
    if method == Measure.Method.RATE and (total or not met):
        return (met, total) if total else (None, None)
    if met > total:
        text = _("More met than there were cases: %(met)d of %(total)d.")
        raise RowProblem("met_over_total", text % {"met": met, "total": total})
    return (met, total) if total else (None, None)


def _departures(cells: dict[str, str], mapping: ResultsMapping, met: int | None, total: int | None) -> int:
    text = mapping.departures.read(cells) if mapping.departures else ""
    if not text or met is None or total is None:
        return 0
    departures = whole("departures", text)
    if met + departures > total:
        words = _("Met and departures together are more than the cases: %(met)d and %(more)d of %(total)d.")
        raise RowProblem("met_over_total", words % {"met": met, "more": departures, "total": total})
    return departures


def _reason(cells: dict[str, str], mapping: ResultsMapping) -> str:
    if mapping.departure_reason is None:
        return ""
    return text_of("text", mapping.departure_reason.read(cells), max_length=500)


def whole(code: str, text: str) -> int:
    """A number of cases. Raises RowProblem for anything but a whole number from 0 up."""
    found = _WHOLE.fullmatch(text)
    if found and int(found[1][:20]) <= LARGEST:
        return int(found[1])
    raise RowProblem("not_whole", _("“%(text)s” is no whole number of cases.") % {"text": text[:40]})


def _target(cells: dict[str, str], mapping: ResultsMapping, notes: list[str], method: str) -> Decimal | None:
    """The goal in per cent. What is no percentage between 0 and 100 leaves the result without a goal."""
    if mapping.target is None or method != Measure.Method.SHARE_MET:
        return None
    kind = mapping.target_type.read(cells).casefold() if mapping.target_type else ""
    if mapping.target_type and kind not in mapping.percentages:
        notes.append("target_other_type")
        return None
    text = mapping.target.read(cells).removesuffix("%").strip()
    if text.casefold() in mapping.not_tracked:
        notes.append("target_missing")
        return None
    try:
        target = Decimal(text)
        in_range = target.is_finite() and 0 <= target <= 100
    except InvalidOperation:
        in_range = False
    if not in_range or -int(target.as_tuple().exponent) > 4:
        notes.append("target_out_of_range")
        return None
    if target == 0:
        notes.append("target_zero")
        return None
    if target <= 1:
        notes.append("target_tiny")
    return target
