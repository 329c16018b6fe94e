"""Weak sides of the Service Quotient are proposed as gaps when the round closes."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from strategy.actions import find_gaps, rounds
from strategy.models import Gap, Sheet
from strategy.reading import Side, sides, strongest, weakest
from strategy.tests.factories import Branch, a_round, all_answers

pytestmark = pytest.mark.django_db

DECEMBER = datetime(2026, 12, 18, 14, tzinfo=UTC)


@pytest.fixture
def branch():
    return Branch()


def answered(branch, high=4, low=4, people=5, **fields):
    """A closed round: `low` for every statement on measurement, `high` for all others."""
    found = a_round(branch.unit, branch.manager, is_open=True, **fields)
    weak = [
        item["key"]
        for side in found.content["dimensions"]
        if side["key"] == "measurement"
        for item in side["items"]
    ]
    answers = all_answers(high) | dict.fromkeys(weak, low)
    Sheet.objects.bulk_create(Sheet(round=found, level="front", answers=answers) for _number in range(people))
    rounds.close_round(found, at=DECEMBER)
    return found


def agreed(branch, found, score, target):
    row = {
        "side": "measurement",
        "score": Decimal(score),
        "target": Decimal(target),
        "evidence": "No figures",
    }
    rounds.agree(found, rows=[row], by=branch.manager, at=DECEMBER)


def test_a_side_under_the_middle_of_the_scale_is_proposed_when_the_round_closes(branch):
    found = answered(branch, low=2)
    gap = Gap.objects.get()
    title = "Weak side of the Service Quotient: Measurement"
    assert (gap.state, gap.title, gap.unit) == ("proposed", title, branch.unit)
    told = gap.evidence.get()
    assert told.text == "Measurement: answered at 2.0 of 5 by 5 people, under the middle of the scale."
    assert told.url == found.get_absolute_url()
    assert find_gaps.look_for_gaps(at=DECEMBER) == 0


def test_a_side_in_the_middle_of_the_scale_is_not_weak(branch):
    answered(branch, low=3)
    assert not Gap.objects.exists()


def test_a_side_half_a_point_under_the_target_of_last_time_is_proposed(branch):
    agreed(branch, answered(branch, low=4, opens_on=date(2026, 5, 1)), "4", "4.4")
    answered(branch, low=4)
    assert not Gap.objects.exists()
    agreed(branch, answered(branch, low=4, opens_on=date(2026, 11, 3)), "4.4", "4.5")
    answered(branch, low=4, opens_on=date(2026, 11, 4))
    assert "the target of last time is 4.5" in Gap.objects.get().evidence.get().text


def test_what_may_not_be_shown_proposes_nothing(branch):
    answered(branch, low=1, people=4)
    assert not Gap.objects.exists()


def test_what_was_agreed_speaks_before_what_was_answered(branch):
    found = answered(branch, low=2)
    Gap.objects.all().delete()
    agreed(branch, found, "3", "3.2")
    assert find_gaps.look_for_gaps(at=DECEMBER) == 0


def test_the_agreement_is_more_evidence_of_the_same_gap(branch):
    agreed(branch, answered(branch, low=2), "2.4", "3.5")
    assert find_gaps.look_for_gaps(at=DECEMBER) == 1
    assert Gap.objects.get().evidence.count() == 2


def test_a_round_is_closed_though_a_gap_cannot_be_proposed(branch, monkeypatch):
    def failing(proposal, *, at):
        raise RuntimeError

    monkeypatch.setattr(find_gaps, "take_proposal", failing)
    assert answered(branch, low=1).state == "closed"


def test_a_side_is_not_among_the_strongest_and_the_weakest_at_once(branch):
    found = answered(branch, high=4, low=2)
    rows = sides(found)
    assert [row.name for row in weakest(rows)] == ["Measurement"]
    assert "Measurement" not in [row.name for row in strongest(rows)]


def test_every_side_that_is_level_with_the_last_is_named(branch):
    rows = [
        Side(
            key=str(number), name=str(number), levels=[], whole={"mean": mean}, distance=None, consensus=None
        )
        for number, mean in enumerate((3.24, 4.1, 2.9, 3.2, 3.9, 4.0, 3.96, 3.3))
    ]
    assert [row.name for row in weakest(rows)] == ["2", "3", "0"]
    assert [row.name for row in strongest(rows)] == ["1", "5", "6"]


def test_where_all_sides_are_level_none_is_the_strongest(branch):
    rows = sides(answered(branch))
    assert (strongest(rows), weakest(rows)) == ([], [])
