"""Take in a CSV file of responses from the command line: all rows, or none where one cannot be taken."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError

from feedback.actions import imports as actions
from feedback.imports import KIND, outcome_rows
from feedback.models import Questionnaire
from organisation.imports import ImportRefused, Report, begin_import, forget_import, load_mapping
from organisation.models import Import


class Command(BaseCommand):
    help = "Takes in responses to a questionnaire from a CSV file: all rows, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the CSV file")
        parser.add_argument(
            "--questionnaire", required=True, metavar="KEY", help="whose questions were answered"
        )
        parser.add_argument("--mapping", required=True, help="the JSON file that says what each column means")
        parser.add_argument("--dry-run", action="store_true", help="only say what would become of each row")
        parser.add_argument("--skip-bad", action="store_true", help="leave bad rows out, take in the others")
        parser.add_argument("--bad-rows", metavar="FILE", help="write the bad rows, with reasons, there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            questionnaire = Questionnaire.objects.get(key=options["questionnaire"], archived_at__isnull=True)
        except Questionnaire.DoesNotExist:
            raise CommandError(
                f"There is no questionnaire “{options['questionnaire']}”. "
                "One that is written down as JSON is made by: manage.py define_questionnaire FILE"
            ) from None
        try:
            self._run(self._begin(options), questionnaire, options)
        except ImportRefused as refused:
            raise CommandError(refused.text) from refused

    def _begin(self, options: dict[str, Any]) -> Import:
        mapping = {**load_mapping(options["mapping"]), "skip_bad": options["skip_bad"]}
        path = Path(options["file"])
        try:
            with path.open("rb") as content:
                return begin_import(File(content, name=path.name), kind=KIND, by=None, mapping=mapping)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error

    def _run(self, import_: Import, questionnaire: Questionnaire, options: dict[str, Any]) -> None:
        report = actions.check_import(import_, questionnaire)
        if report is None:
            raise CommandError(import_.message)
        self._print(report)
        if options["bad_rows"] and report.bad_rows:
            report.write_bad_rows(options["bad_rows"])
        if options["dry_run"]:
            forget_import(import_)
            self.stdout.write("Nothing was taken in: this was a dry run.")
            return
        if report.bad_rows and not options["skip_bad"]:
            forget_import(import_)
            raise CommandError(
                f"{report.bad_rows} rows cannot be taken, so nothing was. Mend them, or use --skip-bad."
            )
        if actions.take_import(import_, questionnaire) is None:
            raise CommandError(import_.message)
        self.stdout.write(self.style.SUCCESS(f"Taken in as {import_.reference}."))

    def _print(self, report: Report) -> None:
        for _code, words, number in outcome_rows(report.counts):
            self.stdout.write(f"{number:>8,}  {words}")
