"""`manage.py import_responses` and `define_questionnaire`."""

from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from feedback.actions.define import define_questionnaire
from feedback.models import Question, Questionnaire, Response
from feedback.tests.imports import EXCERPTS, MAPPINGS, define
from organisation.imports import ImportRefused
from organisation.models import Attachment, Import
from organisation.tests.factories import InstallationFactory

pytestmark = pytest.mark.django_db
CARDS = EXCERPTS / "patient_comment_cards.csv"


def run(*flags: str, file: Path = CARDS, key: str = "patient-card") -> str:
    out = StringIO()
    mapping = str(MAPPINGS / "patient_comment_cards.json")
    call_command(
        "import_responses", str(file), "--questionnaire", key, "--mapping", mapping, *flags, stdout=out
    )
    return out.getvalue()


@pytest.fixture(autouse=True)
def card() -> None:
    InstallationFactory()
    define("patient_card")


def test_the_command_takes_the_file_in_and_says_what_came_of_it() -> None:
    out = run("--skip-bad")
    assert "17  Rows in the file" in out
    assert "Taken in as" in out
    assert Response.objects.countable().count() == 15


def test_bad_rows_refuse_the_file_and_are_written_down(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    with pytest.raises(CommandError, match="2 rows cannot be taken"):
        run("--bad-rows", str(bad))
    assert len(bad.read_text(encoding="utf-8-sig").splitlines()) == 3
    assert not Response.objects.exists()


def test_a_dry_run_leaves_nothing_behind() -> None:
    run("--dry-run")
    for model in (Import, Attachment, Response):
        assert not model.objects.exists(), model


def test_the_same_file_again_is_refused() -> None:
    run("--skip-bad")
    with pytest.raises(CommandError, match="Exactly this file"):
        run("--skip-bad")
    assert Response.objects.count() == 15


def test_an_unknown_questionnaire_is_refused_with_advice() -> None:
    with pytest.raises(CommandError, match="define_questionnaire"):
        run(key="nothing")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(file=tmp_path / "nothing.csv")


def test_a_questionnaire_is_made_from_its_description() -> None:
    out = StringIO()
    file = str(MAPPINGS / "airport_survey_questionnaire.json")
    call_command("define_questionnaire", file, stdout=out)
    call_command("define_questionnaire", file, stdout=out)
    assert out.getvalue().splitlines() == [
        "The questionnaire “airport-survey” is made.",
        "The questionnaire “airport-survey” stands already.",
    ]


def a_description(key: str, wording: str, scale: tuple[int, int] = (1, 5)) -> dict[str, Any]:
    """One question that feeds the measure `friendly`, made on the scale 1 to 5."""
    question = {
        "key": "friendly",
        "kind": "rating",
        "scale": scale,
        "wording": wording,
        "measure": {"key": "friendly", "name": "Friendly"},
    }
    standard = {"key": "welcome", "promise": "You are welcomed"}
    about = {"key": key, "name": key, "title": key, "language": "en", "units": [], "standard": standard}
    return {**about, "questions": [question]}


def test_other_words_for_the_same_measure_start_another_series(now: datetime) -> None:
    for key, wording in (
        ("y1", "Were we friendly?"),
        ("y2", "Was the staff nice?"),
        ("y3", "Were we friendly?"),
    ):
        define_questionnaire(a_description(key, wording), at=now)
    series = (
        Question.objects.filter(key="friendly")
        .order_by("version__questionnaire__key")
        .values_list("series", flat=True)
    )
    assert list(series) == [1, 2, 1]


def test_a_description_with_another_scale_than_its_measure_is_refused_whole(now: datetime) -> None:
    define_questionnaire(a_description("y1", "Were we friendly?"), at=now)
    with pytest.raises(ImportRefused, match="different scales"):
        define_questionnaire(a_description("y2", "Were we friendly?", (0, 10)), at=now)
    assert not Questionnaire.objects.filter(key="y2").exists()
