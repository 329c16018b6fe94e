"""Invitations: the only way to an account."""

import re
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from organisation.actions import invitations as actions
from organisation.actions.people import deactivate_person
from organisation.models import Invitation, Membership, OutgoingMail, Unit, User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

PASSWORD = "a sentence nobody guesses"


@pytest.fixture
def town(db: None) -> Any:
    class Made:
        root = InstallationFactory().root
        harbour = UnitFactory(name="Harbour branch", slug="harbour", parent=root)
        hill = UnitFactory(name="Hill branch", slug="hill", parent=root)
        administrator = person_in(root, "administrator")
        manager = person_in(harbour, "manager", "middle", name="Marek")

    return Made


def invite(town: Any, at: datetime | None = None, **kwargs: Any) -> Invitation:
    wanted = {"email": "new@example.org", "unit": town.harbour, "role": "staff", "level": "front"}
    return actions.invite(**{**wanted, "by": town.manager, **kwargs}, at=at)


def secret_in_the_letter() -> str:
    letter = OutgoingMail.objects.latest("pk")
    return re.search(r"/invitations/([^/]+)/accept/", letter.body)[1]


def open_page(client: Any, secret: str) -> Any:
    return client.get(reverse("organisation:invitation_accept", args=[secret]))


def accept(client: Any, secret: str, **data: str) -> Any:
    data = {"name": "Noor", "password": PASSWORD, **data}
    return client.post(reverse("organisation:invitation_accept", args=[secret]), data)


def test_the_letter_leads_to_an_account_with_its_role_and_signs_in(client: Any, town: Any) -> None:
    invite(town)
    response = accept(client, secret_in_the_letter())
    person = User.objects.get(email="new@example.org")
    assert response.status_code == 302
    assert (person.name, person.check_password(PASSWORD)) == ("Noor", True)
    assert [(each.unit, each.role, each.level) for each in person.roles] == [(town.harbour, "staff", "front")]
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_letter_is_a_row_that_names_sender_unit_and_the_products_own_address(town: Any, now: Any) -> None:
    invitation = invite(town, now)
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.state, letter.due_at) == ("new@example.org", "waiting", now)
    assert letter.body.startswith("Marek invites you to Harbour City Services: Harbour branch.")
    assert f"{settings.BASE_URL}/invitations/" in letter.body
    assert invitation.expires_at == now + timedelta(days=7)


def test_only_the_hash_of_the_secret_is_kept(town: Any) -> None:
    invitation = invite(town)
    secret = secret_in_the_letter()
    assert len(secret) >= 43
    assert secret not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert not LogEntry.objects.filter(changes__icontains=invitation.secret_hash).exists()


def test_a_used_link_is_gone(client: Any, town: Any) -> None:
    invite(town)
    secret = secret_in_the_letter()
    accept(client, secret)
    client.logout()
    response = accept(client, secret, name="Somebody else")
    assert response.status_code == 410
    assert b"This invitation no longer works" in response.content
    assert list(User.objects.filter(email="new@example.org").values_list("name", flat=True)) == ["Noor"]


def test_a_link_older_than_seven_days_is_gone(client: Any, town: Any) -> None:
    invite(town, timezone.now() - timedelta(days=7))
    secret = secret_in_the_letter()
    assert open_page(client, secret).status_code == 410
    assert accept(client, secret).status_code == 410
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_link_works_until_the_last_moment_of_the_seven_days(town: Any, now: Any) -> None:
    invitation = invite(town, now)
    last = now + timedelta(days=7) - timedelta(microseconds=1)
    assert actions.still_stands(invitation, last)
    assert not actions.still_stands(invitation, now + timedelta(days=7))


def test_a_revoked_link_is_gone(client: Any, town: Any) -> None:
    invitation = invite(town)
    assert actions.revoke_invitation(invitation, by=town.manager)
    assert open_page(client, secret_in_the_letter()).status_code == 410
    assert not actions.revoke_invitation(invitation, by=town.manager)


@pytest.mark.parametrize("secret", ["unknown", "x" * 5000, "%00", "%ED%A0%80", "‮reversed"])
def test_a_link_that_was_never_sent_is_gone(client: Any, town: Any, secret: str) -> None:
    assert client.get(f"/invitations/{secret}/accept/").status_code == 410


def test_a_newer_invitation_for_the_same_place_replaces_the_older_one(client: Any, town: Any) -> None:
    invite(town)
    older = secret_in_the_letter()
    invite(town, email="NEW@example.org")
    assert open_page(client, older).status_code == 410
    assert open_page(client, secret_in_the_letter()).status_code == 200


def test_the_second_of_two_acceptances_is_refused_and_leaves_no_trace(town: Any) -> None:
    invitation = invite(town)
    actions.accept_as_newcomer(invitation, name="Noor", password=PASSWORD)
    with pytest.raises(actions.NoLongerValid):
        actions.accept_as_newcomer(invitation, name="Nobody", password=PASSWORD)
    assert Membership.objects.filter(unit=town.harbour).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_four_acceptances_at_the_same_time_one_wins() -> None:
    root = InstallationFactory().root
    sender = person_in(root, "administrator")
    invitation = actions.invite(email="new@example.org", unit=root, role="staff", level="front", by=sender)
    start = threading.Barrier(4, timeout=20)
    outcomes: list[str] = []

    def try_to_accept() -> None:
        start.wait()
        try:
            outcomes.append(_accepted(invitation))
        finally:
            connection.close()

    crowd = [threading.Thread(target=try_to_accept) for _number in range(4)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join(30)
    assert sorted(outcomes) == ["accepted", "refused", "refused", "refused"]
    assert User.objects.count() == 2


def _accepted(invitation: Invitation) -> str:
    """SQLite in memory has no waiting: it refuses the second writer at once, who then asks again."""
    for _attempt in range(100_000):
        try:
            actions.accept_as_newcomer(invitation, name="Noor", password=PASSWORD)
        except actions.NoLongerValid:
            return "refused"
        except OperationalError:
            continue
        return "accepted"
    return "gave up"


@pytest.mark.parametrize("loss", ["deactivated", "role lost", "unit archived"])
def test_the_senders_rights_are_asked_again_at_acceptance(client: Any, town: Any, loss: str) -> None:
    invite(town)
    secret = secret_in_the_letter()
    if loss == "deactivated":
        deactivate_person(town.manager, by=town.administrator)
    elif loss == "role lost":
        Membership.objects.filter(user=town.manager).update(role="staff")
    else:
        Unit.objects.filter(pk=town.harbour.pk).update(archived_at=timezone.now())
    assert open_page(client, secret).status_code == 410
    assert accept(client, secret).status_code == 410
    assert not User.objects.filter(email="new@example.org").exists()


def test_rights_lost_between_page_and_button_are_noticed_and_nothing_is_used_up(town: Any) -> None:
    invitation = invite(town)
    Membership.objects.filter(user=town.manager).update(role="staff")
    with pytest.raises(actions.NoLongerValid):
        actions.accept_as_newcomer(invitation, name="Noor", password=PASSWORD)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


@pytest.mark.parametrize(
    ("by", "unit", "role", "allowed"),
    [
        ("manager", "harbour", "manager", True),
        ("manager", "harbour", "administrator", False),
        ("manager", "hill", "staff", False),
        ("manager", "root", "staff", False),
        ("administrator", "hill", "administrator", True),
    ],
)
def test_nobody_invites_beyond_the_own_rights(
    town: Any, by: str, unit: str, role: str, allowed: bool
) -> None:
    wanted = {"by": getattr(town, by), "unit": getattr(town, unit), "role": role}
    if allowed:
        assert invite(town, **wanted).pk
    else:
        with pytest.raises(actions.InvitationRefused):
            invite(town, **wanted)
        assert not OutgoingMail.objects.exists()


def test_staff_invite_nobody(town: Any) -> None:
    with pytest.raises(actions.InvitationRefused):
        invite(town, by=person_in(town.harbour))


def test_who_works_there_already_is_not_invited_again(client: Any, town: Any) -> None:
    person_in(town.harbour, email="New@example.org")
    client.force_login(town.manager)
    data = {"email": "new@example.org", "unit": "harbour", "role": "staff", "level": "front"}
    response = client.post(reverse("organisation:invitation_add"), data)
    assert response.status_code == 422
    assert b"has a role in" in response.content


def test_an_address_with_an_account_is_asked_to_sign_in_and_gets_no_second_account(
    client: Any, town: Any
) -> None:
    person_in(town.hill, email="New@example.org")
    invite(town)
    secret = secret_in_the_letter()
    page = open_page(client, secret)
    assert b"You have an account already" in page.content
    assert accept(client, secret).status_code == 403
    assert User.objects.with_address("new@example.org").count() == 1


def test_after_signing_in_the_invitation_adds_its_role(client: Any, town: Any) -> None:
    person = person_in(town.hill, email="New@example.org")
    invite(town)
    secret = secret_in_the_letter()
    client.force_login(person)
    assert b"Join Harbour branch" in open_page(client, secret).content
    assert accept(client, secret).status_code == 302
    assert {each.unit for each in User.objects.get(pk=person.pk).roles} == {town.hill, town.harbour}
    assert open_page(client, secret).status_code == 410


def test_an_invitation_never_takes_a_higher_role_away(town: Any) -> None:
    invitation = invite(town)
    person = person_in(town.harbour, "manager", email="new@example.org")
    actions.accept_as_member(invitation, by=person)
    assert User.objects.get(pk=person.pk).roles[0].role == "manager"


def test_an_invitation_of_somebody_else_cannot_be_accepted(client: Any, town: Any) -> None:
    invite(town)
    secret = secret_in_the_letter()
    client.force_login(town.administrator)
    assert b"for somebody else" in open_page(client, secret).content
    assert accept(client, secret).status_code == 403
    with pytest.raises(actions.NoLongerValid):
        actions.accept_as_member(Invitation.objects.get(), by=town.administrator)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 151),
        ("name", "N\x00or"),
        ("password", "short"),
        ("password", "password123"),
        ("password", "new@example.org"),
        ("password", "with a \x00 inside it"),
        ("password", "x" * 201),
    ],
)
def test_bad_input_is_refused_in_words_and_the_link_still_works(
    client: Any, town: Any, field: str, value: str
) -> None:
    invite(town)
    secret = secret_in_the_letter()
    response = accept(client, secret, **{field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert accept(client, secret).status_code == 302


def test_the_list_filters_by_state_and_finds_addresses(client: Any, town: Any) -> None:
    invite(town, email="open@example.org")
    invite(town, timezone.now() - timedelta(days=30), email="old@example.org")
    actions.revoke_invitation(invite(town, email="taken-back@example.org"), by=town.manager)
    client.force_login(town.manager)
    address = reverse("organisation:invitation_list")

    def emails(**query: str) -> list[str]:
        return [each.email for each in client.get(address, query).context["page"]]

    assert emails(state="open") == ["open@example.org"]
    assert emails(state="expired") == ["old@example.org"]
    assert emails(state="revoked") == ["taken-back@example.org"]
    assert emails(q="OLD") == ["old@example.org"]
    assert len(emails()) == 3


def test_a_manager_sees_no_invitations_of_other_units(client: Any, town: Any) -> None:
    invite(town, by=town.administrator, unit=town.hill)
    client.force_login(town.manager)
    assert list(client.get(reverse("organisation:invitation_list")).context["page"]) == []


def test_the_list_takes_as_many_queries_for_twenty_invitations_as_for_two(
    client: Any, town: Any, django_assert_num_queries: Any
) -> None:
    for number in range(2):
        invite(town, email=f"n{number}@example.org")
    client.force_login(town.manager)
    address = reverse("organisation:invitation_list")
    client.get(address)
    with django_assert_num_queries(20, exact=False) as few:
        client.get(address)
    for number in range(18):
        invite(town, email=f"m{number}@example.org")
    with django_assert_num_queries(len(few)):
        assert len(client.get(address).context["page"]) == 20
