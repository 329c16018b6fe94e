"""What the tests of imported responses share."""

from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from feedback.actions import imports as actions
from feedback.actions.define import define_questionnaire
from feedback.imports import KIND
from feedback.models import Questionnaire
from organisation.imports import begin_import, load_mapping
from organisation.models import Import

EXCERPTS = Path(__file__).parent / "excerpts"
MAPPINGS = Path(__file__).resolve().parents[2] / "mappings"
PATIENTS = load_mapping(MAPPINGS / "patient_comment_cards.json")

SIMPLE: dict[str, Any] = {
    "unit": "place",
    "date": {"column": "day"},
    "reference": "id",
    "questions": {"overall": {"column": "rating", "values": {"1": 5, "5": 1, "6": "na"}}, "comment": "words"},
}
HEADER = "id,place,day,rating,words\n"


def define(name: str) -> Questionnaire:
    """A questionnaire that comes with the product."""
    return define_questionnaire(load_mapping(MAPPINGS / f"{name}_questionnaire.json"))[0]


def begin(content: str | bytes, mapping: dict[str, Any] = SIMPLE) -> Import:
    data = content.encode() if isinstance(content, str) else content
    return begin_import(ContentFile(data, name="cards.csv"), kind=KIND, by=None, mapping=mapping)


def checked(questionnaire: Questionnaire, content: str | bytes, mapping: dict[str, Any] = SIMPLE) -> Import:
    """An import whose dry run has been made."""
    import_ = begin(content, mapping)
    actions.check_import(import_, questionnaire)
    return import_


def taken(
    questionnaire: Questionnaire,
    content: str | bytes,
    mapping: dict[str, Any] = SIMPLE,
    *,
    skip_bad: bool = False,
) -> Import:
    """An import whose rows were asked to be taken in (it may be refused)."""
    import_ = checked(questionnaire, content, {**mapping, "skip_bad": skip_bad})
    actions.take_import(import_, questionnaire)
    return import_
