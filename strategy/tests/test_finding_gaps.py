"""Gaps from what was found when we listened."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from feedback.actions.listening import archive_session, move_finding, save_finding
from feedback.models import Finding
from feedback.tests.factories import a_session
from strategy.actions import find_gaps, gaps
from strategy.finders import Proposal
from strategy.models import Gap
from strategy.tests.factories import FAR, Branch

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)
SEVERE, CLEAR = Finding.Severity.SEVERE, Finding.Severity.CLEAR


@pytest.fixture
def branch():
    return Branch()


def found(session, need="To hear the own number called", severity=SEVERE):
    fields = {"need": need, "severity": severity, "quote": "I went home after an hour."}
    return save_finding(session, None, fields=fields, by=None)


def test_what_keeps_people_from_us_is_proposed_once_and_cites_the_session(branch):
    session = a_session(branch.unit)
    found(session)
    assert [find_gaps.look_for_gaps(at=NOVEMBER), find_gaps.look_for_gaps(at=NOVEMBER)] == [1, 0]
    gap = Gap.objects.get()
    assert (gap.state, gap.unit, gap.title) == ("proposed", branch.unit, "To hear the own number called")
    told = gap.evidence.get()
    assert (told.kind, told.url) == ("finding", session.get_absolute_url())
    assert told.text == (
        "Keeps people from us: To hear the own number called. "
        "Found in “The waiting room” (focus group, 4 November 2026)."
    )


def test_what_matters_less_is_no_gap_until_it_is_found_to_matter_more(branch):
    session = a_session(branch.unit)
    finding = found(session, severity=CLEAR)
    assert find_gaps.look_for_gaps(at=NOVEMBER) == 0
    save_finding(session, finding, fields={"severity": SEVERE}, by=None)
    assert find_gaps.look_for_gaps(at=NOVEMBER) == 1


def test_what_was_taken_away_or_archived_proposes_nothing(branch):
    move_finding(found(a_session(branch.unit)), away=True, by=branch.manager)
    archived = a_session(branch.unit)
    found(archived)
    archive_session(archived, by=branch.manager)
    assert find_gaps.look_for_gaps(at=NOVEMBER) == 0


@pytest.mark.parametrize(("heads", "proposed"), [((4, 3), 0), ((4, 4), 1)])
def test_what_few_colleagues_told_stays_with_the_session(branch, heads, proposed):
    groups = [("Counter", heads[0]), ("Back office", heads[1])]
    found(a_session(branch.unit, *groups, whom="colleagues"))
    assert find_gaps.look_for_gaps(at=NOVEMBER) == proposed


def test_a_finding_that_was_put_aside_or_closed_is_not_proposed_again(branch):
    session = a_session(branch.unit)
    found(session)
    found(session, need="A ramp at the side door")
    find_gaps.look_for_gaps(at=NOVEMBER)
    alarm, real = Gap.objects.order_by("pk")
    gaps.dismiss_gap(alarm, reason="The display was off that day.", by=branch.manager, at=NOVEMBER)
    gaps.open_gap(real, owner=branch.colleague, due_on=FAR, by=branch.manager, at=NOVEMBER)
    gaps.close_gap(real, reason="The ramp stands.", by=branch.manager, at=NOVEMBER)
    assert find_gaps.look_for_gaps(at=NOVEMBER) == 0
    assert Gap.objects.standing().count() == 0


def test_a_cause_that_cannot_be_kept_holds_no_other_of_its_rule_up(branch, monkeypatch):
    unit = branch.unit
    causes = [
        Proposal("finding", key, unit, key, title, "", NOVEMBER.date())
        for key, title in (("1", "Bad"), ("2", "Good"))
    ]
    whole = find_gaps.take_proposal

    def failing(proposal, *, at):
        if proposal.title == "Bad":
            raise IntegrityError
        return whole(proposal, at=at)

    monkeypatch.setattr(find_gaps, "FINDERS", [lambda at: causes])
    monkeypatch.setattr(find_gaps, "take_proposal", failing)
    assert find_gaps.look_for_gaps(at=NOVEMBER) == 1
    assert Gap.objects.get().title == "Good"
