"""A place that asks something else by now: each card is read against what it was filled in on."""

import uuid
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from feedback.actions.collectors import save_collector
from feedback.actions.kiosk import add_device
from feedback.models import Response
from feedback.tests.cards import a_place, a_survey, fields
from organisation.tests.factories import InstallationFactory, person_in

pytestmark = pytest.mark.django_db
STAIRS = ("stairs", "faces", {"wording": "How were the stairs?"})


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any, now: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)


def asks_something_else(place: SimpleNamespace) -> SimpleNamespace:
    """The place asks another questionnaire from now on, whose first version has other questions."""
    other = a_survey(STAIRS)
    place.collector.questionnaire = other.version.questionnaire
    save_collector(place.collector, thanks={})
    return other


def versions() -> list[Any]:
    return list(Response.objects.order_by("pk").values_list("version", flat=True))


@pytest.mark.parametrize("door", ["", "embed/"])
def test_a_page_that_lay_open_is_read_as_it_was_filled_in(client: Client, door: str) -> None:
    InstallationFactory()
    place = a_place(kind="embed" if door else "place")
    opened = fields(client.get(f"{place.url}{door}").content)
    other = asks_something_else(place)
    assert client.post(f"{place.url}{door}", {**opened, "q-visit": "4"}).status_code == 303
    fresh = fields(client.get(f"{place.url}{door}").content)
    assert client.post(f"{place.url}{door}", {**fresh, "q-stairs": "2"}).status_code == 303
    assert versions() == [place.version.pk, other.version.pk]


def test_a_card_that_waited_on_a_kiosk_is_read_as_it_was_filled_in(client: Client, now: datetime) -> None:
    InstallationFactory()
    place = a_place(kind="kiosk")
    by: Any = person_in(place.collector.unit, "manager")
    fixed = {"name": "Tablet", "exit_code": "2468"}
    _device, secret = add_device(collector=place.collector, fields=fixed, by=by, at=now)
    address = f"/kiosk/{secret}/"
    named = f'name="questionnaire" value="{place.version.questionnaire.key}"'
    assert named in client.get(address).content.decode()
    other = asks_something_else(place)
    card = {"version": "1", "questionnaire": place.version.questionnaire.key}

    def sent(**answers: str) -> int:
        return client.post(f"{address}cards/", {**card, "uid": str(uuid.uuid4()), **answers}).status_code

    assert sent(**{"q-visit": "4"}) == 201
    assert sent(**{"q-stairs": "4", "questionnaire": other.version.questionnaire.key}) == 201
    assert sent(**{"q-visit": "4", "questionnaire": "never-asked-here"}) == 422
    assert sent(**{"q-visit": "4", "version": "7"}) == 422
    assert sent(**{"q-visit": "4", "questionnaire": "a\x00"}) == 422
    assert versions() == [place.version.pk, other.version.pk]


def test_another_program_names_what_was_filled_in(client: Client) -> None:
    place = a_place(kind="api")
    other = asks_something_else(place)

    def sent(**body: Any) -> int:
        card = {"uid": str(uuid.uuid4()), **body}
        return client.post(place.api, card, content_type="application/json").status_code

    key = place.version.questionnaire.key
    assert sent(answers={"visit": 4}, version=1, questionnaire=key) == 201
    assert sent(answers={"stairs": 4}) == 201
    assert sent(answers={"visit": 4}) == 422
    assert sent(answers={"stairs": 4}, version=9) == 422
    assert sent(answers={"stairs": 4}, version=1, questionnaire="never-asked-here") == 422
    assert versions() == [place.version.pk, other.version.pk]


def test_a_sheet_and_an_interview_are_read_as_they_were_typed(client: Client) -> None:
    InstallationFactory()
    for kind in ("paper", "interview"):
        place = a_place(kind=kind)
        client.force_login(person_in(place.collector.unit, "staff"))
        card = {"uid": str(uuid.uuid4()), "version": "1", "questionnaire": place.version.questionnaire.key}
        asks_something_else(place)
        desk = f"/feedback/collectors/{place.collector.slug}/{kind}/"
        assert client.post(desk, {**card, "q-visit": "4", "day": "2026-11-17"}).status_code == 302
        assert Response.objects.get(collector=place.collector).version == place.version


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("card", "employees", "This place asks customers"),
        ("employees", "survey", "This place asks colleagues"),
    ],
)
def test_a_place_for_customers_never_asks_colleagues_nor_the_other_way_round(
    client: Client, before: str, after: str, words: str
) -> None:
    place, other = a_place(), a_survey(STAIRS)
    for each, kind in ((place, before), (other, after)):
        each.version.questionnaire.kind = kind
        each.version.questionnaire.save()
    client.force_login(person_in(place.collector.unit, "manager"))
    typed = {"name": "Door", "questionnaire": other.version.questionnaire_id}
    answer = client.post(f"/feedback/collectors/{place.collector.slug}/edit/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_place_that_asks_an_archived_questionnaire_can_still_be_edited(
    client: Client, now: datetime
) -> None:
    place = a_place()
    place.version.questionnaire.archived_at = now
    place.version.questionnaire.save()
    client.force_login(person_in(place.collector.unit, "manager"))
    typed = {"name": "Door", "questionnaire": place.version.questionnaire_id}
    assert client.post(f"/feedback/collectors/{place.collector.slug}/edit/", typed).status_code == 302
