"""Coverage by hour: silence is told apart from not asking."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.coverage import State, coverage_of, moment_of
from feedback.models import Collector, Questionnaire
from feedback.tests.factories import CollectorFactory, ResponseFactory, VersionFactory
from organisation.tests.factories import CalendarFactory, InstallationFactory, person_in

pytestmark = pytest.mark.django_db


def cells_of(collector: Any, at: datetime, day: date) -> dict[int, tuple[str, int]]:
    found = coverage_of(collector, at=at)
    return {
        cell.hour: (cell.state, cell.cards) for each in found.days if each.day == day for cell in each.cells
    }


def test_an_hour_with_cards_a_silent_one_a_closed_one_and_one_that_is_ahead(now: datetime) -> None:
    collector: Any = CollectorFactory()
    calendar: Any = CalendarFactory()
    calendar.uses.create(unit=collector.unit)
    ResponseFactory(collector=collector, received_at=now - timedelta(hours=3))
    cells = cells_of(collector, now, now.date())
    assert cells[11] == (State.CARDS, 1)
    assert cells[12] == (State.NONE, 0)
    assert cells[8] == (State.CLOSED, 0)
    assert cells[15] == (State.AHEAD, 0)


def test_days_before_it_opened_and_after_it_was_archived_are_not_zero(now: datetime) -> None:
    collector: Any = CollectorFactory(opens_on=date(2026, 11, 12), archived_at=now - timedelta(days=2))
    asked = {each.day.day: each.asked for each in coverage_of(collector, at=now).days}
    assert not asked[11]
    assert asked[12]
    assert asked[16]
    assert not asked[17]


def test_a_place_made_today_was_silent_neither_yesterday_nor_before_it_was_made(now: datetime) -> None:
    collector: Any = CollectorFactory(created_at=now - timedelta(hours=2), unit__timezone="UTC")
    found = coverage_of(collector, at=now)
    assert [each.day for each in found.days if each.asked] == [now.date()]
    silent = [cell.hour for each in found.days for cell in each.cells if cell.state == State.NONE]
    assert silent == [12, 13, 14]


def test_a_place_whose_cards_are_older_than_itself_asked_since_the_first_of_them(now: datetime) -> None:
    collector: Any = CollectorFactory(created_at=now)
    ResponseFactory(collector=collector, service_date=date(2026, 11, 12))
    asked = {each.day.day for each in coverage_of(collector, at=now).days if each.asked}
    assert asked == set(range(12, 19))


def test_a_place_that_opens_after_it_was_made_is_silent_from_its_opening(now: datetime) -> None:
    made = now - timedelta(days=6)
    collector: Any = CollectorFactory(created_at=made, opens_on=date(2026, 11, 15))
    asked = {each.day.day for each in coverage_of(collector, at=now).days if each.asked}
    assert asked == set(range(15, 19))


def test_of_a_place_made_before_that_was_kept_silence_is_told_as_ever(now: datetime) -> None:
    collector: Any = CollectorFactory(created_at=None)
    assert all(each.asked for each in coverage_of(collector, at=now).days)


def test_a_card_that_arrives_late_stands_in_the_hour_in_which_it_was_answered(now: datetime) -> None:
    collector: Any = CollectorFactory()
    wrong_clock = datetime(2025, 1, 1, 9, 0, tzinfo=UTC)
    ResponseFactory(
        collector=collector,
        received_at=now,
        answered_at=wrong_clock,
        sent_at=wrong_clock + timedelta(days=1, hours=4),
        service_date=date(2026, 11, 17),
    )
    assert cells_of(collector, now, date(2026, 11, 17))[10] == (State.CARDS, 1)


@pytest.mark.parametrize("age", [timedelta(days=-1), timedelta(days=31)])
def test_a_device_that_contradicts_itself_is_not_believed(now: datetime, age: timedelta) -> None:
    assert moment_of(now, now - age, now) == now


def test_of_paper_only_the_day_is_known(now: datetime) -> None:
    collector: Any = CollectorFactory(kind=Collector.Kind.PAPER)
    ResponseFactory(collector=collector, received_at=now, service_date=date(2026, 11, 16))
    found = coverage_of(collector, at=now)
    assert found.hours == ()
    assert [(each.day.day, each.without_hour) for each in found.days if each.cards] == [(16, 1)]


def test_of_colleagues_only_the_day_is_told(now: datetime) -> None:
    collector: Any = CollectorFactory()
    Questionnaire.objects.filter(pk=collector.questionnaire_id).update(kind="employees")
    ResponseFactory(collector=collector, received_at=now, service_date=now.date())
    found = coverage_of(Collector.objects.get(pk=collector.pk), at=now)
    assert found.hours == ()
    assert [each.without_hour for each in found.days if each.cards] == [1]


def test_the_page_of_a_collector_costs_the_same_for_two_cards_and_for_twenty(client: Client) -> None:
    InstallationFactory()
    collector: Any = CollectorFactory()
    client.force_login(person_in(collector.unit, "manager"))
    version: Any = VersionFactory(questionnaire=collector.questionnaire)
    counts = []
    for many in (2, 18):
        for _turn in range(many):
            ResponseFactory(collector=collector, version=version)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/feedback/collectors/{collector.slug}/")
        assert "not collecting" in page.content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
