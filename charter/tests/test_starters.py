"""Starter charters: every file makes a charter that could be published."""

import pytest
from django.urls import reverse

from charter import actions
from charter.models import Charter, Policy, Standard
from charter.starters import BEHAVIOURS, starters
from charter.tests.factories import CharterFactory
from organisation.tests.factories import UnitFactory, UserFactory, person_in

KEYS = ["call-centre", "clinic", "municipality", "service-desk", "shops", "utility"]


def test_there_is_a_starter_for_each_of_six_trades():
    assert sorted(starters()) == KEYS


@pytest.mark.django_db
@pytest.mark.parametrize("key", KEYS)
def test_a_starter_makes_a_charter_that_can_be_published(key, now):
    charter = actions.begin_with_starter(
        unit=UnitFactory(), starter=starters()[key], by=UserFactory(), at=now
    )
    for owner in (charter, *charter.values.all(), *charter.standards.all(), *charter.policies.all()):
        owner.text().full_clean()
    edition = actions.publish_edition(charter=charter, note="Our first", by=UserFactory(), at=now)
    content = edition.content
    assert len(content["values"]) == 4
    assert 6 <= len(content["standards"]) <= 8
    assert 2 <= len(content["policies"]) <= 3
    assert all(each["measures"][0]["goal"] for each in content["standards"])


@pytest.mark.parametrize("key", KEYS)
def test_a_starter_mixes_judgement_and_leaves_no_standard_without_its_words(key):
    starter = starters()[key]
    assert {each.fields["discretion"] for each in starter.standards} == set(Standard.Discretion)
    assert all(all(each.words.values()) for each in starter.standards)
    assert all(all(each.words[name] for name in BEHAVIOURS) for each in starter.values)
    assert all(each.words["staff_may"] for each in starter.policies)
    assert any(each.fields["limit_amount"] for each in starter.standards)


@pytest.mark.django_db
def test_a_unit_that_has_a_charter_keeps_it():
    charter = CharterFactory()
    with pytest.raises(actions.CharterExists):
        actions.begin_with_starter(unit=charter.unit, starter=starters()["clinic"], by=UserFactory())
    assert not Standard.objects.exists()


@pytest.mark.django_db
def test_a_manager_reads_a_starter_and_begins_with_it(client):
    unit = UnitFactory()
    client.force_login(person_in(unit, "manager"))
    chooser = client.get(reverse("charter:starter_list"))
    assert all(reverse("charter:starter_detail", args=[key]) in chooser.content.decode() for key in KEYS)
    url = reverse("charter:starter_detail", args=["utility"])
    assert "Missed visit, money back" in client.get(url).content.decode()
    response = client.post(url, {"unit": unit.slug, "title": "What you can expect from the works"})
    assert response.url == reverse("charter:edit", args=[unit.slug])
    assert str(Charter.objects.get().text()) == "What you can expect from the works"
    assert Policy.objects.count() == 3


@pytest.mark.django_db
def test_a_starter_that_is_not_there_is_not_found(client):
    client.force_login(person_in(UnitFactory(), "manager"))
    assert client.get(reverse("charter:starter_detail", args=["circus"])).status_code == 404
