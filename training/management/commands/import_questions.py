"""Questions of GIFT or Moodle XML from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from training.actions.import_questions import plan_import, take_in_questions
from training.formats.found import MOST_BYTES, FormatRefused
from training.formats.reading import read_questions
from training.models import Course


class Command(BaseCommand):
    help = "Takes questions (docs/question-formats.md) into the bank of a course; --dry-run only tries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--course", required=True, metavar="KEY")
        languages = [code for code, _name in settings.TEXT_LANGUAGES]
        parser.add_argument("--language", choices=languages, help="of the file (default: the course's first)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be taken in")

    def handle(self, *args: Any, **options: Any) -> None:
        course = Course.objects.filter(key=options["course"]).first()
        if course is None:
            raise CommandError(f"There is no course “{options['course']}”.")
        try:
            with options["file"].open("rb") as file:
                read = read_questions(file.read(MOST_BYTES + 1))
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except FormatRefused as refused:
            raise CommandError(f"{options['file']}: {' '.join(refused.messages)}") from refused
        is_dry = options["dry_run"]
        language = options["language"] or course.language
        if is_dry:
            plan = plan_import(course, read, language)
        else:
            plan = take_in_questions(course, read, by=None, language=language)
        for each in plan.planned:
            self.stdout.write(f"{each.state}: {each.part.key} ({each.readable.where})")
            for note in each.notes:
                self.stdout.write(f"    {note}")
        for left in plan.left_out:
            self.stdout.write(f"left out: {left}")
        counts = plan.counts
        self.stdout.write(
            f"{'Would be' if is_dry else 'Is'} taken in: {counts['new']} new, {counts['changed']} changed; "
            f"{counts['equal']} equal, {counts['left_out']} left out."
        )
