"""One envelope is one response, for its day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charter.models import Edition, StaleBucket
from charter.tests.factories import CharterFactory
from feedback.actions.receive import EnvelopeAltered, receive_response
from feedback.answer_source import CustomerAnswers
from feedback.models import Answer, Person, Response
from feedback.tests.cards import a_place, envelope
from feedback.tests.factories import QuestionFactory, VersionFactory
from organisation.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


def test_a_card_is_stored_with_its_answers_and_the_buckets_it_makes_stale(now: datetime) -> None:
    place = a_place()
    sent = envelope(place, {"visit": 4, "next": "na", "comment": "Quick and friendly"})
    response = receive_response(collector=place.collector, envelope=sent, at=now).response
    assert response.rating == 75
    assert response.search == "quick and friendly"
    stored = {answer.question.key: answer for answer in response.answers.all()}
    assert (stored["visit"].value, stored["visit"].measure_id) == (4, place.visit.measure_id)
    assert (stored["next"].value, stored["next"].is_na) == (None, True)
    assert {(each.measure_id, each.unit_id, each.day) for each in StaleBucket.objects.all()} == {
        (place.visit.measure_id, response.unit_id, date(2026, 11, 18)),
        (place.next.measure_id, response.unit_id, date(2026, 11, 18)),
    }


def test_a_replay_returns_the_first_response_and_stores_nothing(now: datetime) -> None:
    place = a_place()
    sent = envelope(place)
    first = receive_response(collector=place.collector, envelope=sent, at=now)
    stale = StaleBucket.objects.count()
    again = receive_response(collector=place.collector, envelope=sent, at=now + timedelta(days=3))
    assert (first.is_replay, again.is_replay) == (False, True)
    assert again.response == first.response
    assert (Response.objects.count(), Answer.objects.count(), StaleBucket.objects.count()) == (1, 2, stale)


def test_the_same_id_with_another_body_is_refused_and_changes_nothing(now: datetime) -> None:
    place = a_place()
    first = envelope(place, {"visit": 4})
    kept = receive_response(collector=place.collector, envelope=first, at=now).response
    with pytest.raises(EnvelopeAltered) as refused:
        receive_response(
            collector=place.collector, envelope=envelope(place, {"visit": 1}, uid=first.uid), at=now
        )
    assert str(refused.value) == kept.receipt_code
    assert [answer.value for answer in Answer.objects.all()] == [4]


def test_the_same_id_at_another_place_is_another_response(now: datetime) -> None:
    here, there = a_place(), a_place()
    first = envelope(here, {"visit": 4})
    receive_response(collector=here.collector, envelope=first, at=now)
    other = envelope(there, {"visit": 4}, uid=first.uid)
    assert not receive_response(collector=there.collector, envelope=other, at=now).is_replay


def day_of(at: datetime, zone: str = "Europe/London", **device: Any) -> date:
    place = a_place(unit=UnitFactory(timezone=zone))
    sent = envelope(place, **device)
    return receive_response(collector=place.collector, envelope=sent, at=at).response.service_date


def test_one_second_before_midnight_counts_for_the_ending_day() -> None:
    assert day_of(datetime(2026, 9, 30, 22, 59, 59, tzinfo=UTC)) == date(2026, 9, 30)
    assert day_of(datetime(2026, 9, 30, 23, 0, 0, tzinfo=UTC)) == date(2026, 10, 1)
    assert day_of(datetime(2026, 9, 30, 23, 0, 0, tzinfo=UTC), "America/New_York") == date(2026, 9, 30)


def test_a_late_arrival_counts_for_the_day_it_was_answered(now: datetime) -> None:
    assert day_of(now, answered_at="2026-11-16T10:00:00Z") == date(2026, 11, 16)


def test_a_clock_that_is_wrong_by_a_year_does_no_harm_where_it_stamped_both(now: datetime) -> None:
    wrong = {"answered_at": "2025-11-16T10:00:00Z", "sent_at": "2025-11-18T10:00:00Z"}
    assert day_of(now, **wrong) == date(2026, 11, 16)


@pytest.mark.parametrize(
    "device",
    [
        {"answered_at": "2025-11-16T10:00:00Z"},
        {"answered_at": "2026-11-19T10:00:00Z"},
        {"answered_at": "2026-11-18T10:00:00Z", "sent_at": "2026-11-17T10:00:00Z"},
        {"service_date": "2026-11-19"},
        {"service_date": "2026-10-18"},
    ],
)
def test_an_implausible_day_gives_way_to_the_day_of_receipt(now: datetime, device: dict[str, str]) -> None:
    assert day_of(now, **device) == date(2026, 11, 18)


def test_a_plausible_service_date_is_believed(now: datetime) -> None:
    assert day_of(now, service_date="2026-10-19") == date(2026, 10, 19)


def test_the_edition_is_the_one_in_force_on_the_day_nearest_above(now: datetime) -> None:
    root: Any = UnitFactory()
    branch = UnitFactory(parent=root)
    place = a_place(unit=UnitFactory(parent=branch))
    first, second = (
        Edition.objects.create(
            charter=charter, number=number, note="-", in_force_from=day, content={}, published_at=now
        )
        for charter, number, day in [
            (CharterFactory(unit=root), 1, date(2026, 1, 1)),
            (CharterFactory(unit=branch), 1, date(2026, 11, 1)),
        ]
    )
    for day, edition in [("2026-10-31", first), ("2026-11-01", second)]:
        sent = envelope(place, service_date=day)
        assert (
            receive_response(collector=place.collector, envelope=sent, at=now).response.edition_id
            == edition.pk
        )


def test_an_answer_to_an_older_version_stays_with_it(now: datetime) -> None:
    place = a_place()
    newer: Any = VersionFactory(questionnaire=place.version.questionnaire, number=2)
    QuestionFactory(version=newer, key="visit")
    stored = receive_response(collector=place.collector, envelope=envelope(place, version=1), at=now).response
    assert stored.version == place.version


def test_a_contact_is_kept_apart_with_its_end(now: datetime) -> None:
    place = a_place()
    sent = envelope(place, {"visit": 4}, contact={"name": "Ann", "email": "ann@example.org"})
    person = Person.objects.get(
        response=receive_response(collector=place.collector, envelope=sent, at=now).response
    )
    assert (person.name, person.email, person.keep_until) == ("Ann", "ann@example.org", date(2027, 5, 17))


def test_a_test_card_counts_nowhere(now: datetime) -> None:
    place = a_place()
    stored = receive_response(
        collector=place.collector, envelope=envelope(place), at=now, is_test=True
    ).response
    assert not Response.objects.countable().exists()
    assert not StaleBucket.objects.exists()
    bucket = (place.next.measure_id, stored.unit_id, stored.service_date)
    assert CustomerAnswers().values_of(*bucket) == {}


def test_a_card_is_stored_in_few_statements(now: datetime) -> None:
    place = a_place()
    receive_response(collector=place.collector, envelope=envelope(place), at=now)
    sent = envelope(place)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        receive_response(collector=place.collector, envelope=sent, at=now)
    statements = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    # the edition; then response, tombstone, answers, stale buckets and key, on PostgreSQL in one message
    assert len(statements) == (2 if connection.vendor == "postgresql" else 6)


def test_the_source_counts_a_bucket_by_series_and_value_in_one_query(
    now: datetime, django_assert_num_queries: Any
) -> None:
    place = a_place()
    for value in (1, 1, 0, "na"):
        sent = envelope(place, {"next": value})
        receive_response(collector=place.collector, envelope=sent, at=now)
    bucket = (place.next.measure_id, place.collector.unit_id, now.date())
    with django_assert_num_queries(1):
        assert CustomerAnswers().values_of(*bucket) == {1: {1: 2, 0: 1, None: 1}}
    assert list(CustomerAnswers().buckets()) == [bucket]


WRITTEN = "She walked me to the right counter and waited with me."


def test_a_written_card_sent_again_after_going_back_is_kept_and_does_not_count_twice(now: datetime) -> None:
    place = a_place()
    said = {"next": 1, "comment": WRITTEN}
    first = receive_response(collector=place.collector, envelope=envelope(place, said), at=now).response
    later = now + timedelta(minutes=5)
    again = receive_response(collector=place.collector, envelope=envelope(place, said), at=later).response
    assert again.duplicate_of == first
    assert list(Response.objects.countable()) == [first]


@pytest.mark.parametrize(
    ("said", "minutes"),
    [({"next": 1}, 5), ({"next": 1, "comment": "Thanks"}, 5), ({"next": 1, "comment": WRITTEN}, 61)],
    ids=["without words", "with few words", "an hour later"],
)
def test_two_cards_that_say_the_same_by_chance_both_count(now: datetime, said: Any, minutes: int) -> None:
    place = a_place()
    for at in (now, now + timedelta(minutes=minutes)):
        receive_response(collector=place.collector, envelope=envelope(place, said), at=at)
    assert Response.objects.countable().count() == 2
