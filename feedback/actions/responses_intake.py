"""A file of responses as `organisation.actions.imports` takes it in: read, staged, made to count, undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.nudge import nudge
from feedback.actions import imports as steps
from feedback.actions.receive import RECOMPUTE
from feedback.asked import Asked, version_asked
from feedback.description import description_of
from feedback.imports import ResponseLine, ResponsesMapping
from feedback.models import Questionnaire
from organisation.imports import (
    ImportRefused,
    Report,
    RowProblem,
    allowed_units,
    earlier_import,
    open_table,
    required_columns,
)
from organisation.models import Import, Unit


class ResponsesFile:
    """The mapping of a file of responses, which names its questionnaire."""

    @staticmethod
    def asked(data: dict[str, Any]) -> Asked:
        """What the file answers. Raises ImportRefused where there is no such published questionnaire."""
        key = str(data.get("questionnaire", ""))[:60]
        found = Questionnaire.objects.filter(key=key, archived_at__isnull=True).first()
        asked = version_asked(found.pk, None) if found else None
        if asked is None:
            raise _missing(key)
        return asked

    @classmethod
    def parse(cls, data: dict[str, Any]) -> ResponsesMapping:
        return ResponsesMapping.parse(data, cls.asked(data))


def _missing(key: str) -> ImportRefused:
    """There is no such questionnaire; where one comes with the product: which file it is, where it goes."""
    text = _("There is no published questionnaire with the key “%(key)s”.")
    file = description_of(key)
    if file:
        text += " " + _(
            "The file %(file)s of the product holds it: take that in first (Feedback, Questionnaires, New, "
            "Import a questionnaire), and publish it."
        )
    return ImportRefused(text, params={"key": key, "file": file})


class ResponsesIntake:
    """One reading of the file, with the rights of the person as they are now."""

    def __init__(self, import_: Import) -> None:
        self.import_ = import_
        first = earlier_import(import_)
        if first:
            text = _("Exactly this file has been taken in already (%(reference)s).")
            raise ImportRefused(text, params={"reference": first.reference})
        mapping = ResponsesFile.parse(import_.mapping)
        self.table = open_table(import_)
        required_columns(self.table.header, mapping.columns())
        self.sorter = ManagedSorter(ResponsesFile.asked(import_.mapping), mapping)
        self.sorter.allowed = allowed_units(import_.created_by)

    @staticmethod
    def refuse_mapping(mapping: dict[str, Any]) -> None:
        ResponsesFile.parse(mapping)

    @staticmethod
    def clash() -> ImportRefused:
        return ImportRefused(_("Meanwhile this file was taken in by somebody else. Please check it again."))

    def rows(self, report: Report) -> Iterator[tuple[ResponseLine, Unit]]:
        """The rows that can be taken, in order; the report hears of every row."""
        yield from steps.read_rows(self.import_, self.table, self.sorter, report)

    def count_made(self, report: Report) -> None:
        """A file of responses brings nothing else along."""

    def stage_before(self, at: datetime) -> None:
        """Nothing comes before the responses themselves."""

    def stage(self, rows: Sequence[tuple[ResponseLine, Unit]], at: datetime) -> None:
        """One chunk under the import: `countable()` leaves it out until the file is taken in."""
        steps.stage_rows(self.import_, self.sorter, rows, at)

    def reveal(self, at: datetime) -> None:
        """From now on the responses count; every bucket that holds one of their answers is stale."""
        steps.mark_import_stale(self.import_, at)
        nudge(RECOMPUTE)

    @staticmethod
    def remove_staged(import_: Import) -> None:
        steps.remove_staged(import_)

    @staticmethod
    def undo(import_: Import, at: datetime) -> None:
        """The responses stay, uncounted and in no list, as those of an import that is taken back."""
        steps.mark_import_stale(import_, at)
        nudge(RECOMPUTE)


class ManagedSorter(steps.Sorter):
    """Takes rows of the units that the person manages only; `allowed` None means all."""

    allowed: set[int] | None = None

    def unit_of(self, line: ResponseLine) -> Unit:
        unit = super().unit_of(line)
        if self.allowed is not None and unit.pk not in self.allowed:
            text = _("You do not manage “%(unit)s”.") % {"unit": unit.name[:80]}
            raise RowProblem("unit", text)
        return unit
