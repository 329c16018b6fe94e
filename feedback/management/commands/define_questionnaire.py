"""Make a questionnaire that is written down as JSON, with the measures it feeds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.actions.define import define_questionnaire
from organisation.imports import ImportRefused, load_mapping


class Command(BaseCommand):
    help = "Makes and publishes a questionnaire from a JSON file; leaves one that stands as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the JSON file that describes the questionnaire")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            questionnaire, is_new = define_questionnaire(load_mapping(options["file"]))
        except ImportRefused as refused:
            raise CommandError(refused.text) from refused
        outcome = "is made" if is_new else "stands already"
        self.stdout.write(f"The questionnaire “{questionnaire.key}” {outcome}.")
