"""Verdicts, intervals by method, decimals and changes: arithmetic on counts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.models import Measure
from common.sources import Counts
from scoreboard import scores
from scoreboard.scores import change, decimals_shown, exact_value, interval, rounded, verdict_of

Method, Source, Direction = Measure.Method, Measure.Source, Measure.Direction


def share(**kwargs):
    return Measure(**({"method": Method.TOP_BOX, "scale_low": 0, "scale_high": 1} | kwargs))


def full_count(**kwargs):
    return share(method=Method.SHARE_MET, source=Source.RESULTS, **kwargs)


def counts(high, n, low=0):
    return Counts(n=n, total=high, squares=high, high=high, low=low)


def verdict(measure, counted, goal):
    return verdict_of(measure, exact_value(measure, counted), interval(measure, counted), Decimal(goal))


@pytest.mark.parametrize(
    ("high", "n", "goal", "expected"),
    [
        (282, 300, "90", scores.MET),
        (46, 64, "90", scores.NOT_MET),
        (91, 100, "90", scores.UNSURE),
        (300, 300, "100", scores.UNSURE),
        (0, 300, "0", scores.MET),
    ],
)
def test_the_verdict_on_a_share_of_a_sample(high, n, goal, expected):
    assert verdict(share(), counts(high, n), goal) == expected


@pytest.mark.parametrize(
    ("high", "n", "goal", "expected"),
    [
        (18, 300, "10", scores.MET),
        (30, 64, "10", scores.NOT_MET),
        (9, 100, "10", scores.UNSURE),
        (0, 300, "0", scores.UNSURE),
    ],
)
def test_lower_is_better_mirrors_the_verdict(high, n, goal, expected):
    assert verdict(share(direction=Direction.LOWER), counts(high, n), goal) == expected


@settings(deadline=None)
@given(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(0, 100),
)
def test_the_share_of_the_opposite_with_the_goal_mirrored_has_the_same_verdict(case, goal):
    k, n = case
    mirrored = verdict(share(direction=Direction.LOWER), counts(n - k, n), str(100 - goal))
    bounds = interval(share(), counts(k, n))
    if min(abs(bound - goal) for bound in bounds) > 1e-9:
        assert verdict(share(), counts(k, n), str(goal)) == mirrored


@pytest.mark.parametrize(
    ("met", "total", "goal", "expected"),
    [
        (9, 10, "90", scores.MET),
        (8999, 10000, "90", scores.NOT_MET),
        (1, 3, "33.3333", scores.MET),
        (1, 1, "100", scores.MET),
        (999_999_999, 1_000_000_000, "100", scores.NOT_MET),
        (0, 7, "10", scores.NOT_MET),
    ],
)
def test_a_full_count_is_judged_by_the_unrounded_figure(met, total, goal, expected):
    measure = full_count()
    assert interval(measure, counts(met, total)) is None
    assert verdict(measure, counts(met, total), goal) == expected


@pytest.mark.parametrize(
    ("met", "total", "goal", "shown"),
    [
        (846, 1000, "90", "84.6"),
        (8996, 10000, "90", "89.96"),
        (89_999, 100_000, "90", "89.999"),
        (9_999_999, 10_000_000, "100", "99.99999"),
        (9, 10, "90", "90.0"),
    ],
)
def test_a_full_count_never_looks_as_if_it_reached_a_goal_it_missed(met, total, goal, shown):
    measure = full_count()
    value = exact_value(measure, counts(met, total))
    assert str(rounded(value, decimals_shown(measure, Decimal(goal), value))) == shown


def test_lower_is_better_gets_another_decimal_too():
    measure = full_count(direction=Direction.LOWER)
    value = exact_value(measure, counts(1004, 10_000))
    assert str(rounded(value, decimals_shown(measure, Decimal(10), value))) == "10.04"


@settings(deadline=None)
@given(st.fractions(-100, 100, max_denominator=10**6), st.integers(0, 6))
def test_rounding_goes_half_away_from_zero_and_at_most_half_a_unit(value, decimals):
    shown = Fraction(rounded(value, decimals))
    assert abs(shown - value) <= Fraction(1, 2 * 10**decimals)
    assert rounded(-value, decimals) == -rounded(value, decimals)


def test_the_net_promoter_score_and_its_interval():
    measure = Measure(method=Method.NPS, scale_low=0, scale_high=10)
    assert exact_value(measure, counts(50, 100, low=20)) == 30
    low, high = interval(measure, counts(50, 100, low=20))
    assert (round(low, 2), round(high, 2)) == (14.05, 44.2)


def test_the_smiley_index_and_its_interval_are_on_0_to_100():
    measure = Measure(method=Method.SMILEY, scale_low=1, scale_high=4)
    values = {4: 126, 3: 60, 2: 16, 1: 17}
    counted = Counts(
        n=219,
        total=sum(value * many for value, many in values.items()),
        squares=sum(value**2 * many for value, many in values.items()),
    )
    assert round(float(exact_value(measure, counted)), 2) == 78.23
    low, high = interval(measure, counted)
    assert 70 < low < 78.23 < high < 85


def test_ten_equal_answers_have_the_interval_of_the_rule():
    measure = Measure(method=Method.MEAN, scale_low=1, scale_high=5)
    low, high = interval(measure, Counts(n=10, total=50, squares=250))
    assert (round(low, 2), high) == (3.89, 5)


def test_a_change_between_two_shares():
    found = change(share(), counts(91, 100), counts(46, 64))
    assert [round(each, 2) for each in (found.difference, found.low, found.high)] == [19.12, 7.16, 31.84]
    assert found.direction == "better"
    assert (found.difference_text, found.interval_text) == ("+19", "+7 to +32")


def test_a_change_whose_interval_holds_0_is_unclear():
    assert change(share(), counts(91, 100), counts(89, 100)).direction == "unclear"


def test_a_rise_is_worse_where_lower_is_better():
    assert change(share(direction=Direction.LOWER), counts(91, 100), counts(46, 64)).direction == "worse"


def test_a_change_between_full_counts_has_no_interval():
    found = change(full_count(), counts(846, 1000), counts(900, 1000))
    assert (found.low, found.high, found.interval_text) == (None, None, "")
    assert found.difference == pytest.approx(-5.4)
    assert (found.direction, found.difference_text) == ("worse", "−5.4")


def test_a_change_too_small_to_be_printed_is_called_unchanged():
    found = change(full_count(), counts(90_000, 100_000), counts(90_001, 100_000))
    assert found.is_unchanged
    assert (found.words, found.sentence) == ("unchanged", "unchanged")
    assert not change(full_count(), counts(846, 1000), counts(900, 1000)).is_unchanged


def test_no_answers_before_is_no_change():
    assert change(share(), counts(91, 100), counts(0, 0)) is None


@pytest.mark.parametrize("before", [Counts(n=10, total=30, squares=90), Counts(n=1, total=2, squares=4)])
def test_a_change_between_means_has_an_interval_even_where_nothing_varies(before):
    measure = Measure(method=Method.MEAN, scale_low=1, scale_high=5)
    found = change(measure, Counts(n=10, total=50, squares=250), before)
    assert found.low < found.difference < found.high


def test_a_change_between_smiley_indexes_is_on_their_own_scale():
    measure = Measure(method=Method.SMILEY, scale_low=1, scale_high=5)
    now, before = Counts(n=4, total=18, squares=82), Counts(n=4, total=14, squares=50)
    found = change(measure, now, before)
    assert found.difference == pytest.approx(25)
    assert found.low < 25 < found.high


@pytest.mark.parametrize(("now", "said"), [(9, "lower by 3.0"), (15, "higher by 3.0"), (12, "unchanged")])
@pytest.mark.parametrize("direction", Direction)
def test_a_change_of_a_rate_has_no_interval_and_is_called_neither_better_nor_worse(now, said, direction):
    rate = Measure(method=Method.RATE, per=1000, direction=direction, source=Source.RESULTS)
    found = change(rate, counts(now, 1000), counts(12, 1000))
    assert found.sentence == said
    assert found.words == said.split()[0]


def test_the_end_of_an_interval_that_leaves_nought_out_is_never_printed_as_nought():
    tight = scores.with_clear_ends(scores.Change(-0.22, -0.44, -0.0004, "worse", 2))
    assert tight.sentence == "worse by 0.2200 points, 0.0004 to 0.4400"
    touching = scores.with_clear_ends(scores.Change(-0.22, -0.44, 0.0, "unclear", 2))
    assert touching.sentence == "no clear change: −0.22, −0.44 to 0.00"
