"""A course file from the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organisation.models import Installation, Unit
from training.actions.courses import ReleaseRefused, release_version
from training.actions.import_package import import_package
from training.course_file import FileRefused
from training.course_package import read_package


class Command(BaseCommand):
    help = "Reads course files (docs/course-format.md) into drafts; with --release they are taught at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--unit", help="short name of the unit that owns new courses (default: the top)")
        parser.add_argument("--release", action="store_true", help="release them where nothing is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = _unit(options["unit"])
        for path in options["files"]:
            self._import(path, unit, release=options["release"])

    def _import(self, path: Path, unit: Unit, *, release: bool) -> None:
        try:
            with path.open("rb") as file:
                imported = import_package(read_package(file), unit=unit, by=None)
            for note in imported.notes:
                self.stdout.write(f"{path.name}: {note}")
            if release:
                release_version(imported.draft, by=None)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except (FileRefused, ReleaseRefused) as error:
            raise CommandError("\n".join(f"{path.name}: {line}" for line in error.problems)) from error
        self.stdout.write(f"{path.name}: {imported.course} ({imported.course.key})")


def _unit(slug: str | None) -> Unit:
    if slug:
        unit = Unit.objects.active().filter(slug=slug).first()
        if unit is None:
            raise CommandError(f"There is no unit “{slug}”.")
        return unit
    installation = Installation.current()
    if installation is None:
        raise CommandError("Set up the organisation first (manage.py set_up).")
    return installation.root
