"""What a report says of the actions of its period."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from common.period import Period
from scoreboard.actions import reports
from scoreboard.tests.reports.given import made, text_of
from strategy.actions import plan
from strategy.report_section import actions_section
from strategy.tests.factories import Branch, an_action

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER = Period.parse("2026-09"), Period.parse("2026-10")
IN_OCTOBER = datetime(2026, 10, 20, 9, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 5, 9, tzinfo=UTC)


@pytest.fixture
def branch():
    return Branch()


def begun(branch, **fields):
    action = an_action(branch.unit, branch.colleague, starts_on=date(2026, 8, 10), **fields)
    plan.start_action(action, on=date(2026, 8, 10), by=branch.manager, at=NOVEMBER)
    return action


def proved(branch):
    """46 of 64 before the start, 91 of 100 after it; done in October."""
    branch.months((16, 20), (15, 20), (15, 24), last=date(2026, 7, 1))
    action = begun(branch, measure=branch.measure, effect=Decimal(10))
    branch.months((91, 100), last=date(2026, 10, 1))
    plan.finish_action(action, by=branch.manager, at=IN_OCTOBER)
    return action


def test_an_action_done_in_the_period_is_told_with_what_it_brought(branch):
    proved(branch)
    [row] = actions_section(branch.unit, OCTOBER).rows
    assert row == [
        "Write the next step down",
        "Harbour branch",
        "Sofia",
        "Done, 20 October 2026",
        "Knows what happens next: 72 % (60 to 81), n 64 → 91 % (84 to 95), n 100",
        "Better by 19 points, 7 to 32; expected: better by 10",
    ]


def test_the_section_is_frozen_and_stands_on_paper_and_on_the_page(branch, client):
    action = proved(branch)
    report = made(reports.begin_report(unit=branch.unit, period=OCTOBER, by=None, at=NOVEMBER))
    plan.resume_action(action, by=branch.manager, at=NOVEMBER)
    assert "Better by 19 points" in " ".join(text_of(report).split())
    client.force_login(branch.manager)
    html = client.get(report.get_absolute_url()).content.decode()
    assert "Actions and their results" in html
    assert "Done, 20 October 2026" in html


def test_the_report_of_the_unit_above_tells_of_the_actions_below(branch):
    proved(branch)
    assert [row[1] for row in actions_section(branch.root, OCTOBER).rows] == ["Harbour branch"]


def test_what_was_reported_on_says_how_it_stands_and_the_silent_are_counted(branch):
    told, _silent = begun(branch, title="Told"), begun(branch, title="Silent")
    plan.check_in(told, value=Decimal(40), note="", by=branch.colleague, at=IN_OCTOBER)
    found = actions_section(branch.unit, OCTOBER)
    assert [(row[0], row[3], row[4]) for row in found.rows] == [
        ("Told", "Behind: 40 %, 57 % expected", "–"),
    ]
    assert found.paragraphs == [
        "1 is under way. On 1 other action under way nobody reported in this period.",
    ]


def test_a_look_back_in_the_period_is_told_even_while_nothing_can_be_said_yet(branch):
    begun(branch, measure=branch.measure, check_on=date(2026, 9, 30))
    [row] = actions_section(branch.unit, SEPTEMBER).rows
    assert row[5] == "The first whole month after the start is not over and settled yet."


def test_a_period_in_which_nothing_was_done_has_no_such_section(branch):
    proved(branch)
    assert actions_section(branch.unit, Period.parse("2026-07")) is None


def test_twenty_actions_cost_no_more_queries_than_two(branch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as captured:
            actions_section(branch.unit, OCTOBER)
        return len(captured)

    def more(count):
        for number in range(count):
            action = begun(branch, measure=branch.measure, title=f"Action {number}")
            plan.finish_action(action, by=branch.manager, at=IN_OCTOBER)

    more(2)
    few = cost()
    more(18)
    assert cost() == few


def report_after(branch, period, later):
    """The rows of a period's section after `later` has happened."""
    later()
    return actions_section(branch.unit, period)


def test_a_report_of_a_month_says_how_it_stood_then_whatever_happened_since(branch):
    action = begun(branch)
    plan.check_in(action, value=Decimal(40), note="", by=branch.colleague, at=IN_OCTOBER)
    then = actions_section(branch.unit, OCTOBER)
    plan.check_in(action, value=Decimal(95), note="", by=branch.colleague, at=NOVEMBER)
    plan.finish_action(action, by=branch.manager, at=NOVEMBER)
    assert actions_section(branch.unit, OCTOBER) == then
    assert then.rows[0][3] == "Behind: 40 %, 57 % expected"


def test_what_was_done_in_the_month_stays_done_in_its_report_though_it_goes_on_since(branch):
    action = proved(branch)
    plan.resume_action(action, by=branch.manager, at=NOVEMBER)
    found = actions_section(branch.unit, OCTOBER)
    assert found.rows[0][3] == "Done, 20 October 2026"
    assert found.paragraphs[0] == "1 action is done."


def test_what_ended_after_the_month_was_silent_in_it(branch):
    action = begun(branch)
    plan.cancel_action(action, reason="No money", by=branch.manager, at=NOVEMBER)
    found = actions_section(branch.unit, OCTOBER)
    assert (found.rows, found.paragraphs) == (
        [],
        ["On 1 other action under way nobody reported in this period."],
    )


def test_a_milestone_and_a_status_by_hand_of_later_are_not_told_of_the_month(branch):
    action = begun(branch)
    row = {"key": "", "title": "Half", "due_on": date(2026, 9, 1), "weight": 100}
    plan.set_milestones(action, rows=[row], by=branch.manager, at=IN_OCTOBER)
    plan.check_in(action, value=None, note="It takes longer", by=branch.colleague, at=IN_OCTOBER)
    plan.reach_milestone(action.milestones.get(), is_reached=True, by=branch.colleague, at=NOVEMBER)
    plan.override_status(
        action, status="on_track", reason="Done", until=date(2026, 12, 1), by=branch.manager, at=NOVEMBER
    )
    assert actions_section(branch.unit, OCTOBER).rows[0][3] == "Behind: 0 %, 100 % expected"
