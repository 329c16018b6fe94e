"""Policies: what the customer gets, and what staff may decide alone."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from charter import actions
from charter.models import CharterEvent, Policy
from charter.tests.factories import CharterFactory, StandardFactory
from organisation.tests.factories import UserFactory

WORDS = {"name": "Put right on the spot", "staff_may": "Waive a fee or pay a taxi home."}


def save(charter, policy=None, **more):
    wanted = {"language": "en", "words": WORDS, "fields": {"amount": Decimal(50), "currency": "£"}}
    return actions.save_policy(charter=charter, policy=policy, **(wanted | more), by=UserFactory())


@pytest.fixture
def charter(db):
    return CharterFactory()


def test_a_new_policy_goes_to_the_end_and_names_its_standards(charter):
    first = save(charter)
    standard = StandardFactory(charter=charter)
    second = save(charter, fields={"standards": [standard]})
    assert list(charter.policies.all()) == [first, second]
    assert second.standards.get() == standard
    assert CharterEvent.objects.filter(what="policy_saved", note=WORDS["name"]).count() == 2


def test_the_second_of_two_who_edit_a_policy_is_refused_and_writes_nothing(charter):
    policy = save(charter)
    save(charter, policy, expected_version=0)
    with pytest.raises(actions.PolicyChangedMeanwhile):
        save(charter, policy, expected_version=0, words=WORDS | {"name": "Mine"})
    assert (str(Policy.objects.get()), Policy.objects.get().version) == (WORDS["name"], 1)


def test_an_amount_without_a_currency_is_refused_by_the_database(charter):
    with pytest.raises(IntegrityError), transaction.atomic():
        save(charter, fields={"amount": Decimal(50)})
    assert not Policy.objects.exists()


def test_an_archived_policy_leaves_the_draft_and_comes_back_once(charter):
    policy = save(charter)
    for _twice in range(2):
        actions.archive_policy(policy=policy, by=UserFactory())
    assert not charter.policies.active().exists()
    assert CharterEvent.objects.filter(what="policy_archived").count() == 1
    actions.restore_policy(policy=policy, by=UserFactory())
    assert charter.policies.active().get() == policy


def test_a_policy_moves_up(charter):
    first, second = save(charter), save(charter)
    actions.move_policy(policy=second, up=True, by=UserFactory())
    assert list(charter.policies.active()) == [second, first]
