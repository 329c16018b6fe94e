"""Standards tied to needs, and what has no counterpart."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charter import actions
from charter.needs import standards_in_use, standards_without_need, unanswered_needs
from charter.tests.factories import CharterFactory, MeasureFactory, StandardFactory
from customers.tests.factories import NeedFactory
from organisation.tests.factories import UserFactory, person_in

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


# ---------------------------------------------------------------- measures

MEAN = {"method": "mean", "scale_low": 1, "scale_high": 5}


@pytest.fixture
def need(standard):
    return NeedFactory(unit=standard.charter.unit)


@pytest.fixture
def pair(standard):
    importance = MeasureFactory(standard=standard, key="important", is_of_need=True, **MEAN)
    return importance, MeasureFactory(standard=standard, key="satisfied", is_of_need=True, **MEAN)


def test_a_need_has_one_measure_of_importance_one_of_satisfaction_and_others(client, manager, need, pair):
    other = MeasureFactory(standard=pair[0].standard, key="in-time")
    address = reverse("charter:need_measures", args=[need.reference])
    sent = {"importance": "important", "satisfaction": "satisfied", "others": ["in-time"], "version": "0"}
    assert client.post(address, sent).status_code == 302
    found = {row.role: row.measure for row in need.measures.all()}
    assert found == {"importance": pair[0], "satisfaction": pair[1], "other": other}
    page = body(client.get(need.get_absolute_url()))
    assert all(measure.name in page for measure in found.values())


def test_the_second_of_two_who_choose_measures_is_asked_first(client, manager, need, pair):
    address = reverse("charter:need_measures", args=[need.reference])
    client.post(address, {"importance": "important", "version": "0"})
    page = client.post(address, {"satisfaction": "satisfied", "version": "0"})
    assert page.status_code == 409
    assert [row.role for row in need.measures.all()] == ["importance"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"importance": "yes-or-no"},
        {"satisfaction": "yes-or-no"},
        {"importance": "important", "satisfaction": "important"},
        {"importance": "plain-mean"},
    ],
)
def test_measures_that_cannot_be_compared_are_refused(client, manager, standard, need, pair, wrong):
    MeasureFactory(standard=standard, key="yes-or-no")
    MeasureFactory(standard=standard, key="plain-mean", **MEAN)
    address = reverse("charter:need_measures", args=[need.reference])
    assert client.post(address, {**wrong, "version": "0"}).status_code == 422
    assert not need.measures.exists()


def test_a_measure_of_a_need_is_left_out_of_the_edition(standard, pair):
    proof = MeasureFactory(standard=standard, key="proof", goal=90)
    standard.value = standard.charter.values.create(key="kindness")
    standard.value.texts.create(language="en", name="Kindness")
    standard.owner = UserFactory()
    standard.save()
    edition = actions.publish_edition(charter=standard.charter, note="Why", by=UserFactory(), at=NOW)
    assert [each["key"] for each in edition.content["standards"][0]["measures"]] == [proof.key]


def test_the_form_of_a_measure_takes_importance_only_on_one_to_five(client, manager, standard):
    address = reverse("charter:measure_add", args=[standard.key])
    typed = {"name": "How important", "source": "answers", "method": "top_box", "scale": "1-5"}
    typed |= {"minimum_n": "10", "direction": "higher", "is_of_need": "on", "version": "0"}
    assert "means of answers from 1 to 5" in body(client.post(address, typed))
    assert client.post(address, {**typed, "method": "mean"}).status_code == 302
    assert standard.measures.get().is_of_need


def test_what_has_no_counterpart_belongs_to_the_customers_in_the_navigation(client, manager):
    page = client.get(UNMATCHED).content.decode()
    assert '<a href="/customers/" aria-current="page">Customers</a>' in page
