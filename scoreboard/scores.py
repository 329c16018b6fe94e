"""From counts to a figure, its interval and its verdict (the rules of scores and verdicts).

Everything here is arithmetic on `Counts`; a figure and its bounds are in the units of its method:
shares and the smiley index 0 to 100, Net Promoter Scores −100 to 100, means on their own scale.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charter.models import Measure
from common import statistics
from common.figure_words import localised
from common.sources import Counts
from common.statistics import Interval

INSIDE_MINIMUM = 5
INDICATIVE_BELOW = 30
MOST_DECIMALS = 12

MET = "met"
NOT_MET = "not_met"
UNSURE = "unsure"
TOO_FEW = "too_few"
NO_GOAL = "no_goal"
NOT_TRACKED = "not_tracked"

DIRECTIONS = {
    "better": gettext_lazy("better"),
    "worse": gettext_lazy("worse"),
    "unclear": gettext_lazy("no clear change"),
    "higher": gettext_lazy("higher"),
    "lower": gettext_lazy("lower"),
}

Method = Measure.Method


def exact_value(measure: Measure, counts: Counts) -> Fraction:
    """The figure without any rounding. Needs n > 0."""
    if measure.method == Method.NPS:
        return Fraction(100 * (counts.high - counts.low), counts.n)
    if measure.is_share:
        return Fraction(100 * counts.high, counts.n)
    if measure.method == Method.COUNT:
        return Fraction(counts.high)
    if measure.method == Method.RATE:
        return Fraction(counts.high * measure.per, counts.n)
    mean = Fraction(int(counts.total), counts.n)
    if measure.method == Method.SMILEY:
        return 100 * (mean - measure.scale_low) / (measure.scale_high - measure.scale_low)
    return mean


def interval(measure: Measure, counts: Counts) -> Interval | None:
    """The 95 % interval of the figure; None for a full count, which has none. Needs n > 0."""
    if measure.is_full_count:
        return None
    if measure.method == Method.NPS:
        return statistics.nps_interval(counts.high, counts.low, counts.n)
    if measure.is_share:
        low, high = statistics.wilson(counts.high, counts.n)
        return 100 * low, 100 * high
    low, high = _mean_interval(measure, counts)
    if measure.method == Method.SMILEY:
        return (
            statistics.smiley_index(low, measure.scale_low, measure.scale_high),
            statistics.smiley_index(high, measure.scale_low, measure.scale_high),
        )
    return low, high


def _mean_interval(measure: Measure, counts: Counts) -> Interval:
    return statistics.mean_interval(
        counts.n, int(counts.total), int(counts.squares), measure.scale_low, measure.scale_high
    )


def verdict_of(measure: Measure, value: Fraction, bounds: Interval | None, goal: Decimal) -> str:
    """Met, not met, or too close to call: the whole interval must be on one side of the goal.

    A full count has no interval; there the unrounded figure decides alone.
    """
    if bounds is None:
        return MET if reaches(measure, value, goal) else NOT_MET
    low, high = bounds
    if measure.direction == Measure.Direction.LOWER:
        return MET if high <= goal else NOT_MET if low > goal else UNSURE
    return MET if low >= goal else NOT_MET if high < goal else UNSURE


def reaches(measure: Measure, value: Fraction, goal: Decimal) -> bool:
    if measure.direction == Measure.Direction.LOWER:
        return value <= Fraction(goal)
    return value >= Fraction(goal)


def decimals_shown(measure: Measure, goal: Decimal | None, *numbers: Fraction) -> int:
    """As few decimals as the method deserves, more where rounding would carry a number over the goal."""
    decimals = _usual_decimals(measure, numbers)
    if goal is None:
        return decimals
    while decimals < MOST_DECIMALS and any(
        reaches(measure, Fraction(rounded(number, decimals)), goal) != reaches(measure, number, goal)
        for number in numbers
    ):
        decimals += 1
    return decimals


def _usual_decimals(measure: Measure, numbers: Sequence[Fraction]) -> int:
    if measure.method == Method.COUNT:
        return 0
    if measure.method == Method.RATE:
        return 0 if numbers and all(abs(number) >= 10 for number in numbers) else 1
    return 2 if measure.method == Method.MEAN else 1 if measure.is_full_count else 0


def round_top(number: float) -> float:
    """Where the track of a figure without an upper end stops: 1, 2 or 5 times a power of ten, or between,
    with the number well inside."""
    wanted = max(number, 0) * 1.1
    if wanted <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= wanted)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """Round half up, from the exact value."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals)


@dataclass(frozen=True)
class Change:
    """What became of a figure since another period: `difference` and its 95 % interval.

    `low` and `high` are None between full counts. `direction` says "better" or "worse" where the
    interval leaves no change out (a full count: any change), else "unclear". `in_points` says that the
    numbers are points of a score, not a count or a rate: those have no interval that could tell chance
    apart, so the words say only which way they went.
    """

    difference: float
    low: float | None
    high: float | None
    direction: str
    decimals: int
    in_points: bool = True

    @property
    def is_unchanged(self) -> bool:
        """Between full counts: what is left of the difference when it is said is nought."""
        return self.low is None and self.difference_text == localised(0, self.decimals)

    @property
    def sentence(self) -> str:
        """“better by 19 points, 7 to 32”; “no clear change: +3, −2 to +8”; “unchanged”."""
        if self.is_unchanged:
            return self.words
        if self.direction == "unclear":
            told = self.difference_text + (f", {self.interval_text}" if self.interval_text else "")
            return _("no clear change: %(told)s") % {"told": told}
        size = localised(abs(self.difference), self.decimals)
        said = _("%(size)s points") % {"size": size} if self.in_points else size
        found = _("%(direction)s by %(size)s") % {"direction": self.words, "size": said}
        if self.low is None or self.high is None:
            return found
        ends = sorted((abs(self.low), abs(self.high)))
        low, high = (localised(end, self.decimals) for end in ends)
        return _("%(change)s, %(low)s to %(high)s") % {"change": found, "low": low, "high": high}

    @property
    def difference_text(self) -> str:
        """“+19”, in points of the figure."""
        return signed(self.difference, self.decimals)

    @property
    def interval_text(self) -> str:
        """“+7 to +32”; nothing between full counts."""
        if self.low is None or self.high is None:
            return ""
        low, high = signed(self.low, self.decimals), signed(self.high, self.decimals)
        return _("%(low)s to %(high)s") % {"low": low, "high": high}

    @property
    def words(self) -> str:
        if self.is_unchanged:
            return _("unchanged")
        if not self.in_points:
            return str(DIRECTIONS["higher" if self.difference > 0 else "lower"])
        return str(DIRECTIONS[self.direction])


def signed(number: float, decimals: int) -> str:
    """The number with its sign in the reader's language; nought has none."""
    text = localised(abs(number), decimals)
    if text == localised(0, decimals):
        return text
    return f"+{text}" if number > 0 else f"−{text}"


def change(measure: Measure, now: Counts, before: Counts) -> Change | None:
    """The change of a figure; None where one of the periods has no answers."""
    if not now.n or not before.n:
        return None
    exact = exact_value(measure, now) - exact_value(measure, before)
    bounds = None if measure.is_full_count else _difference(measure)(measure, now, before)
    low, high = (float(exact), float(exact)) if bounds is None else bounds
    sign = -1 if measure.direction == Measure.Direction.LOWER else 1
    direction = "unclear"
    if low > 0 or high < 0:
        direction = "better" if (low > 0) == (sign > 0) else "worse"
    decimals = decimals_shown(measure, None, exact) if exact else decimals_shown(measure, None)
    found = Change(
        float(exact),
        bounds and bounds[0],
        bounds and bounds[1],
        direction,
        decimals,
        in_points=not measure.is_open_ended,
    )
    return with_clear_ends(found)


def with_clear_ends(change: Change) -> Change:
    """With the decimals that it takes not to print an end as nought where the interval leaves nought out."""
    if change.direction == "unclear" or change.low is None or change.high is None:
        return change
    nearest = min(abs(change.low), abs(change.high))
    decimals = change.decimals
    while decimals < MOST_DECIMALS and localised(nearest, decimals) == localised(0, decimals):
        decimals += 1
    return replace(change, decimals=decimals)


def _difference(measure: Measure) -> Callable[[Measure, Counts, Counts], Interval]:
    if measure.method == Method.NPS:
        return _nps_difference
    return _share_difference if measure.is_share else _mean_difference


def _share_difference(measure: Measure, now: Counts, before: Counts) -> Interval:
    low, high = statistics.newcombe(now.high, now.n, before.high, before.n)
    return 100 * low, 100 * high


def _nps_difference(measure: Measure, now: Counts, before: Counts) -> Interval:
    return statistics.nps_difference((now.high, now.low, now.n), (before.high, before.low, before.n))


def _mean_difference(measure: Measure, now: Counts, before: Counts) -> Interval:
    """Welch; where he has no answer, the two intervals squared and added."""
    (n1, mean1, variance1), (n2, mean2, variance2) = groups = [_moments(now), _moments(before)]
    if min(n1, n2) > 1 and variance1 + variance2 > 0:
        low, high = statistics.welch(*groups[0], *groups[1])
    else:
        low, high = statistics.square_and_add(
            mean1, _mean_interval(measure, now), mean2, _mean_interval(measure, before)
        )
    if measure.method == Method.SMILEY:
        length = measure.scale_high - measure.scale_low
        return 100 * low / length, 100 * high / length
    return low, high


def _moments(counts: Counts) -> tuple[int, float, float]:
    """n, mean and sample variance (0 for a single answer)."""
    total, squares = int(counts.total), int(counts.squares)
    spread = statistics.variance(counts.n, total, squares) if counts.n > 1 else 0.0
    return counts.n, total / counts.n, spread
