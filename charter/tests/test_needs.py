"""Standards tied to needs, and what has no counterpart."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter import actions
from charter.needs import standards_in_use, standards_without_need, unanswered_needs
from charter.tests.factories import CharterFactory, StandardFactory
from customers.tests.factories import NeedFactory
from organisation.tests.factories import person_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
UNMATCHED = "/customers/promises/"


@pytest.fixture
def standard():
    return StandardFactory(key="next-step")


@pytest.fixture
def manager(client, standard):
    person = person_in(standard.charter.unit, "manager")
    client.force_login(person)
    return person


def body(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


def test_a_standard_answers_a_need_from_the_day_it_is_tied(client, manager, standard):
    need = NeedFactory()
    for _twice in range(2):
        client.post(reverse("charter:need_tie", args=[need.reference]), {"standard": "next-step"})
    assert list(need.standards.all()) == [standard]
    assert [event.what for event in need.events.all()] == ["tied"]
    assert "Untie" in body(client.get(need.get_absolute_url()))
    client.post(reverse("charter:need_untie", args=[need.reference, "next-step"]))
    assert not need.standards.exists()
    assert [event.what for event in need.events.all()] == ["untied", "tied"]


def test_tying_leaves_the_draft_of_the_charter_as_it_was(standard):
    version = standard.charter.version
    actions.tie_need(need=NeedFactory(), standard=standard, by=None, at=NOW)
    standard.charter.refresh_from_db()
    assert standard.charter.version == version


def test_nobody_ties_the_standard_of_another_unit(client, manager):
    StandardFactory(key="foreign")
    need = NeedFactory()
    client.post(reverse("charter:need_tie", args=[need.reference]), {"standard": "foreign"})
    assert not need.standards.exists()


def test_what_has_no_counterpart_is_listed_on_both_sides(client, manager, standard):
    alone, answered = NeedFactory(need="To be heard"), NeedFactory(need="To wait less")
    actions.tie_need(need=answered, standard=StandardFactory(promise="Short queues"), by=None, at=NOW)
    page = client.get(UNMATCHED)
    assert list(page.context["needs"]) == [alone]
    assert list(page.context["standards"]) == [standard]
    assert "To be heard" in body(client.get(f"{UNMATCHED}?export=csv"))


def test_an_archived_standard_leaves_its_need_unanswered_and_an_archived_need_its_standard(standard):
    need = NeedFactory()
    actions.tie_need(need=need, standard=standard, by=None, at=NOW)
    assert standards_in_use([need.pk]) == {need.pk: 1}
    assert not unanswered_needs().exists()
    actions.archive_standard(standard=standard, by=None, at=NOW)
    assert standards_in_use([need.pk]) == {}
    assert list(unanswered_needs()) == [need]
    actions.restore_standard(standard=standard, by=None, at=NOW)
    need.archived_at = NOW
    need.save()
    assert list(standards_without_need()) == [standard]


def test_both_lists_are_searched_and_nonsense_is_refused(client, manager, standard):
    NeedFactory(need="ÄRGER avoided")
    NeedFactory(need="Short queues")
    page = client.get(f"{UNMATCHED}?q=ärger")
    assert [need.need for need in page.context["needs"]] == ["ÄRGER avoided"]
    assert list(page.context["standards"]) == []
    assert client.get(f"{UNMATCHED}?sort=nonsense").status_code == 422


def test_twenty_of_either_take_as_many_queries_as_two(client, manager, standard):
    charter = CharterFactory()

    def more(count):
        for _each in range(count):
            NeedFactory()
            StandardFactory(charter=charter)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(UNMATCHED)
        return len(caught)

    more(2)
    queries()
    two = queries()
    more(18)
    assert queries() == two
