"""Many people behind one address, and one program that pretends to be many."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from feedback.actions.inbox import restore_response
from feedback.actions.receive import receive_response
from feedback.models import Response
from feedback.spam import FormTraces, new_stamp
from feedback.tests.cards import a_place, envelope
from organisation.tests.factories import person_in

pytestmark = pytest.mark.django_db
ONE_ADDRESS = "the-hash-of-one-address"


def hand_in(place: SimpleNamespace, number: int, *, at: datetime, after: float, stamp: str = "") -> None:
    """A card from the one address, handed out `after` seconds before it came back."""
    given = stamp or new_stamp(place.collector, at=at - timedelta(seconds=after))
    receive_response(
        collector=place.collector,
        envelope=envelope(place, {"visit": number % 5 + 1}),
        source_hash=ONE_ADDRESS,
        traces=FormTraces(stamp=given),
        at=at,
    )


def test_of_three_hundred_people_behind_one_address_all_but_three_count_at_least(now: datetime) -> None:
    """A few of them tap in less than two seconds, all within four minutes."""
    place = a_place()
    for number in range(300):
        hand_in(place, number, at=now + timedelta(seconds=number * 0.8), after=1.5 if number % 60 == 0 else 9)
    assert Response.objects.count() == 300
    assert Response.objects.countable().count() >= 297


@pytest.mark.parametrize(("after", "stamp"), [(0.2, ""), (9, "forged")])
def test_a_program_that_stuffs_the_ballot_is_found_uncounted_and_can_be_restored(
    now: datetime, after: float, stamp: str
) -> None:
    place = a_place()
    for number in range(120):
        hand_in(place, number, at=now + timedelta(seconds=number), after=after, stamp=stamp)
    found = Response.objects.filter(is_spam=True)
    assert Response.objects.count() == 120
    assert found.count() >= 110
    assert all("insistent" in reason for reason in found.values_list("spam_reason", flat=True))
    manager: Any = person_in(place.collector.unit, "manager")
    for each in found[:3]:
        restore_response(each, by=manager, at=now)
    assert found.count() >= 107
    assert Response.objects.countable().count() == 120 - found.count()
