"""Many at once: needs a database with many writers."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, connections

from feedback.actions.receive import receive_response
from feedback.models import Answer, Response
from feedback.tests.cards import a_place, envelope

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]


def test_ten_senders_of_one_envelope_make_one_response(now: datetime) -> None:
    assert connection.vendor == "postgresql"
    place = a_place()
    sent = envelope(place)
    found: list[Any] = []
    start = threading.Barrier(10)

    def send() -> None:
        try:
            start.wait()
            found.append(receive_response(collector=place.collector, envelope=sent, at=now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _turn in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({received.response.pk for received in found}) == 1
    assert sorted(received.is_replay for received in found) == [False] + [True] * 9
    assert (Response.objects.count(), Answer.objects.count()) == (1, 2)
