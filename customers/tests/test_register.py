"""Segments and needs: written, searched, archived, confirmed by what customers said."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.navigation import _slots
from customers import actions
from customers.due import due
from customers.models import Need, NeedEvidence, Segment
from customers.tests.factories import NeedEvidenceFactory, NeedFactory, SegmentFactory
from organisation.models import User
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
NEEDS, SEGMENTS = "/customers/", "/customers/segments/"
EVIDENCE = "/customers/needs/evidence/add/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def unit():
    return UnitFactory(slug="harbour-branch")


@pytest.fixture
def manager(client, unit):
    person = person_in(unit, "manager")
    client.force_login(person)
    return person


@pytest.fixture
def segment(unit):
    return SegmentFactory(unit=unit, name="Young families")


def body(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


def need_typed(segment, **changes):
    data = {
        "need": "To know what happens next",
        "expectation": "Tell me before I leave.",
        "segments": [segment.reference],
        "minimum_level": "3",
        "desired_level": "4.5",
        "ask_every": "12",
        "unit": "harbour-branch",
        "version": "0",
    }
    return data | changes


def segment_typed(**changes):
    data = {
        "name": "Young families",
        "kind": "external",
        "size": "4200",
        "channels": ["counter", "online"],
        "units": ["harbour-branch"],
        "unit": "harbour-branch",
        "version": "0",
    }
    return data | changes


def cited(of, **changes):
    data = {
        "need": of.reference,
        "kind": "complaint",
        "text": "Nobody told me what comes next.",
        "said_on": "2026-10-31",
        "address": "/responses/ABC/",
        "confirms": "on",
    }
    return data | changes


def test_a_segment_keeps_who_they_are_and_how_they_come(client, manager):
    answer = client.post(f"{SEGMENTS}add/", segment_typed())
    segment = Segment.objects.get()
    assert answer["Location"] == segment.get_absolute_url()
    assert (segment.size, segment.channel_words) == (4200, ["At the counter", "Online"])
    assert [each.what for each in segment.events.all()] == ["added"]


def test_a_new_need_is_assumed_and_due_at_once(client, manager, segment):
    client.post(f"{NEEDS}needs/add/", need_typed(segment))
    need = Need.objects.assumed().get()
    assert need.last_confirmed_on is None
    assert need.is_due(NOW.date())
    assert "assumed" in body(client.get(NEEDS))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"need": ""}, "required"),
        ({"need": "x" * 301}, "300"),
        ({"expectation": "\x00"}, "invisible character"),
        ({"segments": []}, "required"),
        ({"minimum_level": "4.6"}, "cannot be less"),
        ({"desired_level": "5.1"}, "less than or equal to 5"),
        ({"ask_every": "0"}, "greater than or equal to 1"),
        ({"unit": "nowhere"}, "valid choice"),
    ],
)
def test_a_wrong_need_comes_back_with_what_was_typed(client, manager, segment, wrong, words):
    page = client.post(f"{NEEDS}needs/add/", need_typed(segment, **wrong))
    assert page.status_code == 422
    assert words in body(page)
    assert "Tell me before I leave." in body(page) or "expectation" in wrong
    assert not Need.objects.exists()


def test_a_manager_gives_nothing_to_a_unit_of_others(client, manager):
    UnitFactory(slug="hill-branch")
    assert client.post(f"{SEGMENTS}add/", segment_typed(unit="hill-branch")).status_code == 422


def test_the_database_refuses_a_least_level_over_the_desired():
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedFactory(minimum_level=4, desired_level=3)


def test_the_second_of_two_editors_is_asked_before_replacing(client, manager, unit, segment):
    need = NeedFactory(unit=unit, segments=[segment])
    address = reverse("customers:need_edit", args=[need.reference])
    assert client.post(address, need_typed(segment, need="First")).status_code == 302
    page = client.post(address, need_typed(segment, need="Second"))
    assert page.status_code == 409
    assert "First" in body(page)
    assert Need.objects.get().need == "First"
    assert client.post(address, need_typed(segment, need="Second", version="1")).status_code == 302
    assert Need.objects.get().need == "Second"


def test_two_editors_of_a_segment_see_where_they_differ(client, manager, unit, segment):
    address = reverse("customers:segment_edit", args=[segment.reference])
    client.post(address, segment_typed(channels=["telephone"]))
    page = client.post(address, segment_typed())
    assert page.status_code == 409
    assert [words for _label, words in page.context["changed"]] == ["By telephone"]


def test_what_a_customer_said_makes_an_assumption_known_and_sets_the_next_day(client, manager, unit):
    need = NeedFactory(unit=unit, ask_every=12)
    client.post(EVIDENCE, cited(need))
    need.refresh_from_db()
    assert not Need.objects.assumed().exists()
    assert (need.last_confirmed_on, need.ask_again_on) == (date(2026, 10, 31), date(2027, 10, 31))
    assert "customers said so" in body(client.get(need.get_absolute_url()))


def test_what_we_ourselves_believe_confirms_nothing(unit):
    need = NeedFactory(unit=unit)
    actions.cite(need=need, kind="ours", text="We think so.", said_on=date(2026, 10, 1), by=None, at=NOW)
    assert Need.objects.assumed().get() == need
    assert Need.objects.get().last_confirmed_on is None


def test_an_older_confirmation_does_not_put_the_day_back(unit):
    need = NeedFactory(unit=unit)
    for day in (date(2026, 10, 1), date(2025, 10, 1)):
        actions.cite(need=need, kind="response", text="Yes", said_on=day, by=None, at=NOW)
    assert Need.objects.get().last_confirmed_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": ""}, "required"),
        ({"said_on": "2026-11-19"}, "still to come"),
        ({"said_on": "1066-10-14"}, "too long ago"),
        ({"address": "javascript:alert(1)"}, "begins with"),
        ({"address": "//elsewhere.example"}, "begins with"),
        ({"need": "nowhere"}, "valid choice"),
    ],
)
def test_wrong_evidence_is_refused(client, manager, unit, wrong, words):
    page = client.post(EVIDENCE, cited(NeedFactory(unit=unit), **wrong))
    assert page.status_code == 422
    assert words in body(page)
    assert not NeedEvidence.objects.exists()


def test_another_page_may_bring_the_words_along(client, manager, unit):
    need = NeedFactory(unit=unit)
    page = client.get(EVIDENCE, {"need": need.reference, "kind": "response", "text": "So <b>slow</b>"})
    assert "So &lt;b&gt;slow&lt;/b&gt;" in body(page)


def test_evidence_taken_away_leaves_the_need_assumed_until_it_is_put_back(client, manager, unit):
    need = NeedFactory(unit=unit)
    evidence = actions.cite(
        need=need, kind="response", text="Yes", said_on=date(2026, 10, 1), by=None, at=NOW
    )
    for act in (actions.take_evidence_away, actions.take_evidence_away):
        act(evidence=evidence, by=manager, at=NOW)
    assert Need.objects.assumed().get().last_confirmed_on is None
    client.post(reverse("customers:evidence_restore", args=[need.reference, evidence.reference]))
    assert Need.objects.get().last_confirmed_on == date(2026, 10, 1)
    assert [each.what for each in need.events.all()].count("removed") == 1


def test_evidence_is_only_reached_through_its_own_need(client, manager, unit):
    evidence = NeedEvidenceFactory(need__unit=unit)
    other = NeedFactory(unit=unit)
    address = reverse("customers:evidence_remove", args=[other.reference, evidence.reference])
    assert client.post(address).status_code == 404


def test_archived_twice_and_restored_twice_has_one_effect_each(client, manager, unit, segment):
    need = NeedFactory(unit=unit, segments=[segment])
    for _twice in range(2):
        answer = client.post(reverse("customers:need_archive", args=[need.reference]))
    assert "Undo" in body(client.get(answer["Location"]))
    assert list(client.get(NEEDS).context["page"]) == []
    for _twice in range(2):
        client.post(reverse("customers:need_restore", args=[need.reference]))
    assert [each.what for each in need.events.all()] == ["restored", "archived"]


def test_the_register_is_searched_filtered_and_sorted(client, manager, unit, segment):
    known = NeedFactory(unit=unit, need="ÄRGER avoided", ask_again_on=date(2027, 1, 1))
    NeedEvidenceFactory(need=known)
    NeedFactory(unit=unit, need="Short queues", segments=[segment], ask_again_on=date(2026, 3, 1))

    def shown(query):
        return [need.need for need in client.get(f"{NEEDS}?{query}").context["page"]]

    assert shown("q=ärger") == ["ÄRGER avoided"]
    assert shown("show=assumed") == ["Short queues"]
    assert shown("show=known") == ["ÄRGER avoided"]
    assert shown("show=due") == ["Short queues"]
    assert shown(f"segment={segment.reference}") == ["Short queues"]
    assert shown("sort=due") == ["Short queues", "ÄRGER avoided"]
    assert client.get(f"{NEEDS}?show=nonsense").status_code == 422


def test_segments_are_filtered_by_channel_and_kind(client, manager, unit, segment):
    client.post(f"{SEGMENTS}add/", segment_typed(name="Colleagues", kind="internal", channels=["telephone"]))

    def shown(query):
        return [each.name for each in client.get(f"{SEGMENTS}?{query}").context["page"]]

    assert shown("channel=telephone") == ["Colleagues"]
    assert shown("kind=external") == ["Young families"]
    assert shown("show=archived") == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("address", [NEEDS, SEGMENTS])
def test_the_lists_leave_as_tables(client, manager, unit, segment, address, kind):
    NeedFactory(unit=unit, need="=1+1", segments=[segment])
    answer = client.get(f"{address}?export={kind}")
    assert answer.status_code == 200
    if kind == "csv" and address == NEEDS:
        assert "'=1+1" in body(answer)


def test_empty_pages_say_what_to_do_next(client, manager, unit):
    assert "Describe the first segment" in body(client.get(NEEDS))
    SegmentFactory(unit=unit)
    assert "Write down the first need" in body(client.get(NEEDS))


@pytest.mark.parametrize("address", [NEEDS, SEGMENTS, f"{NEEDS}?export=csv", f"{SEGMENTS}?export=csv"])
def test_twenty_rows_take_as_many_queries_as_two(client, manager, address):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            body(client.get(address))
        return len(caught)

    for _each in range(2):
        NeedEvidenceFactory()
    queries()
    two = queries()
    for _each in range(18):
        NeedEvidenceFactory()
    assert queries() == two


def test_a_manager_finds_the_needs_to_ask_about_in_my_work(manager, unit):
    NeedFactory(unit=unit, need="To wait less", ask_again_on=date(2026, 11, 1))
    NeedFactory(unit=unit, ask_again_on=date(2026, 12, 1))
    NeedFactory(ask_again_on=date(2026, 11, 1))
    person = User.objects.get(pk=manager.pk)
    found = due(person, NOW)
    assert found is not None
    assert [need.need for need in found["needs"]] == ["To wait less"]
    assert due(person_in(unit, "staff"), NOW) is None


def test_the_pages_stand_alone_without_their_guests(client, manager, unit, monkeypatch):
    monkeypatch.setitem(_slots, "customers.need", [])
    need = NeedFactory(unit=unit)
    page = client.get(need.get_absolute_url())
    assert page.status_code == 200
    assert "Ask, and add what you hear" in body(page)


def test_segments_whose_size_nobody_knows_come_after_the_largest(client, manager, unit):
    SegmentFactory(unit=unit, name="Unknown", size=None)
    SegmentFactory(unit=unit, name="Small", size=3)
    SegmentFactory(unit=unit, name="Large", size=3000)
    rows = client.get(SEGMENTS, {"sort": "size"}).context["page"].object_list
    assert [each.name for each in rows] == ["Large", "Small", "Unknown"]


def test_what_is_due_goes_by_the_day_of_the_organisation_whatever_the_unit_of_the_person(
    client, manager, unit
):
    root = InstallationFactory().root
    root.timezone = "Pacific/Auckland"
    root.save()
    need = NeedFactory(unit=unit, ask_again_on=date(2026, 11, 19))
    assert [each.pk for each in client.get(f"{NEEDS}?show=due").context["page"]] == [need.pk]
    assert client.get(need.get_absolute_url()).context["is_due"]
    assert due(User.objects.get(pk=manager.pk), NOW) == {"needs": [need], "has_more": False}
