"""The questionnaires to begin with: whole, in two languages, ready to be asked."""

from datetime import datetime

import pytest
from django.test import Client

from feedback.actions.questionnaires import begin_with_plan, publish_version
from feedback.models import Questionnaire
from feedback.plan import asked_from
from feedback.starters import ORDER, starters
from organisation.tests.factories import UnitFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ORDER)
def test_every_starter_can_be_published_as_it_is(now: datetime, key: str) -> None:
    plan = starters()[key].plan
    questionnaire = begin_with_plan(key=key, name=plan.name, kind=plan.kind, plan=plan)
    draft = questionnaire.draft()
    assert draft
    publish_version(draft, edit_mark=draft.edit_mark, at=now)
    assert plan.languages == ["en", "de"]


def test_what_every_kind_of_asking_needs_is_there() -> None:
    keys = {name: set(asked_from(starter.plan).by_key) for name, starter in starters().items()}
    assert {"come-back", "repeat"} <= keys["after-a-complaint"]
    assert {"seen", "visible", "helpful"} <= keys["charter-awareness"]
    assert {"enps", "workload", "barriers"} <= keys["employee-barriers"]
    drivers = {"effectiveness", "ease", "efficiency", "transparency", "humanity", "employee"}
    assert {"trust"} | drivers <= keys["trust"]
    assert len(keys["five-questions"]) == 5


def test_every_need_is_asked_in_a_pair_on_one_scale() -> None:
    asked = asked_from(starters()["importance-satisfaction"].plan)
    sides: dict[str, set[str]] = {"importance": set(), "satisfaction": set()}
    for question in asked.questions:
        side, _dash, need = question.key.partition("-")
        if need and side in sides:
            sides[side].add(need)
            assert (question.scale_low, question.scale_high) == (1, 5)
    assert len(sides["importance"]) == 6
    assert sides["importance"] == sides["satisfaction"]


def test_a_questionnaire_begins_with_a_starter_in_the_browser(client: Client) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    page = client.get("/feedback/questionnaires/starters/trust/?language=de")
    assert "Mein Anliegen ist erledigt worden." in page.content.decode()
    posted = {"name": "Trust", "key": "trust", "kind": "survey"}
    answer = client.post("/feedback/questionnaires/starters/trust/", posted)
    assert (answer.status_code, answer["Location"]) == (302, "/feedback/questionnaires/trust/")
    draft = Questionnaire.objects.get().draft()
    assert draft
    assert draft.questions.count() == 10
    again = client.post("/feedback/questionnaires/starters/trust/", posted)
    assert again.status_code == 422
    assert "already" in again.content.decode()


def test_the_starter_about_needs_says_how_its_answers_reach_them(client: Client) -> None:
    client.force_login(person_in(UnitFactory(), "manager"))
    url = "/feedback/questionnaires/starters/"
    assert "choose for every row the measure" in client.get(f"{url}importance-satisfaction/").content.decode()
    assert "choose for every row the measure" not in client.get(f"{url}trust/").content.decode()
