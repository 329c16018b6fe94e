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
