"""The words for every outcome of a row, and the order in which pages and the command show them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Any] = {
    "rows": _("Rows in the file"),
    "taken": _("With a result"),
    "not_tracked": _("Not tracked (blank, “not tracked” or no cases); never counted as 0"),
    "bad": _("Cannot be taken"),
    "bad.ragged": _("Does not fit the header"),
    "bad.text": _("Text that cannot be kept"),
    "bad.unit": _("No such unit"),
    "bad.foreign_unit": _("A unit that you do not manage"),
    "bad.standard": _("No such standard"),
    "bad.measure": _("No such measure of recorded results"),
    "bad.promise": _("New standard without a wording"),
    "bad.period": _("No readable period"),
    "bad.future": _("Days that had not come yet"),
    "bad.not_whole": _("Not a whole number of cases"),
    "bad.met_over_total": _("More met than cases"),
    "bad.same_row": _("The same measure, unit and period twice in the file"),
    "bad.overlap": _("The period overlaps another row of the file"),
    "bad.result_exists": _("There is a result for this period already"),
    "note.half_tracked": _("Only one of the two figures given: not tracked"),
    "note.target_other_type": _("Target is no percentage: no goal"),
    "note.target_missing": _("No target: no goal"),
    "note.target_out_of_range": _("Target is not between 0 and 100: no goal"),
    "note.target_zero": _("Target is 0, which every result reaches: no goal"),
    "note.target_tiny": _("Target of 1 % or less: taken as it stands"),
    "note.goal_stands": _("Another goal holds for this period already: it stands"),
    "note.wording_cut": _("Wording cut to 1,000 characters"),
    "note.other_wording": _("Worded differently in different rows: the latest period's wording is kept"),
    "note.told_apart": _("Same reference, other promise in the same period: kept as a standard of its own"),
    "made.units": _("New units"),
    "made.charters": _("New charters"),
    "made.standards": _("New standards"),
    "made.measures": _("New measures"),
    "made.goals": _("New goals"),
}

CASE_REASONS: dict[str, Any] = {
    "rows": _("Rows in the file"),
    "taken": _("Cases"),
    "bad": _("Cannot be taken"),
    "bad.ragged": _("Does not fit the header"),
    "bad.text": _("Text that cannot be kept"),
    "bad.unit": _("No such unit"),
    "bad.foreign_unit": _("A unit that you do not manage"),
    "bad.measure": _("No such measure of cases with a time limit"),
    "bad.received": _("No readable time of receipt"),
    "bad.due": _("No readable due time"),
    "bad.limit": _("No readable time limit"),
    "bad.not_whole": _("A time limit that is no whole number"),
    "bad.calendar": _("No business calendar for the unit"),
    "bad.done": _("No readable time of completion"),
    "bad.done_first": _("Done before it was received"),
    "bad.future": _("After the moment to which the file belongs"),
    "bad.same_row": _("The same reference twice in the file"),
    "bad.case_exists": _("Told by a file of that moment, or a later one, already"),
    "bad.maybe_known": _("Received when a case that counts already was, and no reference to tell them apart"),
    "note.open": _("Open and not due yet: counted apart"),
    "note.overdue": _("Open and overdue: missed"),
    "note.no_target": _("Without a time limit: counted apart"),
    "note.case_moves": _("Stood with another unit so far: counts where the file says from now on"),
    "note.flag_agrees": _("The file says the same about being in time"),
    "note.flag_differs": _("The file says otherwise about being in time: ours stands"),
}


SUMS = ("rows", "taken", "not_tracked", "bad")
"""What a page shows large."""


def outcome_rows(counts: dict[str, int], reasons: dict[str, Any] = REASONS) -> Iterator[tuple[str, Any, int]]:
    """(code, words, number) of everything that was counted, in the order of the reasons."""
    for code, words in reasons.items():
        if counts.get(code) or code in ("rows", "taken", "bad"):
            yield code, words, counts.get(code, 0)


def outcome_groups(
    counts: dict[str, int], reasons: dict[str, Any] = REASONS
) -> list[tuple[Any, list[tuple[Any, int]]]]:
    """The same for a page: (title, lines) for what is left out, why rows are bad, what is remarkable, what is
    new."""
    titles = {
        "": _("What is left out"),
        "bad": _("Why rows cannot be taken"),
        "note": _("Remarks"),
        "made": _("What the file brings with it"),
    }
    groups = []
    for prefix, title in titles.items():
        found = outcome_rows(counts, reasons)
        lines = [(words, number) for code, words, number in found if _group_of(code) == prefix]
        if lines:
            groups.append((title, lines))
    return groups


def _group_of(code: str) -> str | None:
    """What stands before the dot; nothing for a plain code, None for one that is shown large."""
    return None if code in SUMS else code.rpartition(".")[0]


def outcome_sums(counts: dict[str, int], reasons: dict[str, Any] = REASONS) -> list[tuple[Any, int]]:
    """The few numbers that a page shows large; nothing before the file was checked."""
    if not counts:
        return []
    titles = {code: reasons[code] for code in SUMS if code in reasons}
    if "not_tracked" in titles:
        titles["not_tracked"] = _("Not tracked, never counted as 0")
    return [(words, counts.get(code, 0)) for code, words in titles.items()]
