"""The figure of one question from its answers: which one fits the scale, its interval, and its change.

The methods and intervals are those of the scoreboard (rules of scores): shares by Wilson, Net Promoter
Scores by adjusted Wald, means by t; changes by Newcombe, squared errors and Welch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from charter.models import Measure
from common import statistics
from common.statistics import Interval
from common.templatetags.charterwell import localised
from feedback.models import Question

Method = Measure.Method
METHODS = {Question.Kind.NPS: Method.NPS, Question.Kind.EASE: Method.CES}
INDICATIVE_BELOW = 30


@dataclass(frozen=True)
class Scored:
    """Shares in per cent, a Net Promoter Score in points, with what the house's strip draws it by.

    `words` name the method. Questions have no goal: goals belong to measures.
    """

    value: float
    low: float
    high: float
    n: int
    words: str
    is_share: bool

    goal: ClassVar[None] = None
    verdict: ClassVar[str] = "no_goal"
    is_full_count: ClassVar[bool] = False
    scale_high: ClassVar[int] = 100

    @property
    def scale_low(self) -> int:
        return 0 if self.is_share else -100

    @property
    def value_text(self) -> str:
        number = localised(self.value)
        return _("%(number)s %%") % {"number": number} if self.is_share else number.replace("-", "−")

    @property
    def interval_text(self) -> str:
        return _("%(low)s to %(high)s") % {"low": localised(self.low), "high": localised(self.high)}

    @property
    def is_indicative(self) -> bool:
        return self.n < INDICATIVE_BELOW


@dataclass(frozen=True)
class Changed:
    """The difference to another period in points, and its 95 % interval."""

    difference: float
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """“better by 19 points, 7 to 32”; “no clear change: +3, −2 to +8”."""
        low, high = signed(self.low), signed(self.high)
        told = {"points": signed(self.difference), "low": low, "high": high}
        if self.low > 0:
            return _("better: %(points)s points, %(low)s to %(high)s") % told
        if self.high < 0:
            return _("worse: %(points)s points, %(low)s to %(high)s") % told
        return _("no clear change: %(points)s points, %(low)s to %(high)s") % told


def signed(number: float) -> str:
    """Whole points with their sign in the reader's language; nought has none."""
    text = localised(abs(number))
    return text if text == localised(0) else f"+{text}" if number > 0 else f"−{text}"


def method_of(question: Question) -> Measure:
    """The method by which a question is summed up, as a measure that is stored nowhere."""
    method = METHODS.get(Question.Kind(question.kind), Method.TOP_BOX)
    return Measure(method=method, scale_low=question.scale_low or 0, scale_high=question.scale_high or 0)


def scored(question: Question, values: Mapping[int, int]) -> Scored | None:
    """The figure of the answers (value → how many); None without any."""
    measure = method_of(question)
    n, high, low = _counted(measure, values)
    if not n:
        return None
    if measure.method == Method.NPS:
        figure, bounds = statistics.nps(high, low, n), statistics.nps_interval(high, low, n)
    else:
        figure, bounds = 100 * high / n, _percent(statistics.wilson(high, n))
    return Scored(figure, *bounds, n, measure.method_words, measure.is_share)


def changed(question: Question, now: Mapping[int, int], before: Mapping[int, int]) -> Changed | None:
    """The change of the figure since `before`; None where one of the two has no answers."""
    measure = method_of(question)
    n1, high1, low1 = _counted(measure, now)
    n2, high2, low2 = _counted(measure, before)
    if not (n1 and n2):
        return None
    if measure.method == Method.NPS:
        bounds = statistics.nps_difference((high1, low1, n1), (high2, low2, n2))
        return Changed(statistics.nps(high1, low1, n1) - statistics.nps(high2, low2, n2), *bounds)
    bounds = _percent(statistics.newcombe(high1, n1, high2, n2))
    return Changed(100 * high1 / n1 - 100 * high2 / n2, *bounds)


def _counted(measure: Measure, values: Mapping[int, int]) -> tuple[int, int, int]:
    """n, how many in the top boxes (promoters, “easy”), how many detractors."""
    high = sum(count for value, count in values.items() if value >= measure.top_from)
    low = sum(count for value, count in values.items() if value <= 6)
    return sum(values.values()), high, low


def _percent(bounds: Interval) -> Interval:
    return 100 * bounds[0], 100 * bounds[1]
