"""A mapping that is opened in the browser and saved again still says all that it said."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from feedback.forms.imports import codes_in
from feedback.tests.cards import WAYS, a_survey
from organisation.actions.imports import ask_to_check
from organisation.imports import begin_import
from organisation.models import Import
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
FILE = "Where;Day;Way;Own words;Visit;Came\nHB;04.11.2026 10:00;other;on foot;9;2026-11-03\n"


@pytest.fixture
def place(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    InstallationFactory()
    return a_survey(
        ("way", "choice", {"options": WAYS}),
        ("visit", "faces", {}),
        ("came", "date", {}),
        unit=UnitFactory(slug="harbour"),
    )


def mapping_of(place: Any) -> dict[str, Any]:
    way = {"column": "Way", "values": {"other, I say": "other"}, "blank": ["-"], "other": "Own words"}
    return {
        "questionnaire": place.collector.questionnaire.key,
        "language": "en",
        "separator": ";",
        "unit": {"column": "Where", "values": {"HB": "harbour"}},
        "date": {
            "column": "Day",
            "formats": ["%d.%m.%Y %H:%M", "%Y-%m-%d"],
            "first": "2020-01-01",
            "last": "2030-01-01",
        },
        "reference": "",
        "questions": {
            "way": way,
            "visit": {"column": "Visit", "values": {"9": None, "1": 5}, "blank": ["x"]},
            "came": {"column": "Came", "values": {}, "formats": ["%Y-%m-%d"], "blank": ["x"]},
        },
    }


def saved_again(client: Client, place: Any, **changed: str) -> dict[str, Any]:
    """The mapping after its page was opened and sent as it stood, but for what was changed."""
    manager = person_in(place.collector.unit, "manager")
    client.force_login(manager)
    import_ = begin_import(ContentFile(FILE.encode(), name="cards.csv"), kind="responses", by=manager)
    ask_to_check(import_, mapping=mapping_of(place), by=manager)
    Import.objects.update(state=Import.State.CHECKED)
    page = reverse("charter:import_map", args=[import_.reference])
    form = client.get(page).context["form"]
    typed = {field.html_name: "" if field.value() is None else field.value() for field in form}
    answer = client.post(page, typed | changed)
    assert answer.status_code == 302, answer.context["form"].errors
    import_.refresh_from_db()
    return json.loads(json.dumps(import_.mapping))


def test_all_of_it_is_kept(client: Client, place: Any) -> None:
    assert saved_again(client, place) == mapping_of(place)


def test_what_was_changed_is_changed(client: Client, place: Any) -> None:
    changed = {"other-way": "", "codes-visit": "8=blank, 1=4", "blank": "none", "date_format": "%d.%m.%Y"}
    made = saved_again(client, place, **changed)
    rules = made["questions"]
    assert "other" not in rules["way"]
    assert rules["visit"]["values"] == {"8": None, "1": 4}
    assert [rule["blank"] for rule in rules.values()] == [["none"]] * 3
    assert (made["date"], rules["came"]["formats"]) == (
        {"column": "Day", "formats": ["%d.%m.%Y"]},
        ["%d.%m.%Y"],
    )


def test_a_code_may_stand_for_no_answer() -> None:
    assert codes_in("1=5, 9=Blank, 8=na") == {"1": 5, "9": None, "8": "na"}
