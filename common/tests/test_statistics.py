"""The formulas against the vectors of the rules, tables and laws."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import statistics
from common.statistics import (
    mean_interval,
    newcombe,
    nps,
    nps_difference,
    nps_interval,
    round_half_up,
    smiley_index,
    t_quantile,
    variance,
    welch,
    wilson,
)


def in_per_cent(interval):
    return tuple(float(round_half_up(100 * bound, 2)) for bound in interval)


def rounded(interval):
    return tuple(float(round_half_up(bound, 2)) for bound in interval)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (8, 10, 49.02, 94.33),
        (10, 10, 72.25, 100),
        (0, 10, 0, 27.75),
        (27, 30, 74.38, 96.54),
        (45, 50, 78.64, 95.65),
        (170, 200, 79.39, 89.29),
    ],
)
def test_the_wilson_interval_of_a_share(k, n, low, high):
    assert in_per_cent(wilson(k, n)) == (low, high)


@settings(deadline=None)
@given(st.integers(1, 10**9))
def test_the_wilson_bounds_are_exactly_0_and_1_at_the_ends(n):
    assert wilson(0, n)[0] == 0.0
    assert wilson(n, n)[1] == 1.0
    assert wilson(n, n)[0] < 1.0
    assert wilson(0, n)[1] > 0.0


@settings(deadline=None)
@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_holds_the_share_and_mirrors(case):
    k, n = case
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    mirrored = wilson(n - k, n)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(("k", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_a_share_that_cannot_be_is_refused(k, n):
    with pytest.raises(ValueError, match="no share"):
        wilson(k, n)


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "score", "low", "high"),
    [
        (50, 20, 100, 30, 14.05, 44.20),
        (5, 2, 10, 30, -19.05, 65.20),
        (300, 100, 500, 40, 32.77, 46.75),
        (10, 0, 10, 100, 47.50, 100),
    ],
)
def test_the_adjusted_wald_interval_of_a_net_promoter_score(promoters, detractors, n, score, low, high):
    assert nps(promoters, detractors, n) == score
    assert rounded(nps_interval(promoters, detractors, n)) == (low, high)


def test_promoters_and_detractors_beyond_n_are_refused():
    with pytest.raises(ValueError, match="no Net Promoter Score"):
        nps_interval(6, 5, 10)


def test_equal_scores_differ_by_nothing_and_the_interval_is_symmetric():
    low, high = nps_difference((50, 20, 100), (50, 20, 100))
    assert low == pytest.approx(-high)
    own_low, own_high = nps_interval(50, 20, 100)
    assert high == pytest.approx((own_high - own_low) / 2 * 2**0.5)


@pytest.mark.parametrize(
    ("first", "second", "difference", "low", "high"),
    [((56, 70), (48, 80), 20.00, 5.24, 33.39), ((91, 100), (46, 64), 19.13, 7.16, 31.84)],
)
def test_newcombes_interval_of_the_difference_of_two_shares(first, second, difference, low, high):
    assert in_per_cent([first[0] / first[1] - second[0] / second[1]]) == (difference,)
    assert in_per_cent(newcombe(*first, *second)) == (low, high)


# Two-sided 95 % and 99 % points as every printed table gives them.
@pytest.mark.parametrize(
    ("p", "df", "expected"),
    [
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 3, 3.182),
        (0.975, 4, 2.776),
        (0.975, 5, 2.571),
        (0.975, 9, 2.262),
        (0.975, 10, 2.228),
        (0.975, 19, 2.093),
        (0.975, 20, 2.086),
        (0.975, 29, 2.045),
        (0.975, 30, 2.042),
        (0.975, 60, 2.000),
        (0.975, 120, 1.980),
        (0.975, 100_000_000, 1.960),
        (0.995, 1, 63.657),
        (0.995, 10, 3.169),
        (0.95, 1, 6.314),
        (0.95, 7, 1.895),
        (0.5, 7, 0.0),
    ],
)
def test_the_t_quantile_agrees_with_the_tables(p, df, expected):
    assert float(round_half_up(t_quantile(p, df), 3)) == expected


def test_the_t_quantile_takes_degrees_of_freedom_that_are_not_whole():
    assert t_quantile(0.975, 10) < t_quantile(0.975, 9.5) < t_quantile(0.975, 9)


def test_the_t_quantile_meets_the_normal_one_without_a_jump():
    assert t_quantile(0.975, 9_999_999) == pytest.approx(t_quantile(0.975, 10_000_001), abs=1e-6)


@pytest.mark.parametrize(("p", "df"), [(1, 5), (0.4, 5), (0.9, 0)])
def test_a_quantile_that_cannot_be_is_refused(p, df):
    with pytest.raises(ValueError, match="no quantile"):
        t_quantile(p, df)


def test_ten_fives_are_not_certain():
    low, high = mean_interval(10, 50, 250, 1, 5)
    assert (float(round_half_up(low, 2)), high) == (3.89, 5)


def test_one_answer_has_the_interval_of_one_answer():
    low, high = mean_interval(1, 4, 16, 1, 5)
    assert 1 <= low < 4 < high <= 5


def test_the_interval_of_a_mean_by_hand():
    # 2, 4, 4, 5: mean 3.75, s² = 19/12, t(3) = 3.18245
    low, high = mean_interval(4, 15, 61, 1, 10)
    assert low == pytest.approx(3.75 - 3.182446305 * (19 / 12 / 4) ** 0.5)
    assert high == pytest.approx(3.75 + 3.182446305 * (19 / 12 / 4) ** 0.5)


def test_the_interval_of_a_mean_stays_on_the_scale():
    assert mean_interval(2, 6, 26, 1, 5) == (1, 5)


def test_the_variance_of_large_sums_keeps_every_digit():
    n = 10**9
    assert variance(n, 5 * n - 1, 25 * n - 9) == pytest.approx(1 / n)


@pytest.mark.parametrize(
    ("best_to_worst", "expected"), [((126, 60, 16, 17), 78.23), ((51, 23, 12, 2, 4), 81.25)]
)
def test_the_smiley_index(best_to_worst, expected):
    points = len(best_to_worst)
    total = sum(count * (points - place) for place, count in enumerate(best_to_worst))
    assert float(round_half_up(smiley_index(total / sum(best_to_worst), 1, points), 2)) == expected


def test_welchs_interval_by_hand():
    # Equal sizes and variances: df = 2(n − 1) = 18.
    low, high = welch(10, 4.0, 1.0, 10, 3.0, 1.0)
    assert (low, high) == (pytest.approx(1 - 2.100922 * 0.2**0.5), pytest.approx(1 + 2.100922 * 0.2**0.5))


def test_welchs_interval_needs_groups_that_vary():
    with pytest.raises(ValueError, match="vary"):
        welch(10, 4.0, 0.0, 10, 3.0, 0.0)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(0.5, 0, "1"), (2.5, 0, "3"), (-2.5, 0, "-3"), (84.65, 1, "84.7"), (2.675, 2, "2.68"), (89.96, 0, "90")],
)
def test_halves_are_rounded_up_for_display(value, decimals, expected):
    assert round_half_up(value, decimals) == Decimal(expected)


def test_z_is_the_95_per_cent_point_of_the_normal_distribution():
    assert pytest.approx(t_quantile(0.975, 1e8), abs=1e-6) == statistics.Z
