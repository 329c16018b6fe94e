"""The pages of gaps."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organisation.tests.factories import UnitFactory
from strategy.models import Gap
from strategy.slots import actions_due
from strategy.tests.factories import FAR, Branch, a_gap, an_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def test_a_proposal_is_opened_with_an_owner_and_a_day(branch, client):
    gap = a_gap(branch.unit, branch.measure, state=Gap.State.PROPOSED)
    typed = {"owner": branch.colleague.reference, "due_on": FAR.isoformat(), "why": "Nobody writes it down"}
    page = client.post(f"/gaps/{gap.reference}/open/", typed, follow=True)
    assert "The gap is open" in page.content.decode()
    gap.refresh_from_db()
    assert (gap.state, gap.owner, gap.why) == ("open", branch.colleague, "Nobody writes it down")


def test_a_day_that_is_past_is_refused_with_the_words_kept(branch, client):
    gap = a_gap(branch.unit, branch.measure, state=Gap.State.PROPOSED)
    typed = {"owner": branch.colleague.reference, "due_on": "2020-01-01", "why": "Nobody writes it down"}
    page = client.post(f"/gaps/{gap.reference}/open/", typed)
    assert page.status_code == 422
    assert "This day is past" in page.content.decode()
    assert "Nobody writes it down" in page.content.decode()


def test_two_who_change_one_gap_are_told_and_nothing_is_lost(branch, client):
    gap = a_gap(branch.unit, owner=branch.colleague, why="First")
    typed = {"owner": branch.colleague.reference, "due_on": FAR.isoformat(), "version": "0"}
    client.post(f"/gaps/{gap.reference}/edit/", typed | {"why": "Second"})
    page = client.post(f"/gaps/{gap.reference}/edit/", typed | {"why": "Third"})
    assert page.status_code == 409
    assert {"Second", "Third"} <= set(page.content.decode().replace("<", " ").replace(">", " ").split())
    client.post(f"/gaps/{gap.reference}/edit/", typed | {"why": "Third", "version": "1"})
    gap.refresh_from_db()
    assert gap.why == "Third"


def test_who_closes_second_is_told_that_a_colleague_was_first(branch, client):
    gap = a_gap(branch.unit, owner=branch.colleague)
    client.post(f"/gaps/{gap.reference}/close/", {"reason": "Asked again"})
    page = client.post(f"/gaps/{gap.reference}/close/", {"reason": "Asked again"}, follow=True)
    assert "A colleague has changed this gap meanwhile" in page.content.decode()


def test_the_owner_may_close_a_gap_that_nothing_measures(branch, client):
    client.force_login(branch.colleague)
    gap = a_gap(branch.unit, owner=branch.colleague)
    client.post(f"/gaps/{gap.reference}/close/", {"reason": "Asked again"})
    gap.refresh_from_db()
    assert gap.state == "closed"


@pytest.mark.parametrize("query", ["q=%00", "unit=nowhere", "state=never", "measure=%00", "sort=odd"])
def test_nonsense_in_a_filter_shows_nothing_and_breaks_nothing(branch, client, query):
    a_gap(branch.unit, owner=branch.colleague)
    assert client.get(f"/gaps/?{query}").status_code == 422


def test_the_list_is_searched_filtered_and_exported_alike(branch, client):
    a_gap(branch.unit, branch.measure, owner=branch.colleague, title="Letters WAIT")
    a_gap(branch.unit, owner=branch.colleague, title="Something else")
    for query in ("q=wait", "measure=next-step-yes", "q=letters&unit=harbour-branch&whose="):
        page = client.get(f"/gaps/?{query}").content.decode()
        assert ("Letters WAIT" in page, "Something else" in page) == (True, False)
    lines = b"".join(client.get("/gaps/?export=csv&q=wait")).decode().splitlines()
    assert len(lines) == 2


def test_the_list_takes_no_more_queries_for_twenty_gaps_than_for_two(branch, client):
    def queries(count):
        for number in range(Gap.objects.count(), count):
            a_gap(branch.unit, owner=branch.colleague, title=f"Gap {number}")
        with CaptureQueriesContext(connection) as seen:
            client.get("/gaps/")
        return len(seen)

    assert queries(2) == queries(20)


def test_the_figures_page_names_the_gap_that_stands(branch, client):
    branch.months((70, 100))
    gap = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    page = client.get("/scoreboard/harbour-branch/measures/next-step-yes/").content.decode()
    assert gap.get_absolute_url() in page


def test_my_work_names_what_is_due_and_what_waits_for_a_decision(branch, client):
    from datetime import date, timedelta

    a_gap(branch.unit, owner=branch.manager, due_on=date.today() + timedelta(days=3), title="Soon due")
    a_gap(branch.unit, branch.measure, state=Gap.State.PROPOSED)
    page = client.get("/my/").content.decode()
    assert "Soon due" in page
    assert "1 proposed gap" in page


def test_the_proposed_gaps_of_my_work_are_those_of_the_list_behind_them(branch, client):
    a_gap(branch.unit, branch.measure, state=Gap.State.PROPOSED, title="Mine to decide")
    a_gap(UnitFactory(parent=branch.unit.parent), state=Gap.State.PROPOSED, title="Of another unit")
    page = client.get("/my/").content.decode()
    assert "1 proposed gap" in page
    address = "/gaps/?state=proposed&whose=managed"
    assert address.replace("&", "&amp;") in page
    listed = client.get(address).content.decode()
    assert "Mine to decide" in listed
    assert "Of another unit" not in listed


@pytest.mark.parametrize("step", ["merge", "close"])
def test_a_step_that_only_the_figure_takes_shows_no_form(branch, client, step):
    gap = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    page = client.get(f"/gaps/{gap.reference}/{step}/", follow=True)
    assert page.redirect_chain[0][0] == gap.get_absolute_url()
    assert "figure" in " ".join(str(each) for each in page.context["messages"])


@pytest.mark.parametrize("step", ["open", "dismiss", "merge", "close", "training", "promise", "edit"])
def test_a_step_of_a_gap_that_is_closed_shows_no_form(branch, client, step):
    gap = a_gap(branch.unit, owner=branch.colleague, state=Gap.State.CLOSED)
    page = client.get(f"/gaps/{gap.reference}/{step}/", follow=True)
    assert page.redirect_chain[0][0] == gap.get_absolute_url()
    assert "Closed" in " ".join(str(each) for each in page.context["messages"])


def test_a_reason_that_comes_second_stays_on_the_page(branch, client):
    gap = a_gap(branch.unit, owner=branch.colleague)
    client.post(f"/gaps/{gap.reference}/dismiss/", {"reason": "Asked again"})
    page = client.post(f"/gaps/{gap.reference}/close/", {"reason": "Nobody asks any more"})
    assert page.status_code == 409
    assert "Nobody asks any more" in page.content.decode()


def test_by_day_due_those_without_a_day_come_last(branch, client):
    proposed = a_gap(branch.unit, branch.measure, state=Gap.State.PROPOSED)
    late = a_gap(branch.unit, owner=branch.colleague, due_on=date(2026, 1, 1))
    rows = client.get("/gaps/?sort=due").context["page"].object_list
    assert list(rows) == [late, proposed]


def test_a_report_that_waits_behind_fifty_other_actions_is_on_my_work(branch):
    day = date(2026, 11, 18)
    for _number in range(60):
        an_action(branch.unit, branch.colleague, state="started", checked_on=day, ends_on=date(2027, 3, 1))
    waits = an_action(
        *(branch.unit, branch.colleague),
        state="started",
        rhythm=7,
        checked_on=date(2026, 11, 10),
        ends_on=date(2027, 9, 1),
    )
    found = actions_due(branch.colleague, datetime(2026, 11, 18, 12, tzinfo=UTC))
    assert found == {"actions": [(waits, "to_report")], "has_more": False}


def test_what_is_reported_on_its_last_day_is_not_asked_for_yet(branch):
    kept = {"state": "started", "rhythm": 7, "checked_on": date(2026, 11, 11), "ends_on": date(2027, 9, 1)}
    an_action(branch.unit, branch.colleague, **kept)
    assert actions_due(branch.colleague, datetime(2026, 11, 18, 12, tzinfo=UTC)) is None
