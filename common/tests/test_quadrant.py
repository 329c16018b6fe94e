"""Rules 5, to the letter: quadrants, gap, priority, bands, margin, and the drawing of it."""

from decimal import Decimal
from fractions import Fraction

import pytest

from common import quadrant
from common.quadrant_chart import Spot, quadrant_drawing


@pytest.mark.parametrize(
    ("importance", "satisfaction", "expected"),
    [
        ("4.6", "3.4", "concentrate"),
        ("4.6", "4.3", "keep_up"),
        ("3.2", "3.4", "low"),
        ("3.2", "4.6", "overkill"),
        ("4.0", "4.2", "keep_up"),
        ("4.0", "4.199", "concentrate"),
        ("3.999", "4.2", "overkill"),
    ],
)
def test_satisfaction_is_cut_at_the_goal_and_importance_at_its_mean(importance, satisfaction, expected):
    both = Fraction(importance), Fraction(satisfaction)
    assert quadrant.quadrant(*both, cut=Fraction(4), goal=Decimal("4.2")) == expected


def test_importance_is_cut_at_the_mean_of_what_has_figures():
    assert quadrant.cut_of([Fraction(4), Fraction(5), Fraction(3)]) == 4
    assert quadrant.cut_of([]) is None


def test_the_mean_of_equal_importances_is_that_importance():
    assert quadrant.cut_of([Fraction(27, 20)] * 3) == Fraction(27, 20)


@pytest.mark.parametrize(
    ("importance", "satisfaction", "goal", "priority", "band"),
    [
        ("4.5", "3.5", "4.2", "3.15", "high"),
        ("4.5", "3.9", "4.2", "1.35", "middle"),
        ("4.5", "4.1", "4.2", "0.45", "low"),
        ("5.0", "4.2", "4.2", "0", "low"),
        ("5.0", "5.0", "4.2", "0", "low"),
        ("5.0", "1.0", "5.0", "20", "high"),
        ("4.0", "3.25", "4.0", "3", "high"),
        ("4.0", "3.75", "4.0", "1", "middle"),
        ("5.0", "4.4", "5.0", "3", "high"),
        ("4.0", "3.85", "4.1", "1", "middle"),
    ],
)
def test_priority_is_importance_times_what_is_missing_in_three_bands(
    importance, satisfaction, goal, priority, band
):
    found = quadrant.priority(Fraction(importance), Fraction(satisfaction), Decimal(goal))
    assert found == Fraction(priority)
    assert quadrant.band(found) == band


def test_a_margin_is_negative_for_a_shortfall():
    assert quadrant.margin(Fraction("3.5"), Decimal("4.0")) == Fraction("-0.5")
    assert quadrant.margin(Fraction("4.5"), Decimal("4.0")) == Fraction("0.5")


def test_spots_lie_with_satisfaction_across_and_importance_up():
    low = Spot(1, satisfaction=2.0, importance=3.0, satisfaction_interval=(1.5, 2.5))
    high = Spot(2, satisfaction=4.0, importance=5.0)
    drawing = quadrant_drawing([low, high], cut=4.0, goal=4.2)
    first, second = drawing.marks
    assert float(first.x) < float(second.x)
    assert float(first.y) > float(second.y)
    assert first.across.startswith("M")
    assert (second.across, second.up) == ("", "")
    assert float(drawing.cut_x) > float(second.x)


def test_needs_with_goals_of_their_own_bear_a_mark_each_and_no_common_line():
    spots = [Spot(1, 3.0, 4.0, goal=4.0), Spot(2, 3.5, 4.5, goal=4.5)]
    drawing = quadrant_drawing(spots, cut=4.2, goal=None)
    assert drawing.cut_x == ""
    assert all(mark.goal for mark in drawing.marks)


def test_a_single_need_still_has_a_scale():
    drawing = quadrant_drawing([Spot(1, 5.0, 5.0)], cut=5.0, goal=5.0)
    assert len(drawing.ticks_x) > 2
    assert drawing.ticks_x[-1][1] == 5.0
