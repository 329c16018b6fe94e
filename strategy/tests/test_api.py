"""What programs read of gaps and actions, and how they report."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from charter.tests.factories import MeasureFactory
from organisation.actions.installation import create_token
from organisation.tests.factories import InstallationFactory, UnitFactory, person_in
from strategy.models import Gap
from strategy.tests.factories import a_gap, an_action

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 20, 9, tzinfo=UTC)


@pytest.fixture
def root(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return InstallationFactory().root


@pytest.fixture
def branch(root):
    return UnitFactory(name="Harbour branch", slug="harbour", parent=root)


@pytest.fixture
def owner(branch):
    return person_in(branch, "manager", name="Marek")


def key(by, *scopes):
    _token, secret = create_token(name="Intranet", scopes=list(scopes or ["strategy.read"]), by=by)
    return {"Authorization": f"Bearer {secret}"}


def started(branch, owner, **fields):
    dates = {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 30), "started_on": date(2026, 9, 1)}
    return an_action(branch, owner, **{"state": "started", **dates, **fields})


def send(client, action, body, headers):
    path = f"/api/v1/actions/{action.reference}/reports"
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_a_program_reads_the_gaps_with_owner_and_day(client, branch, owner):
    measure = MeasureFactory(key="next-step")
    gap = a_gap(branch, measure, owner=owner, due_on=date(2026, 9, 1))
    (told,) = client.get("/api/v1/gaps", headers=key(owner)).json()
    assert (told["reference"], told["unit"], told["measure"]) == (gap.reference, "harbour", "next-step")
    assert (told["state"], told["owner"], told["late"]) == ("open", "Marek", True)
    assert told["address"] == gap.get_absolute_url()


def test_gaps_and_actions_are_chosen_by_unit_with_those_below_measure_and_state(client, root, branch, owner):
    here = a_gap(branch, owner=owner, subject="person:here")
    a_gap(root, owner=owner, subject="person:above")
    proposed = a_gap(branch, MeasureFactory(key="letters"), state=Gap.State.PROPOSED)
    started(branch, owner)

    def shown(query):
        return {each["reference"] for each in client.get(f"/api/v1/gaps?{query}", headers=key(owner)).json()}

    assert shown("unit=harbour&state=open") == {here.reference}
    assert shown("measure=letters") == {proposed.reference}
    assert len(shown(f"unit={root.slug}")) == 3
    headers = key(owner)
    assert client.get("/api/v1/actions?state=planned", headers=headers).json() == []
    assert client.get("/api/v1/gaps?unit=nowhere", headers=headers).status_code == 404
    assert client.get("/api/v1/gaps?unit=a%00b", headers=headers).status_code == 422


def test_an_action_says_how_far_it_is_and_should_be(client, branch, owner):
    action = started(branch, owner, current=Decimal(50), checked_on=date(2026, 9, 15))
    part = started(branch, owner, title="Print the cards", parent=action, current=Decimal(25))
    found = {each["reference"]: each for each in client.get("/api/v1/actions", headers=key(owner)).json()}
    told = found[part.reference]
    assert (told["part_of"], told["percent"], told["state"]) == (action.reference, 25.0, "started")
    assert told["expected_percent"] == pytest.approx(100 * 19 / 29)
    assert found[action.reference]["percent"] == 25.0


def test_a_key_for_something_else_reads_no_plan(client, branch, owner):
    for path in ("/api/v1/gaps", "/api/v1/actions"):
        assert client.get(path).status_code == 401
        assert client.get(path, headers=key(owner, "scores.read")).status_code == 401


def test_a_report_is_that_of_the_person_who_made_the_key(client, branch, owner):
    action = started(branch, owner)
    answer = send(client, action, {"value": 40, "note": "Cards are printed"}, key(owner, "strategy.report"))
    assert (answer.status_code, answer.json()["on"]) == (201, "2026-09-20")
    made = action.check_ins.get()
    assert (made.value, made.note, made.by) == (Decimal(40), "Cards are printed", owner)


@pytest.mark.parametrize(
    "body",
    [{}, {"value": "many"}, {"value": "1e30"}, {"value": "NaN"}, {"note": "x" * 1001}, {"note": "a\x00b"}],
)
def test_a_report_that_says_nothing_right_is_refused_whole(client, branch, owner, body):
    action = started(branch, owner)
    assert send(client, action, body, key(owner, "strategy.report")).status_code == 422
    assert not action.check_ins.exists()


def test_milestones_say_themselves_how_far_it_is(client, branch, owner):
    action = started(branch, owner)
    action.milestones.create(title="Half", due_on=date(2026, 9, 15), weight=100)
    headers = key(owner, "strategy.report")
    assert send(client, action, {"value": 40}, headers).status_code == 422
    assert send(client, action, {"note": "Half is nearly done"}, headers).status_code == 201


def test_nobody_reports_on_what_has_not_begun_or_is_not_theirs(client, root, branch, owner):
    headers = key(owner, "strategy.report")
    assert send(client, an_action(branch, owner), {"value": 40}, headers).status_code == 409
    stranger = person_in(UnitFactory(slug="hill", parent=root), "manager")
    action = started(branch, owner)
    assert send(client, action, {"value": 40}, key(stranger, "strategy.report")).status_code == 403
    assert send(client, action, {"value": 40}, key(owner, "strategy.read")).status_code == 401
    assert not action.check_ins.exists()


def test_twenty_gaps_and_actions_take_as_many_queries_as_two(client, branch, owner):
    headers = key(owner)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get("/api/v1/gaps", headers=headers)
            client.get("/api/v1/actions", headers=headers)
        return len(caught)

    for number in range(2):
        a_gap(branch, MeasureFactory(), owner=owner, subject=f"person:{number}")
        started(branch, owner, measure=MeasureFactory())
    queries()
    two = queries()
    for number in range(2, 20):
        a_gap(branch, MeasureFactory(), owner=owner, subject=f"person:{number}")
        started(branch, owner, measure=MeasureFactory())
    assert queries() == two


def test_a_reference_that_no_database_holds_is_not_found(client, owner):
    path = "/api/v1/actions/%00/reports"
    answer = client.post(path, "{}", content_type="application/json", headers=key(owner, "strategy.report"))
    assert answer.status_code == 404


def test_a_gap_was_found_on_the_day_of_its_unit(client, root, owner):
    east = UnitFactory(slug="east", parent=root, timezone="Pacific/Auckland")
    a_gap(east, owner=owner, found_at=datetime(2026, 9, 19, 20, tzinfo=UTC))
    (told,) = client.get("/api/v1/gaps", headers=key(owner)).json()
    assert told["found_on"] == "2026-09-20"
