"""A file of customer activity as `organisation.actions.imports` takes it in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from customers.imports import ActivityMapping, ActivityReader
from customers.models import Activity
from organisation.imports import (
    CHUNK,
    ImportRefused,
    Report,
    RowProblem,
    allowed_units,
    chunks,
    open_table,
    required_columns,
)
from organisation.models import Import, Unit


class ActivityIntake:
    """One reading of the file, with the rights of the person as they are now."""

    def __init__(self, import_: Import) -> None:
        self.import_ = import_
        mapping = ActivityMapping.parse(import_.mapping)
        self.table = open_table(import_)
        required_columns(self.table.header, mapping.columns())
        self.reader = ActivityReader(import_, mapping, allowed_units(import_.created_by))

    @staticmethod
    def refuse_mapping(mapping: dict[str, Any]) -> None:
        ActivityMapping.parse(mapping)

    @staticmethod
    def clash() -> ImportRefused:
        return ImportRefused(
            _("Meanwhile another file has brought some of these days. Please check the file again.")
        )

    def rows(self, report: Report) -> Iterator[Activity]:
        """The totals that can be taken, in order; the report hears of every row."""
        self.reader.begin()
        for chunk in chunks(self.table.rows()):
            totals: dict[int, Activity] = {}
            problems: dict[int, RowProblem] = {}
            for row in chunk:
                try:
                    totals[row.number] = self.reader.read(row)
                except RowProblem as problem:
                    problems[row.number] = problem
            self.reader.look_up(totals.values())
            for row in chunk:
                try:
                    if row.number in problems:
                        raise problems[row.number]
                    self.reader.claim(row.number, totals[row.number])
                except RowProblem as problem:
                    report.bad(row, problem)
                    continue
                report.outcome("taken", [])
                yield totals[row.number]

    def count_made(self, report: Report) -> None:
        """A file of activity brings nothing else along."""

    def stage_before(self, at: datetime) -> None:
        """Nothing comes before the totals themselves."""

    @transaction.atomic
    def stage(self, rows: Sequence[Activity], at: datetime) -> None:
        """One chunk under the import: `countable()` leaves it out until the file is taken in."""
        Activity.objects.bulk_create(rows)

    def reveal(self, at: datetime) -> None:
        """From now on the totals count, unless another file brought some of their customers meanwhile: one
        file after the other looks, for each of its units, and the constraint refuses the same total twice."""
        staged = Activity.objects.filter(batch=self.import_)
        units = Unit.objects.filter(pk__in=staged.order_by().values("unit"))
        list(units.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        for totals in chunks(staged.order_by("pk").iterator(CHUNK)):
            self.reader.look_up(totals)
            if any(self.reader.is_taken(total) for total in totals):
                raise self.clash()
        staged.update(is_counted=True)

    @staticmethod
    def remove_staged(import_: Import) -> None:
        if Import.objects.filter(pk=import_.pk, state=Import.State.STAGING).exists():
            staged = Activity.objects.filter(batch=import_, is_counted=False)
            while pks := list(staged.order_by().values_list("pk", flat=True)[:CHUNK]):
                staged.filter(pk__in=pks).delete()

    @staticmethod
    def undo(import_: Import, at: datetime) -> None:
        """The totals no longer count; their days may come anew."""
        Activity.objects.filter(batch=import_).update(is_counted=False)
