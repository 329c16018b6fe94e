"""The formulas behind every figure: pure functions, standard library only.

Shares are fractions (0 to 1), Net Promoter Scores points (−100 to 100), means in units of their own
scale. Every interval covers 95 % and is returned as `(low, high)`.
"""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from statistics import NormalDist

Interval = tuple[float, float]

CONFIDENCE = 0.95
Z = 1.959964


def round_half_up(value: float | Decimal, decimals: int = 0) -> Decimal:
    """Round for display, halves away from zero. Nothing is ever computed from the result."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def wilson(k: float, n: float) -> Interval:
    """Score interval of a share, k of n, as fractions (Wilson 1927).

    Exactly 0 at the lower end where k = 0 and exactly 1 at the upper end where k = n, which floating
    point misses. Raises ValueError unless 0 ≤ k ≤ n and n > 0.
    """
    if not (n > 0 and 0 <= k <= n):
        raise ValueError(f"no share: {k} of {n}")
    p = k / n
    centre = p + Z * Z / (2 * n)
    spread = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    low = 0.0 if k == 0 else max(0.0, (centre - spread) / scale)
    high = 1.0 if k == n else min(1.0, (centre + spread) / scale)
    return low, high


def nps(promoters: int, detractors: int, n: int) -> float:
    """Net Promoter Score in points; passives stay in n."""
    return 100 * (promoters - detractors) / n


def _adjusted_nps(promoters: int, detractors: int, n: int) -> tuple[float, float]:
    """The adjusted score and its standard error, both as fractions (Rocks 2016)."""
    size = n + 3
    p, d = (promoters + 0.75) / size, (detractors + 0.75) / size
    return p - d, math.sqrt((p + d - (p - d) ** 2) / size)


def nps_interval(promoters: int, detractors: int, n: int) -> Interval:
    """Adjusted Wald interval of a Net Promoter Score in points, within ±100 (Rocks 2016).

    Raises ValueError where the counts contradict each other or n = 0.
    """
    if n <= 0 or min(promoters, detractors) < 0 or promoters + detractors > n:
        raise ValueError(f"no Net Promoter Score: {promoters} and {detractors} of {n}")
    centre, error = _adjusted_nps(promoters, detractors, n)
    return max(-100.0, 100 * (centre - Z * error)), min(100.0, 100 * (centre + Z * error))


def nps_difference(first: tuple[int, int, int], second: tuple[int, int, int]) -> Interval:
    """Interval of first − second in points, each given as (promoters, detractors, n).

    The adjusted scores' difference ± z times the root of the summed squared adjusted standard errors.
    """
    centre_1, error_1 = _adjusted_nps(*first)
    centre_2, error_2 = _adjusted_nps(*second)
    centre, reach = centre_1 - centre_2, Z * math.hypot(error_1, error_2)
    return max(-200.0, 100 * (centre - reach)), min(200.0, 100 * (centre + reach))


def newcombe(k1: float, n1: float, k2: float, n2: float) -> Interval:
    """Interval of the difference of two shares k1/n1 − k2/n2, as fractions (Newcombe 1998, method 10)."""
    return square_and_add(k1 / n1, wilson(k1, n1), k2 / n2, wilson(k2, n2))


def square_and_add(first: float, of_first: Interval, second: float, of_second: Interval) -> Interval:
    """Interval of first − second from the interval of each (Newcombe 1998; Zou & Donner 2008)."""
    difference = first - second
    low = difference - math.hypot(first - of_first[0], of_second[1] - second)
    high = difference + math.hypot(of_first[1] - first, second - of_second[0])
    return low, high


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    result = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            d = 1 / ((1 + term * d) or tiny)
            c = (1 + term / c) or tiny
            step = c * d
            result *= step
        if abs(step - 1) < 1e-15:
            break
    return result


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b)."""
    if x in (0, 1):
        return float(x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _continued_fraction(a, b, x) / a
    return 1 - front * _continued_fraction(b, a, 1 - x) / b


def _bisect(rises: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a rising function reaches its target, to the last bit that matters."""
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < target else (low, middle)
    return (low + high) / 2


@lru_cache(maxsize=4096)
def t_quantile(p: float, df: float) -> float:
    """Student's t: the value below which a share p of the distribution lies; df need not be whole.

    Raises ValueError unless 0.5 ≤ p < 1 and df > 0.
    """
    if not (0.5 <= p < 1 and df > 0):
        raise ValueError(f"no quantile: p = {p}, df = {df}")
    if df > 1e7:
        return NormalDist().inv_cdf(p)

    def below(t: float) -> float:
        return 1 - _incomplete_beta(df / 2, 0.5, df / (df + t * t)) / 2

    high = 2.0
    while below(high) < p and high < 1e300:
        high *= 2
    return _bisect(below, p, 0.0, high)


def variance(n: int, total: int, squares: int) -> float:
    """Sample variance from whole-number sums: exact up to the one division."""
    return (n * squares - total * total) / (n * (n - 1))


def mean_interval(n: int, total: int, squares: int, low: float, high: float) -> Interval:
    """t interval of the mean of whole-number answers on a scale `low` to `high`, within that scale.

    Where all answers are equal (or there is one only) their spread says nothing; then the Wilson
    interval of the mean rescaled to 0…1 stands in.
    """
    mean = total / n
    spread = variance(n, total, squares) if n > 1 else 0.0
    if spread == 0:
        lower, upper = wilson(n * (mean - low) / (high - low), n)
        return low + lower * (high - low), low + upper * (high - low)
    reach = t_quantile((1 + CONFIDENCE) / 2, n - 1) * math.sqrt(spread / n)
    return max(low, mean - reach), min(high, mean + reach)


def welch(n1: int, mean1: float, variance1: float, n2: int, mean2: float, variance2: float) -> Interval:
    """Interval of mean1 − mean2 without assuming equal variances (Welch 1947; Satterthwaite's df).

    Raises ValueError where a group has fewer than two answers or neither varies.
    """
    if min(n1, n2) < 2 or variance1 + variance2 == 0:
        raise ValueError("Welch's interval needs two groups that vary")
    part1, part2 = variance1 / n1, variance2 / n2
    df = (part1 + part2) ** 2 / (part1**2 / (n1 - 1) + part2**2 / (n2 - 1))
    reach = t_quantile((1 + CONFIDENCE) / 2, df) * math.sqrt(part1 + part2)
    return mean1 - mean2 - reach, mean1 - mean2 + reach


def smiley_index(mean: float, low: float, high: float) -> float:
    """The mean of a smiley scale on 0 (worst) to 100 (best): 100·(i − 1)/(k − 1) on average."""
    return 100 * (mean - low) / (high - low)
