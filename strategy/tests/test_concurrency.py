"""Two at once: needs a database with many writers."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction

from strategy.actions import rounds
from strategy.models import Round, Sheet
from strategy.tests.factories import Branch, a_round, all_answers

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)


def meanwhile(first, second):
    """What `second` raised (or gave back), begun in a thread while `first` is done and not yet kept."""
    assert connection.vendor == "postgresql"
    found = []

    def run():
        try:
            found.append(second())
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        other.join(timeout=0.5)
    other.join()
    return found[0]


def test_no_answers_slip_into_a_round_that_is_being_closed():
    branch = Branch()
    found = a_round(branch.unit, branch.manager, is_open=True)
    late = meanwhile(
        lambda: rounds.close_round(Round.objects.get(pk=found.pk), by=branch.manager, at=NOVEMBER),
        lambda: rounds.answer_round(found, person=branch.colleague, answers=all_answers(3), at=NOVEMBER),
    )
    assert isinstance(late, rounds.RoundMovedOn)
    assert not Sheet.objects.exists()
    assert not found.seats.filter(has_answered=True).exists()


def test_of_two_rounds_that_ask_the_same_people_one_is_opened():
    branch = Branch()
    above, below = a_round(branch.root, branch.manager), a_round(branch.unit, branch.manager)
    second = meanwhile(
        lambda: rounds.open_round(above, by=branch.manager, at=NOVEMBER),
        lambda: rounds.open_round(below, by=branch.manager, at=NOVEMBER),
    )
    assert isinstance(second, rounds.RoundRefused)
    assert Round.objects.filter(state=Round.State.OPEN).count() == 1
