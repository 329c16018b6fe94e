"""Did it work? The measure before an action's start, frozen, against the months after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from charter.models import Measure
from common.period import Period, add_months
from common.sources import Counts
from organisation.models import Unit
from scoreboard import scores
from scoreboard.figures import Figure, figures_for
from scoreboard.scores import Change
from scoreboard.settled import settled_month
from strategy.models import Action

MONTHS = 3
COUNTED = ("n", "total", "squares", "high", "low", "na")


def before(started_on: date) -> Period:
    """The three settled months before the start."""
    return Period.months(settled_month(started_on), MONTHS)


def freeze(measure: Measure, unit: Unit, started_on: date) -> dict[str, Any]:
    """The figure before the start as JSON: its period, its series, what was counted, and how it read."""
    period = before(started_on)
    figure = figures_for([measure], unit, period, today=period.last_day)[measure.pk]
    counts = {name: getattr(figure.counts, name) for name in COUNTED}
    counts["months"] = sorted(month.isoformat() for month in figure.counts.months)
    return {
        "period": period.code,
        "series": figure.series,
        "counts": counts,
        "value": figure.value,
        "value_text": figure.value_text,
        "interval_text": figure.interval_text,
        "n": figure.n,
    }


def _counts(frozen: dict[str, Any]) -> Counts:
    kept = dict(frozen["counts"])
    months = frozenset(date.fromisoformat(each) for each in kept.pop("months"))
    return Counts(**kept, months=months)


@dataclass(frozen=True)
class Effect:
    """What became of the measure. `change` is None where `why_not` says why nothing can be said."""

    frozen: dict[str, Any]
    now: Figure | None = None
    change: Change | None = None
    why_not: str = ""
    verdict: str = ""

    @property
    def period_before(self) -> Period:
        return Period.parse(self.frozen["period"])


def period_after(action: Action, on: date) -> Period | None:
    """Up to three whole, settled months after the start; from the day of the look back on no later ones."""
    assert action.started_on is not None
    first = add_months(action.started_on, 1)
    last_day = min(on, action.check_on) if action.check_on else on
    months = min(_months_between(first, settled_month(last_day)) + 1, MONTHS)
    return Period.months(settled_month(last_day), months) if months > 0 else None


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def effect_of(action: Action, on: date) -> Effect | None:
    """None for an action that has not begun, or moves no measure."""
    return effects_of([action], on).get(action.pk)


def effects_of(actions: Sequence[Action], on: date) -> dict[int, Effect]:
    """By primary key; without those that have not begun, or move no measure.

    Actions of one unit that look at the same months are read together.
    """
    begun = [each for each in actions if each.frozen is not None and each.measure and each.started_on]
    periods = {action.pk: period_after(action, on) for action in begun}
    now = _figures_after(begun, periods)
    return {action.pk: _effect(action, now.get(action.pk)) for action in begun}


def _figures_after(actions: Sequence[Action], periods: Mapping[int, Period | None]) -> dict[int, Figure]:
    together: dict[tuple[int, Period], list[Action]] = {}
    for action in actions:
        if period := periods[action.pk]:
            together.setdefault((action.unit_id, period), []).append(action)
    found: dict[int, Figure] = {}
    for (_unit, period), group in together.items():
        measures = [action.measure for action in group if action.measure]
        figures = figures_for(measures, group[0].unit, period, today=period.last_day)
        found |= {action.pk: figures[action.measure_id] for action in group if action.measure_id}
    return found


def _effect(action: Action, now: Figure | None) -> Effect:
    assert action.frozen is not None
    assert action.measure is not None
    if now is None:
        words = _("The first whole month after the start is not over and settled yet.")
        return Effect(action.frozen, why_not=words)
    why_not = _incomparable(action.frozen, now)
    if why_not:
        return Effect(action.frozen, now, why_not=why_not)
    change = scores.change(action.measure, now.counts, _counts(action.frozen))
    return Effect(action.frozen, now, change, verdict=_verdict(action, change) if change else "")


def _incomparable(frozen: dict[str, Any], now: Figure) -> str:
    if frozen["value"] is None:
        return _("There was no figure before the start to compare with.")
    if now.value is None:
        return _("Too few answers since the start.")
    if now.series != frozen["series"]:
        return _("The question or its scale has changed since: the two cannot be compared.")
    if len(now.counts.months) != len(frozen["counts"]["months"]):
        return _("Another number of months is counted after the start than before it.")
    return ""


def _verdict(action: Action, change: Change) -> str:
    """In words, held against what was expected where somebody said so."""
    if change.is_unchanged:
        return _("It has not changed.")
    if change.direction == "unclear":
        return _("No clear change: chance alone can make one like it.")
    if change.direction == "worse":
        return _("It got worse.")
    if action.effect is None:
        return _("It got better.")
    sign = -1 if action.measure and action.measure.direction == Measure.Direction.LOWER else 1
    ends = [change.difference if end is None else end for end in (change.low, change.high)]
    low, high = sorted(sign * end for end in ends)
    if low >= action.effect:
        return _("It got better by at least what was expected.")
    if high < action.effect:
        return _("It got better, but by less than was expected.")
    return _("It got better, and what was expected lies inside the interval.")
