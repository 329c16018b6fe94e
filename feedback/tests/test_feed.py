"""The feed of comments for all staff."""

from datetime import datetime

import pytest
from django.utils import timezone

from feedback.actions.inbox import reply_to_response
from feedback.actions.receive import receive_response
from feedback.tests.cards import a_place, a_survey, envelope
from feedback.tests.test_inbox import CONTACT, a_card, page_for, queries_of
from organisation.tests.factories import InstallationFactory, UserFactory, person_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["staff", "manager"])
@pytest.mark.parametrize("query", ["", "?export=csv"])
def test_everybody_reads_the_comments_of_the_own_unit_without_personal_data(role: str, query: str) -> None:
    InstallationFactory()
    place, now = a_place(), timezone.now()
    card = a_card(place, now, "Ann Miller waited. ann@example.org, 020 7946 0123", contact=CONTACT)
    a_card(a_place(), now, "Of another unit")
    reply_to_response(card, text="Dear Ann Miller, thank you", by=UserFactory(), at=now)
    page = page_for(person_in(place.collector.unit, role), query, "/feedback/comments/")
    assert "waited" in page
    for secret in ("Miller", "ann@example", "7946", "another unit"):
        assert secret not in page


def test_the_feed_is_searched_by_words_and_period(now: datetime) -> None:
    place = a_place()
    a_card(place, now, "The LIFT is broken")
    a_card(place, now, "Kind people")
    staff = person_in(place.collector.unit, "staff")
    page = page_for(staff, "?q=lift&period=2026-11", "/feedback/comments/")
    assert "The LIFT" in page
    assert "Kind people" not in page
    assert "No comment fits" in page_for(staff, "?q=lift&period=2025", "/feedback/comments/")


def test_twenty_comments_cost_no_more_queries_than_two(now: datetime) -> None:
    place = a_place()
    staff = person_in(place.collector.unit, "staff")
    path = "/feedback/comments/?period=2026-11"
    for _turn in range(2):
        a_card(place, now, "a word", contact=CONTACT)
    two = queries_of(staff, path)
    for _turn in range(18):
        a_card(place, now, "a word", contact=CONTACT)
    assert queries_of(staff, path) == two


def test_the_name_of_a_helper_is_no_comment(now: datetime) -> None:
    place = a_survey(("who", "helper", {}))
    sent = envelope(place, {"who": "Maya"})
    receive_response(collector=place.collector, envelope=sent, at=now)
    page = page_for(person_in(place.collector.unit), "?period=2026-11", "/feedback/comments/")
    assert "Maya" not in page
