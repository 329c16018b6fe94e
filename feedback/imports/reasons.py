"""The words for every outcome of a row of a file of responses, in the order in which they are shown."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Any] = {
    "rows": _("Rows in the file"),
    "taken": _("Responses"),
    "no_answer": _("Left out: no answer to any question"),
    "erased": _("Left out: erased by the customer since the file was taken in before"),
    "bad": _("Cannot be taken"),
    "bad.ragged": _("Does not fit the header"),
    "bad.text": _("Text that cannot be kept"),
    "bad.unit": _("No such unit"),
    "bad.date": _("No readable date"),
    "bad.answer": _("An answer that the mapping does not know"),
    "bad.same_row": _("The same response twice in the file"),
    "note.na": _("Answered “does not apply”"),
    "note.comment": _("With a comment"),
    "note.date_two_readings": _("Date with two possible readings: read by the first format"),
    "note.date_other_format": _("Date read by another format than the first"),
}


def outcome_rows(counts: dict[str, int]) -> Iterator[tuple[str, Any, int]]:
    """(code, words, number) of everything that was counted, in the order of REASONS."""
    for code, words in REASONS.items():
        if counts.get(code) or code in ("rows", "taken", "bad"):
            yield code, words, counts.get(code, 0)
