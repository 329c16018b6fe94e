"""The volumes in the header file of A-11: from what is known, and blank where nothing is."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from common import volumes
from feedback.models import Invitation, InvitationRound, Refusal
from feedback.tests.cards import a_place
from feedback.tests.test_inbox import page_for
from feedback.tests.test_results import cards
from organisation.tests.factories import InstallationFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
BLANK = ("", "")


@pytest.fixture(autouse=True)
def installation(monkeypatch: Any) -> list[Any]:
    InstallationFactory()
    counted: list[Any] = []
    monkeypatch.setattr(volumes, "_volumes", counted)
    return counted


def header_of(place: Any, query: str = "") -> dict[str, str]:
    path = f"/feedback/results/{place.collector.questionnaire.key}/"
    manager = person_in(place.collector.unit, "manager")
    page = page_for(manager, f"?period=2026-11&export=a11-header{query}", path)
    (line,) = csv.DictReader(io.StringIO(page.lstrip("\ufeff")))
    return line


def volumes_in(line: dict[str, str]) -> tuple[str, str]:
    return line["total_volume"], line["survey_opp_volume"]


def test_customers_served_are_the_volume_and_the_line_says_on_how_many_days_they_were_counted(
    installation: list[Any],
) -> None:
    place = a_place(expected_a_week=7)
    cards(place, 6, visit=5)
    unit = place.collector.unit_id
    served = {(unit, date(2026, 11, 2)): 80, (unit, date(2026, 11, 3)): 45}
    installation.append(lambda units, start, end: served if unit in units else {})
    line = header_of(place)
    assert volumes_in(line) == ("125", "125")
    assert "on 2 days of 30" in line["submission comment"]
    assert volumes_in(header_of(place, f"&collector={place.collector.slug}")) == ("125", "125")


def test_where_nobody_counted_the_expected_cards_of_the_days_asked_stand_for_those_who_could_answer() -> None:
    place = a_place(expected_a_week=14, opens_on=date(2026, 11, 17))
    cards(place, 6, visit=5)
    line = header_of(place)
    assert volumes_in(line) == ("", "28")
    assert "expected" in line["submission comment"]


def test_letters_and_interviews_are_counted_one_by_one() -> None:
    place = a_place(kind="interview")
    cards(place, 6, visit=5)
    for number, withdrawn in enumerate((None, None, NOON)):
        Refusal.objects.create(
            collector=place.collector,
            uid=f"00000000-0000-4000-8000-00000000000{number}",
            day=date(2026, 11, 18),
            by=UserFactory(),
            withdrawn_at=withdrawn,
        )
    assert volumes_in(header_of(place)) == ("", "8")
    mail = a_place(kind="mail")
    asked: Any = InvitationRound.objects.create(
        collector=mail.collector, name="Autumn", created_by=person_in(mail.collector.unit, "manager")
    )
    states = Invitation.State
    for number, state in enumerate((states.ASKED, states.ANSWERED, states.BOUNCED, states.WAITING)):
        day = None if state == states.WAITING else date(2026, 11, 5)
        Invitation.objects.create(round=asked, address_hash=f"{number:064}", state=state, asked_on=day)
    assert volumes_in(header_of(mail)) == ("", "2")


def test_what_nobody_knows_stays_blank_and_colleagues_have_no_volume(installation: list[Any]) -> None:
    place = a_place()
    assert volumes_in(header_of(place)) == BLANK
    installation.append(lambda units, start, end: {(place.collector.unit_id, date(2026, 11, 2)): 80})
    place.collector.questionnaire.kind = "employees"
    place.collector.questionnaire.save()
    line = header_of(place)
    assert (volumes_in(line), line["submission comment"]) == (BLANK, "")


def test_the_page_says_whom_the_files_of_a11_are_for() -> None:
    place = a_place()
    address = f"/feedback/results/{place.version.questionnaire.key}/"
    page = page_for(person_in(place.collector.unit, "manager"), path=address)
    assert "For agencies of the United States" in page
    assert "export=a11-header" in page
