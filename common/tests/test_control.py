"""Control charts against the vector and the rules of signals."""

from datetime import date

import pytest

from common import control
from common.charts import control_drawing
from common.control import Limits, Reading, against_goal, segments
from common.period import add_months
from common.statistics import round_half_up

VECTOR = [72, 75, 70, 78, 74, 69, 73, 77, 71, 76, 74, 72]
FIRST = date(2025, 1, 1)


def month(number):
    return add_months(FIRST, number)


def readings(values, sizes=None, start=0):
    sizes = sizes or [0] * len(values)
    return [
        Reading(month(start + number), value, n)
        for number, (value, n) in enumerate(zip(values, sizes, strict=True))
    ]


def chart(values, sizes=None, *, shares=False, **options):
    options = {"floor": 0, "ceiling": 100} | options
    return segments(readings(values, sizes), is_sampled_share=shares, **options)


def only(values, *args, **options):
    (segment,) = chart(values, *args, **options)
    return segment


def what(segment):
    return [(signal.what, signal.first, signal.last, signal.side) for signal in segment.signals]


def test_the_limits_of_an_individuals_chart():
    segment = only(VECTOR)
    limits = segment.limits[0]
    assert float(round_half_up(segment.centre, 4)) == 73.4167
    assert float(round_half_up(segment.mean_range, 4)) == 4.3636
    assert float(round_half_up(limits.low, 3)) == 61.809
    assert float(round_half_up(limits.high, 3)) == 85.024
    assert float(round_half_up(segment.range_limit, 2)) == 14.26
    assert segment.signals == ()


@pytest.mark.parametrize(
    ("points", "firmness"), [(5, "none"), (6, "provisional"), (19, "provisional"), (20, "firm"), (24, "firm")]
)
def test_limits_need_six_points_and_are_firm_from_twenty(points, firmness):
    segment = only([70, 72] * (points // 2) + [71] * (points % 2))
    assert segment.firmness == firmness
    assert len(segment.limits) == (0 if firmness == "none" else points)


def test_no_points_make_no_chart():
    assert chart([]) == []


def test_firm_limits_stay_what_the_first_twenty_points_made_them():
    steady = [70, 72] * 10
    assert only([*steady, 90, 91, 92]).limits[0] == only(steady).limits[0]


def test_limits_of_shares_end_at_0_and_100_and_a_clamped_side_has_no_rule():
    high, low = only([99, 95, 100, 96, 99, 97]).limits[0], only([1, 5, 0, 4, 1, 3]).limits[0]
    assert (high.high, high.is_open_above, high.is_open_below) == (100, True, False)
    assert (low.low, low.is_open_below, low.is_open_above) == (0, True, False)
    assert Limits(40, 60, is_open_above=True).side_of(61) == ""
    assert Limits(40, 60, is_open_below=True).side_of(39) == ""


def test_a_figure_without_ends_is_not_clamped():
    (segment,) = segments(readings([1, 5, 0, 4, 1, 3]), floor=None, ceiling=None)
    assert segment.limits[0].low < 0


def test_a_point_outside_the_usual_range_is_a_signal():
    values = [72, 74] * 10 + [90]
    assert (control.OUTSIDE, month(20), month(20), "high") in what(only(values))


def test_a_point_on_the_limit_is_inside():
    assert Limits(40, 60).side_of(60) == Limits(40, 60).side_of(40) == ""


def test_a_constant_figure_has_no_signal():
    segment = only([33.1] * 12)
    assert (segment.limits[0], segment.signals) == (Limits(33.1, 33.1), ())


@pytest.mark.parametrize(("length", "runs"), [(7, 0), (8, 1), (11, 1)])
def test_eight_in_a_row_on_one_side_are_one_signal(length, runs):
    segment = only([74, 70] * 10 + [73] * length)
    found = [signal for signal in segment.signals if signal.what == control.RUN]
    assert [(each.first, each.last, each.side, each.length) for each in found] == [
        (month(20), month(19 + length), "high", length)
    ][:runs]


def test_a_point_on_the_centre_line_ends_a_run():
    values = [70, 74] * 10 + [71] * 7 + [72] + [71] * 7
    assert [signal for signal in only(values).signals if signal.what == control.RUN] == []


def test_a_leap_over_the_range_limit_is_a_signal_of_its_own():
    values = [72, 74] * 10 + [70, 77]
    segment = only(values)
    assert segment.range_limit == pytest.approx(6.536)
    assert (control.RANGE, month(20), month(21), "high") in what(segment)


def test_a_share_of_uneven_samples_gets_limits_by_the_size_of_each():
    sizes = [100, 100, 100, 100, 100, 400]
    segment = only([80, 84, 78, 82, 80, 81], sizes, shares=True)
    assert segment.kind == control.P
    assert (segment.mean_range, segment.range_limit) == (None, None)
    pooled = (80 + 84 + 78 + 82 + 80 + 4 * 81) / 900 * 100
    assert segment.centre == pytest.approx(pooled)
    reach = 300 * (pooled / 100 * (1 - pooled / 100) / 100) ** 0.5
    assert segment.limits[0].low == pytest.approx(pooled - reach)
    assert segment.limits[5].low == pytest.approx(pooled - reach / 2)


@pytest.mark.parametrize(
    ("sizes", "is_uneven"), [((80, 120), False), ((79, 121), True), ((100, 100, 130), False), ((0, 0), False)]
)
def test_samples_are_uneven_where_one_is_over_a_fifth_off_their_mean(sizes, is_uneven):
    assert control.differ_in_size(readings([80] * len(sizes), sizes)) is is_uneven


def test_full_counts_stay_on_the_individuals_chart_whatever_their_size():
    assert only([80, 84, 78, 82, 80, 81], [100, 100, 100, 100, 100, 4000]).kind == control.XMR


def test_the_limits_split_at_a_declared_change_and_the_old_ones_stay():
    before, after = [60, 62] * 4, [80, 83] * 4
    whole = chart([*before, *after], splits=[month(8)])
    assert [len(segment.readings) for segment in whole] == [8, 8]
    assert whole[0] == only(before)
    assert whole[1].centre == 81.5
    assert all(segment.signals == () for segment in whole)


def test_a_change_inside_a_month_splits_from_the_next_one():
    whole = chart([60, 62] * 8, splits=[month(8).replace(day=2)])
    assert [len(segment.readings) for segment in whole] == [9, 7]


def test_changes_without_points_between_them_split_once():
    whole = chart([60, 62] * 8, splits=[month(-3), month(8), month(8), month(40)])
    assert [len(segment.readings) for segment in whole] == [8, 8]


@pytest.mark.parametrize(
    ("goal", "lower", "words"),
    [
        (61, False, "meets"),
        (61.9, False, "hit_and_miss"),
        (85, False, "hit_and_miss"),
        (85.1, False, "misses"),
        (85.1, True, "meets"),
        (61.9, True, "hit_and_miss"),
        (61, True, "misses"),
    ],
)
def test_the_usual_range_against_the_goal(goal, lower, words):
    assert against_goal(only(VECTOR), goal, lower_is_better=lower) == words


def test_a_usual_range_that_touches_the_goal_meets_it():
    segment = only([90.0] * 6)
    assert against_goal(segment, 90) == against_goal(segment, 90, lower_is_better=True) == "meets"


def test_a_usual_range_that_just_reaches_the_goal_hits_and_misses():
    assert against_goal(only([99, 95, 100, 96, 99, 97]), 100) == "hit_and_miss"


def test_without_limits_nothing_is_said_of_the_goal():
    assert against_goal(only([80, 81, 82]), 70) == ""


def test_up_to_two_years_of_months_are_labelled_by_quarters_and_more_by_years() -> None:
    year = [month(number) for number in range(9, 23)]
    assert [day for _x, day, _anchor in control_drawing(year, []).days] == [
        *(date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 11, 1))
    ]
    decade = [month(number) for number in range(60)]
    assert {day.month for _x, day, _anchor in control_drawing(decade, []).days[:-1]} == {1}
