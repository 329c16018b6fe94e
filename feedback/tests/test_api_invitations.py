"""Invitations by program."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from feedback.actions.invitations import invite
from feedback.actions.suppression import suppress
from feedback.models import Invitation, InvitationRound, Suppression
from feedback.tests.cards import a_place
from organisation.actions.installation import create_token
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def about() -> Any:
    InstallationFactory()
    place = a_place(kind="mail")
    manager = person_in(place.collector.unit, "manager")
    found: Any = InvitationRound.objects.create(collector=place.collector, name="Autumn", created_by=manager)
    found.manager = manager
    return found


def post(path: str, data: Any, *, by: Any, scopes: tuple[str, ...] = ("feedback.invite",)) -> Any:
    at = datetime(2026, 11, 18, tzinfo=UTC)
    _token, secret = create_token(name="Desk", scopes=list(scopes), by=by, at=at)
    headers = {"Authorization": f"Bearer {secret}"}
    return Client(headers=headers).post(f"/api/v1{path}", data, content_type="application/json")


def test_people_are_put_on_the_list_and_the_others_told_with_the_reason(about: Any) -> None:
    suppress(email="stop@example.org", reason=Suppression.Reason.UNSUBSCRIBED)
    people = [
        {"email": "ann@example.org", "name": "Ann", "language": "de"},
        {"email": "nobody"},
        {"email": "stop@example.org"},
        {"email": "a\x00b@example.org"},
        {"email": "eve@example.org", "language": "xx"},
        {"email": "x" * 400 + "@example.org"},
    ]
    answer = post(f"/rounds/{about.reference}/invitations", {"people": people}, by=about.manager)
    assert answer.status_code == 200
    assert answer.json()["taken"] == 1
    assert [each["row"] for each in answer.json()["left_out"]] == [2, 3, 4, 5, 6]


def test_a_key_reaches_only_the_rounds_of_whoever_made_it(about: Any) -> None:
    unit: Any = UnitFactory()
    people = {"people": [{"email": "ann@example.org"}]}
    path = f"/rounds/{about.reference}/invitations"
    assert post(path, people, by=person_in(unit, "manager")).status_code == 404
    assert post(path, people, by=about.manager, scopes=("scores.read",)).status_code == 401
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("people", [[], [{"email": "ann@example.org"}] * 1001, "ann@example.org"])
def test_a_list_of_no_or_too_many_people_is_refused(about: Any, people: Any) -> None:
    path = f"/rounds/{about.reference}/invitations"
    assert post(path, {"people": people}, by=about.manager).status_code == 422


def test_a_bounce_told_by_the_mail_system_ends_all_letters_to_the_address(about: Any) -> None:
    post(
        f"/rounds/{about.reference}/invitations", {"people": [{"email": "ann@example.org"}]}, by=about.manager
    )
    answer = post(
        "/bounces",
        {"emails": ["Ann@example.org", "new@example.org", "a\x00b@example.org", "x"]},
        by=about.manager,
    )
    assert answer.json() == {"noted": 1}
    assert about.invitations.get().state == Invitation.State.BOUNCED
    assert Suppression.objects.standing().count() == 1


def test_a_key_tells_of_bounces_in_the_units_of_whoever_made_it_only(about: Any) -> None:
    invite(about, people=[{"email": "ann@example.org"}])
    told = {"emails": ["ann@example.org"]}
    elsewhere: Any = UnitFactory()
    assert post("/bounces", told, by=person_in(elsewhere, "manager")).json() == {"noted": 0}
    assert not Suppression.objects.exists()
    assert about.invitations.get().state == Invitation.State.WAITING
    assert post("/bounces", told, by=person_in(elsewhere, "administrator")).json() == {"noted": 1}
    assert Suppression.objects.standing().exists()
