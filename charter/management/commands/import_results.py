"""Take in a CSV file of recorded results from the command line, by the same steps as in the browser.

`import_cases` does the same with a file of cases.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from charter.actions import imports as actions
from charter.imports import KIND, REASONS, outcome_rows
from organisation.imports import (
    ImportRefused,
    Report,
    begin_import,
    earlier_import,
    forget_import,
    load_mapping,
    move_import,
)
from organisation.models import Import


class Command(BaseCommand):
    help = "Takes in recorded results from a CSV file: all rows, or none where a row cannot be taken."
    kind = KIND
    reasons = REASONS

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the CSV file")
        parser.add_argument("--mapping", required=True, help="the JSON file that says what each column means")
        parser.add_argument("--dry-run", action="store_true", help="only say what would become of each row")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out, take in the others")
        parser.add_argument(
            "--bad-rows", metavar="FILE", help="write the bad rows, with reasons, to this file"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            import_ = self._begin(options)
            self._run(import_, options)
        except ImportRefused as refused:
            raise CommandError(refused.text) from refused

    def _begin(self, options: dict[str, Any]) -> Import:
        mapping = load_mapping(options["mapping"])
        actions.INTAKES[self.kind].refuse_mapping(mapping)
        path = Path(options["file"])
        try:
            with path.open("rb") as content:
                file = File(content, name=path.name)
                return begin_import(
                    file, kind=self.kind, by=None, mapping={**mapping, "skip_bad": options["skip_bad"]}
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error

    def _run(self, import_: Import, options: dict[str, Any]) -> None:
        first = earlier_import(import_)
        if first:
            self.stdout.write(
                f"Exactly this file was taken in on {first.finished_at:%Y-%m-%d} ({first.reference})."
            )
        move_import(import_, to=Import.State.CHECKING, out_of=[Import.State.UPLOADED])
        report = actions.check_import(import_)
        if report is None:
            raise CommandError(import_.message)
        self._print(report)
        if options["bad_rows"] and report.bad_rows:
            report.write_bad_rows(options["bad_rows"])
        if options["dry_run"]:
            forget_import(import_)
            self.stdout.write("Nothing was taken in: this was a dry run.")
            return
        self._take(import_, report, skip_bad=options["skip_bad"])

    def _take(self, import_: Import, report: Report, *, skip_bad: bool) -> None:
        if report.bad_rows and not skip_bad:
            forget_import(import_)
            raise CommandError(
                f"{report.bad_rows} rows cannot be taken, so nothing was. Mend them, or use --skip-bad."
            )
        move_import(import_, to=Import.State.STAGING, out_of=[Import.State.CHECKED])
        if actions.take_import(import_) is None:
            raise CommandError(import_.message)
        self.stdout.write(self.style.SUCCESS(f"Taken in as {import_.reference}."))

    def _print(self, report: Report) -> None:
        for _code, words, number in outcome_rows(report.counts, self.reasons):
            self.stdout.write(f"{number:>8,}  {words}")
