"""Persons and their roles."""

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.urls import reverse

from organisation.actions import people as actions
from organisation.models import Membership, User
from organisation.tests.factories import InstallationFactory, UnitFactory, UserFactory, person_in


@pytest.fixture
def town(db: None) -> Any:
    class Made:
        root = InstallationFactory().root
        harbour = UnitFactory(name="Harbour branch", slug="harbour", parent=root)
        hill = UnitFactory(name="Hill branch", slug="hill", parent=root)
        administrator = person_in(root, "administrator", "leadership", name="Ada")
        manager = person_in(harbour, "manager", "middle", name="Marek")
        staff = person_in(harbour, name="Sofia")
        stranger = person_in(hill, name="Hana")

    return Made


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def names_on(response: Any) -> list[str]:
    return [person.name for person in response.context["page"]]


def test_a_manager_sees_who_works_in_the_own_subtree_and_nobody_else(client: Any, town: Any) -> None:
    client.force_login(town.manager)
    assert names_on(client.get(reverse("organisation:person_list"))) == ["Marek", "Sofia"]


def test_the_search_finds_a_name_whatever_its_case(client: Any, town: Any) -> None:
    UserFactory(name="Éric Été")
    client.force_login(town.administrator)
    assert names_on(client.get(reverse("organisation:person_list"), {"q": "ÉTÉ éric"})) == ["Éric Été"]


def test_unit_and_role_are_asked_of_one_and_the_same_role(client: Any, town: Any) -> None:
    Membership.objects.create(user=town.manager, unit=town.hill, role="staff", level="front")
    client.force_login(town.administrator)
    address = reverse("organisation:person_list")
    assert names_on(client.get(address, {"unit": "hill", "role": "manager"})) == []
    assert names_on(client.get(address, {"unit": "hill", "role": "staff"})) == ["Hana", "Marek"]


def test_a_filter_that_nobody_offers_finds_nobody_and_breaks_nothing(client: Any, town: Any) -> None:
    client.force_login(town.administrator)
    response = client.get(reverse("organisation:person_list"), {"role": "emperor", "page": "-7"})
    assert response.status_code == 200
    assert names_on(response) == []


def test_deactivated_persons_are_listed_only_when_asked_for(client: Any, town: Any) -> None:
    actions.deactivate_person(town.staff, by=town.administrator)
    client.force_login(town.administrator)
    address = reverse("organisation:person_list")
    assert "Sofia" not in names_on(client.get(address))
    assert names_on(client.get(address, {"state": "inactive"})) == ["Sofia"]


def test_the_list_takes_as_many_queries_for_twenty_persons_as_for_two(
    client: Any, town: Any, django_assert_num_queries: Any
) -> None:
    client.force_login(town.manager)
    address = reverse("organisation:person_list")
    client.get(address)
    with django_assert_num_queries(20, exact=False) as few:
        assert len(names_on(client.get(address))) == 2
    for _number in range(18):
        person_in(town.harbour)
    with django_assert_num_queries(len(few)):
        assert len(names_on(client.get(address))) == 20


def test_the_export_neutralises_formulas_and_keeps_the_filters(client: Any, town: Any) -> None:
    person_in(town.harbour, name='=HYPERLINK("http://evil")', email="formula@example.org")
    client.force_login(town.administrator)
    response = client.get(reverse("organisation:person_list"), {"q": "formula", "export": "csv"})
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("\"'=HYPERLINK")


def test_a_deactivated_person_is_shut_out_at_once(client: Any, town: Any) -> None:
    client.force_login(town.manager)
    actions.deactivate_person(town.manager, by=town.administrator)
    assert client.get(reverse("organisation:person_list")).status_code == 302


def test_a_person_can_be_let_in_again(town: Any) -> None:
    actions.deactivate_person(town.staff, by=town.administrator)
    assert actions.reactivate_person(town.staff, by=town.administrator)
    assert fresh(town.staff).is_active


def test_nobody_deactivates_himself(town: Any) -> None:
    with pytest.raises(actions.RoleRefused, match="yourself"):
        actions.deactivate_person(town.administrator, by=town.administrator)
    assert fresh(town.administrator).is_active


def test_the_last_administrator_can_neither_leave_nor_be_made_less(town: Any) -> None:
    other = person_in(town.hill, "administrator")
    actions.deactivate_person(other, by=town.administrator)
    with pytest.raises(actions.RoleRefused, match="administrator"):
        actions.set_role(
            town.administrator, unit=town.root, role="staff", level="front", by=town.administrator
        )
    assert fresh(town.administrator).is_administrator


def test_two_administrators_cannot_take_the_last_role_from_each_other(town: Any) -> None:
    other = person_in(town.hill, "administrator")
    Membership.objects.create(user=town.administrator, unit=town.hill, role="staff", level="front")
    actions.remove_role(town.administrator.memberships.get(unit=town.root), by=other)
    with pytest.raises(actions.RoleRefused):
        actions.set_role(other, unit=town.hill, role="manager", level="middle", by=fresh(other))
    assert fresh(other).is_administrator


def test_a_manager_gives_no_administrator_role(town: Any) -> None:
    with pytest.raises(actions.RoleRefused, match="may not"):
        actions.set_role(town.staff, unit=town.harbour, role="administrator", level="front", by=town.manager)
    assert not fresh(town.staff).is_administrator


def test_a_manager_gives_no_role_in_a_foreign_unit(town: Any) -> None:
    with pytest.raises(actions.RoleRefused, match="may not"):
        actions.set_role(town.staff, unit=town.hill, role="staff", level="front", by=town.manager)
    assert town.staff.memberships.count() == 1


def test_a_manager_changes_no_administrator_who_works_in_the_own_unit(client: Any, town: Any) -> None:
    boss = person_in(town.harbour, "administrator")
    client.force_login(town.manager)
    address = reverse("organisation:person_deactivate", args=[boss.reference])
    assert client.post(address).status_code == 403
    assert fresh(boss).is_active


def test_a_manager_changes_nobody_who_also_works_elsewhere(client: Any, town: Any) -> None:
    Membership.objects.create(user=town.staff, unit=town.hill, role="staff", level="front")
    client.force_login(town.manager)
    address = reverse("organisation:person_edit", args=[town.staff.reference])
    assert client.post(address, {"name": "Somebody else"}).status_code == 403
    assert fresh(town.staff).name == "Sofia"


def test_a_role_that_the_form_does_not_offer_is_refused(client: Any, town: Any) -> None:
    client.force_login(town.manager)
    address = reverse("organisation:role_set", args=[town.staff.reference])
    response = client.post(address, {"unit": "harbour", "role": "administrator", "level": "front"})
    assert response.status_code == 422
    assert town.staff.memberships.get().role == "staff"


def test_a_second_role_in_the_same_unit_replaces_the_first(town: Any) -> None:
    actions.set_role(town.staff, unit=town.harbour, role="manager", level="middle", by=town.manager)
    assert [each.role for each in fresh(town.staff).roles] == ["manager"]


def test_the_only_role_stays(town: Any) -> None:
    with pytest.raises(actions.RoleRefused, match="only role"):
        actions.remove_role(town.staff.memberships.get(), by=town.administrator)
    assert town.staff.memberships.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 151), ("name", "A\x00da"), ("language", "xx"), ("hired_on", "31/31/2026")],
)
def test_bad_input_is_refused_in_words_and_changes_nothing(
    client: Any, town: Any, field: str, value: str
) -> None:
    client.force_login(town.administrator)
    data = {"name": "Sofia Reyes", "language": "en", "hired_on": "2026-01-31", field: value}
    response = client.post(reverse("organisation:person_edit", args=[town.staff.reference]), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert fresh(town.staff).name == "Sofia"


def test_the_audit_trail_tells_who_changed_what_and_keeps_no_password(client: Any, town: Any) -> None:
    client.force_login(town.administrator)
    LogEntry.objects.all().delete()
    client.post(
        reverse("organisation:person_edit", args=[town.staff.reference]),
        {"name": "Sofia Reyes", "language": "", "hired_on": ""},
    )
    person = fresh(town.staff)
    person.set_password("another good sentence")
    person.save()
    entry = LogEntry.objects.get()
    assert entry.actor == town.administrator
    assert entry.changes == {"name": ["Sofia", "Sofia Reyes"]}
    assert entry.remote_addr is None


def test_the_audit_trail_tells_of_guarded_changes_too(town: Any) -> None:
    LogEntry.objects.all().delete()
    actions.deactivate_person(town.staff, by=town.administrator)
    entry = LogEntry.objects.exclude(content_type__model="installation").get()
    assert (entry.actor, entry.changes) == (town.administrator, {"is_active": ["True", "False"]})
