"""Suspected spam of colleagues is let count by place and day, and read by nobody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from charter.models import StaleBucket
from feedback.actions.inbox import restore_set_aside
from feedback.actions.receive import receive_response
from feedback.models import Response, ResponseEvent
from feedback.tests.cards import a_place, envelope
from organisation.tests.factories import InstallationFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db
URL = "/feedback/set-aside/"
SECRET = "The head of the office never answers"


@pytest.fixture(autouse=True)
def installation() -> None:
    InstallationFactory()


def staff_room(now: datetime, *days: int, kind: str = "employees", **collector: Any) -> Any:
    """A place where colleagues are asked, with a suspected answer so many days ago each."""
    place = a_place(**collector)
    place.collector.questionnaire.kind = kind
    place.collector.questionnaire.save()
    for back in days:
        sent = envelope(place, {"visit": 2, "comment": f"{SECRET} {back}"})
        received = receive_response(collector=place.collector, envelope=sent, at=now - timedelta(days=back))
        Response.objects.filter(pk=received.response.pk).update(is_spam=True, spam_reason="stamp,fast")
    return place


def manager_of(client: Client, place: Any) -> Any:
    client.force_login(person_in(place.collector.unit, "manager"))


def restore(client: Client, place: Any, day: object) -> Any:
    return client.post(f"{URL}restore/", {"place": place.collector.slug, "day": str(day)}, follow=True)


def test_the_page_says_how_many_where_and_when_and_no_word_of_it(client: Client, now: datetime) -> None:
    place = staff_room(now, 0, 0, 3, name="Staff room")
    manager_of(client, place)
    page = client.get(URL).content.decode()
    assert page.count("Staff room</th>") == 2
    assert "<span>2</span>" in page
    assert SECRET not in page
    assert b"".join(client.get(URL, {"export": "csv"})).count(b"Staff room") == 2


def test_customers_cards_and_those_of_other_units_are_not_on_it(client: Client, now: datetime) -> None:
    mine = staff_room(now)
    staff_room(now, 1, kind="card", unit=mine.collector.unit, name="At the door")
    staff_room(now, 1, name="Elsewhere")
    manager_of(client, mine)
    assert "Nothing is set aside" in client.get(URL).content.decode()


def test_those_of_a_day_count_again_and_the_others_wait(client: Client, now: datetime) -> None:
    place = staff_room(now, 0, 0, 3)
    manager_of(client, place)
    StaleBucket.objects.all().delete()
    assert "they count again" in restore(client, place, now.date()).content.decode()
    assert Response.objects.countable().count() == 2
    assert {each.day for each in StaleBucket.objects.all()} == {now.date()}
    restored = ResponseEvent.objects.filter(what="restored")
    assert (restored.count(), restored.first().by is not None) == (2, True)  # type: ignore[union-attr]


def test_pressed_twice_it_has_one_effect_and_says_so(client: Client, now: datetime) -> None:
    place = staff_room(now, 0)
    manager_of(client, place)
    restore(client, place, now.date())
    assert "A colleague has already done this" in restore(client, place, now.date()).content.decode()
    assert ResponseEvent.objects.filter(what="restored").count() == 1


def test_the_second_of_two_at_once_restores_nothing(now: datetime) -> None:
    staff_room(now, 0, 0)
    chosen = Response.objects.filter(is_spam=True)
    first = chosen.first()
    assert first
    stale = Response.objects.filter(pk__in=[each.pk for each in chosen])
    Response.objects.filter(pk=first.pk).update(is_spam=False)
    assert restore_set_aside(stale, by=UserFactory(), at=now) == 0
    assert Response.objects.countable().get() == first
    assert not ResponseEvent.objects.exists()


def test_another_manager_cannot_let_them_count(client: Client, now: datetime) -> None:
    place = staff_room(now, 0)
    manager_of(client, a_place())
    restore(client, place, now.date())
    assert not Response.objects.countable().exists()


@pytest.mark.parametrize("data", [{"place": "x\x00", "day": "2026-11-18"}, {"place": "x", "day": "soon"}])
def test_nonsense_is_not_found(client: Client, data: dict[str, str]) -> None:
    manager_of(client, a_place())
    assert client.post(f"{URL}restore/", data).status_code == 404


def test_the_results_lead_there_where_something_is_set_aside(client: Client, now: datetime) -> None:
    place = staff_room(now, 0)
    manager_of(client, place)
    assert URL in client.get("/feedback/results/").content.decode()
    restore(client, place, now.date())
    assert URL not in client.get("/feedback/results/").content.decode()


def test_twenty_days_cost_no_more_queries_than_two(client: Client, now: datetime) -> None:
    place = staff_room(now, 0, 1)
    manager_of(client, place)
    client.get(URL)
    with CaptureQueriesContext(connection) as two:
        client.get(URL)
    for back in range(2, 20):
        sent = envelope(place, {"visit": 2})
        kept = receive_response(collector=place.collector, envelope=sent, at=now - timedelta(days=back))
        Response.objects.filter(pk=kept.response.pk).update(is_spam=True)
    with CaptureQueriesContext(connection) as twenty:
        assert client.get(URL).content.count(b'name="day"') == 20
    assert len(twenty) == len(two)
