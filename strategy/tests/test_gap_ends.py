"""Gaps whose figure decides no longer, gaps that are merged, and causes that count anew."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from charter.actions.goals import end_goal
from charter.models import Goal
from charter.tests.factories import MeasureFactory
from customers.models import NeedEvidence
from customers.tests.factories import NeedFactory
from scoreboard.models import Signal
from strategy.actions import find_gaps, gaps
from strategy.models import Gap, GapEvent
from strategy.tests.factories import FAR, Branch, a_gap
from strategy.tests.test_gaps import MISSED

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 18, 14, tzinfo=UTC)


@pytest.fixture
def branch(client):
    found = Branch()
    client.force_login(found.manager)
    return found


def withdraw(branch):
    branch.standard.archived_at = NOVEMBER
    branch.standard.save()


def take_the_goal_away(branch):
    Goal.objects.filter(measure=branch.measure).update(starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 1))


def a_missed_goal(branch):
    return Signal.objects.create(
        kind=Signal.Kind.MISSED,
        measure=branch.measure,
        unit=branch.unit,
        period=date(2026, 10, 1),
        facts=MISSED,
        found_at=NOVEMBER,
    )


# ------------------------------------------------- what its figure decides


@pytest.mark.parametrize("change", [withdraw, take_the_goal_away])
def test_a_gap_of_a_promise_that_holds_no_longer_is_closed_with_a_reason(branch, change):
    gap = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    change(branch)
    gap = Gap.objects.get(pk=gap.pk)
    gaps.close_gap(gap, reason="The promise was changed.", by=branch.manager, at=NOVEMBER)
    assert (gap.state, gap.reason) == ("closed", "The promise was changed.")


def test_a_goal_of_the_unit_itself_still_decides(branch):
    gap = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    take_the_goal_away(branch)
    Goal.objects.create(
        measure=branch.measure, unit=branch.unit, starts_on=date(2026, 11, 1), target=Decimal(80)
    )
    with pytest.raises(gaps.GapRefused):
        gaps.close_gap(gap, reason="The promise was changed.", by=branch.manager, at=NOVEMBER)


@pytest.mark.parametrize("change", [withdraw, take_the_goal_away])
def test_nothing_is_proposed_about_a_promise_that_holds_no_longer(branch, change):
    a_missed_goal(branch)
    change(branch)
    assert find_gaps.look_for_gaps(at=NOVEMBER) == 0


def test_the_figures_of_a_withdrawn_promise_open_no_closed_gap_again(branch):
    gap = a_gap(
        branch.unit, branch.measure, owner=branch.colleague, due_on=FAR, state=Gap.State.CLOSED, reason="Met"
    )
    branch.months((86, 100), (86, 100), (86, 100), last=date(2026, 11, 1))
    withdraw(branch)
    assert find_gaps.settle_gaps(at=DECEMBER) == 0
    gap.refresh_from_db()
    assert gap.state == "closed"


def test_the_page_says_why_the_figure_decides_no_longer_and_offers_the_manager_the_end(branch, client):
    gap = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    address = f"{gap.get_absolute_url()}close/"
    assert address not in client.get(gap.get_absolute_url()).content.decode()
    end_goal(measure=branch.measure, by=branch.manager)
    page = client.get(gap.get_absolute_url()).content.decode()
    assert "The measure has no goal any more" in page
    assert address in page
    assert "The promise was changed" in client.get(address).content.decode()
    client.force_login(branch.colleague)  # the owner
    assert address not in client.get(gap.get_absolute_url()).content.decode()
    assert client.post(address, {"reason": "It feels better"}).status_code == 403


# ---------------------------------------------------------------- merging


def test_a_gap_with_a_figure_is_not_merged_into_another(branch):
    measured = a_gap(branch.unit, branch.measure, owner=branch.colleague)
    seen = a_gap(branch.unit, owner=branch.colleague)
    other = a_gap(branch.unit, MeasureFactory(standard=branch.standard, goal=90), owner=branch.colleague)
    for into in (seen, other):
        with pytest.raises(gaps.GapRefused, match="figure"):
            gaps.merge_gaps(measured, into=into, by=branch.manager, at=NOVEMBER)
    assert Gap.objects.open().count() == 3


def test_an_open_gap_that_goes_on_in_a_proposal_keeps_its_owner_and_day(branch):
    proposed = a_gap(branch.unit, branch.measure, state=Gap.State.PROPOSED)
    seen = a_gap(branch.unit, owner=branch.colleague, due_on=date(2027, 1, 15), why="Nobody writes it down")
    gaps.merge_gaps(seen, into=proposed, by=branch.manager, at=NOVEMBER)
    assert (proposed.state, proposed.owner, proposed.due_on) == ("open", branch.colleague, date(2027, 1, 15))
    assert proposed.why == "Nobody writes it down"
    assert [each.what for each in proposed.events.all()] == ["merged", "opened"]


def test_of_two_owners_the_one_of_the_gap_that_stays_stays_and_the_other_is_named(branch):
    stays = a_gap(branch.unit, branch.measure, owner=branch.manager)
    seen = a_gap(branch.unit, owner=branch.colleague)
    gaps.merge_gaps(seen, into=stays, by=branch.manager, at=NOVEMBER)
    assert stays.owner == branch.manager
    assert str(branch.colleague) in stays.events.get(what=GapEvent.What.MERGED).note


# ------------------------------------------------------------- all or nothing


def test_a_gap_is_open_again_with_its_event_or_not_at_all(branch, monkeypatch):
    gap = a_gap(
        branch.unit, branch.measure, owner=branch.colleague, due_on=FAR, state=Gap.State.CLOSED, reason="Met"
    )
    branch.months((86, 100), (86, 100), (86, 100), last=date(2026, 11, 1))

    def failing(**_fields):
        raise RuntimeError

    monkeypatch.setattr(find_gaps.GapEvent.objects, "create", failing)
    find_gaps.settle_gaps(at=DECEMBER)
    gap.refresh_from_db()
    assert gap.state == "closed"


# ------------------------------------------------------------- needs, again


def told_again(need, at):
    NeedEvidence.objects.create(need=need, text="They ask again", said_on=at.date(), at=at, confirms=True)


@pytest.mark.parametrize("end", ["dismissed", "closed"])
def test_a_need_that_customers_confirm_again_is_proposed_anew(branch, end):
    need = NeedFactory(unit=branch.unit, need="To know how long it takes")
    told_again(need, NOVEMBER - timedelta(days=30))
    find_gaps.look_for_gaps(at=NOVEMBER)
    gap = Gap.objects.get()
    if end == "dismissed":
        gaps.dismiss_gap(gap, reason="One customer only", by=branch.manager, at=NOVEMBER)
    else:
        gaps.open_gap(gap, owner=branch.colleague, due_on=FAR, by=branch.manager, at=NOVEMBER)
        gaps.close_gap(gap, reason="A sign says it", by=branch.manager, at=NOVEMBER)
    assert find_gaps.look_for_gaps(at=DECEMBER) == 0
    told_again(need, NOVEMBER + timedelta(days=1))
    assert [find_gaps.look_for_gaps(at=DECEMBER), find_gaps.look_for_gaps(at=DECEMBER)] == [1, 0]
    assert Gap.objects.standing().get().title == "To know how long it takes"


def test_a_need_that_is_confirmed_while_its_gap_stands_is_no_second_cause(branch):
    need = NeedFactory(unit=branch.unit)
    told_again(need, NOVEMBER - timedelta(days=30))
    find_gaps.look_for_gaps(at=NOVEMBER)
    told_again(need, NOVEMBER + timedelta(days=1))
    assert find_gaps.look_for_gaps(at=DECEMBER) == 0
