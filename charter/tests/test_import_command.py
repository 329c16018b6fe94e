"""`manage.py import_results`: the same steps, from the command line."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from charter.models import RecordedResult
from charter.tests.imports import EXCERPTS, HEADER, ROOT, SIMPLE, results_measure
from organisation.models import Attachment, Import
from organisation.tests.factories import InstallationFactory, UnitFactory

pytestmark = pytest.mark.django_db
CANADA_FILE = EXCERPTS / "canada_service_standards.csv"
CANADA_MAPPING = ROOT / "mappings" / "canada_service_standards.json"


def run(file: Path, mapping: Path, *flags: str) -> str:
    out = StringIO()
    call_command("import_results", str(file), "--mapping", str(mapping), *flags, stdout=out)
    return out.getvalue()


@pytest.fixture
def simple(tmp_path: Path) -> tuple[Path, Path]:
    """A file of three rows, the middle one bad, with its mapping."""
    office = UnitFactory(slug="office")
    results_measure(standard__charter__unit=office)
    file, mapping = tmp_path / "results.csv", tmp_path / "mapping.json"
    lines = "".join(f"office,letters-in-time,2026-0{n},{met},10,,,\n" for n, met in ((1, 8), (2, 11), (3, 9)))
    file.write_text(HEADER + lines)
    mapping.write_text(json.dumps(SIMPLE))
    return file, mapping


def test_the_command_takes_the_file_in_and_says_what_came_of_it() -> None:
    InstallationFactory()
    out = run(CANADA_FILE, CANADA_MAPPING, "--skip-bad")
    assert "14  Rows in the file" in out
    assert "1  More met than cases" in out
    assert "Taken in as" in out
    assert RecordedResult.objects.countable().count() == 13


def test_a_dry_run_leaves_nothing_behind(simple: tuple[Path, Path]) -> None:
    assert "dry run" in run(*simple, "--dry-run")
    for model in (Import, Attachment, RecordedResult):
        assert not model.objects.exists(), model


def test_bad_rows_refuse_the_file_and_are_written_down(simple: tuple[Path, Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    with pytest.raises(CommandError, match="1 rows cannot be taken"):
        run(*simple, "--bad-rows", str(bad))
    assert bad.read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,More met than there were cases")
    assert not RecordedResult.objects.exists()
    assert not Import.objects.exists()


def test_bad_rows_are_left_out_when_asked(simple: tuple[Path, Path]) -> None:
    run(*simple, "--skip-bad")
    assert RecordedResult.objects.countable().count() == 2


def test_the_same_file_is_noticed(simple: tuple[Path, Path]) -> None:
    run(*simple, "--skip-bad")
    assert "Exactly this file was taken in" in run(*simple, "--skip-bad")
    assert RecordedResult.objects.countable().count() == 2


@pytest.mark.parametrize(
    ("file", "mapping", "words"),
    [
        ("nothing.csv", "mapping.json", "No such file"),
        ("results.csv", "nothing.json", "cannot be opened"),
        ("mapping.json", "mapping.json", "no column called"),
    ],
)
def test_what_cannot_be_read_ends_with_a_message(
    simple: tuple[Path, Path], tmp_path: Path, file: str, mapping: Any, words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        run(tmp_path / file, tmp_path / mapping)
    assert not RecordedResult.objects.exists()
