"""The order of a list, given as a whole."""

import pytest

from charter import actions
from charter.models import CharterEvent
from charter.tests.factories import CharterFactory
from organisation.tests.factories import UserFactory


@pytest.fixture
def charter(db):
    charter = CharterFactory()
    for position, key in enumerate("abcde"):
        charter.values.create(key=key, position=position)
    return charter


def keys(charter):
    return "".join(charter.values.active().values_list("key", flat=True))


def put(charter, order):
    actions.put_in_order(charter=charter, part="values", keys=list(order), by=UserFactory())


def test_the_list_takes_the_order_of_the_keys(charter):
    put(charter, "edcba")
    assert keys(charter) == "edcba"


def test_the_keys_of_one_page_change_places_among_themselves(charter):
    put(charter, "db")
    assert keys(charter) == "adcbe"


def test_keys_that_are_gone_or_repeated_do_no_harm(charter):
    put(charter, ["e", "nowhere", "a", "e"])
    assert keys(charter) == "ebcda"


def test_an_order_that_stands_already_leaves_no_trace(charter):
    put(charter, "abcde")
    assert not CharterEvent.objects.filter(what="reordered").exists()
