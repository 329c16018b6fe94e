"""In a report: the actions of its period and what they brought, and how many were silent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.template.defaultfilters import capfirst
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.figure_words import bare, localised
from common.period import Period
from organisation.days import end_of_day
from organisation.models import Tree, Unit
from scoreboard.reports.sections import Section
from scoreboard.settled import LATE_ARRIVALS
from strategy.effect import Effect, effects_of
from strategy.models import Action, CheckIn, Status
from strategy.past import plan_then
from strategy.progress import Standing

NOTHING = "–"


def actions_section(unit: Unit, period: Period) -> Section | None:
    """Actions of the unit and of those below it that ended in the period, were reported on, or were to be
    looked at again, as they stood at its end. What they brought is read on the day on which the period's
    last month is settled;
    the number of queries grows with the units and starting months of the actions, not with the actions.
    """
    below = Tree.on(period.last_day).subtree(unit.pk)
    then, standings = plan_then(period.last_day)
    actions, told = Action.objects.filter(unit__in=below), _told(period, then)
    rows = _as_they_were(actions.filter(told).with_words(), then)
    under_way = [pk for pk, action in then.items() if action.state == Action.State.STARTED]
    silent = actions.filter(pk__in=under_way).exclude(told).count()
    if not rows and not silent:
        return None
    effects = effects_of(rows, period.end + LATE_ARRIVALS)
    zone = ZoneInfo(unit.timezone)
    header = [_("Action"), _("Unit"), _("Owner"), _("State"), _("Before and after"), _("Change")]
    return Section(
        _("Actions and their results"),
        [" ".join(_sums(rows, silent)), *([_how_to_read()] if effects else [])],
        header if rows else [],
        [_row(action, standings[action.pk], effects.get(action.pk), zone) for action in rows],
    )


def _told(period: Period, then: Mapping[int, Action]) -> Q:
    """What the period has to tell of an action, by the organisation's clock."""
    first = end_of_day(period.start - timedelta(days=1))
    ended = [pk for pk, action in then.items() if action.ended_at and action.ended_at >= first]
    reports = CheckIn.objects.filter(action=OuterRef("pk"), on__gte=period.start, on__lt=period.end)
    looked_at = Q(check_on__gte=period.start, check_on__lt=period.end, started_on__lt=period.end)
    return Q(pk__in=ended) | looked_at | Q(Exists(reports))


def _as_they_were(actions: Iterable[Action], then: Mapping[int, Action]) -> list[Action]:
    """What had ended by the end of the period first; never to be saved."""
    rows = [action for action in actions if action.pk in then]  # one may have been added meanwhile
    for action in rows:
        action.state, action.ended_at = then[action.pk].state, then[action.pk].ended_at
    ended = [row for row in rows if row.ended_at is not None]
    live = [row for row in rows if row.ended_at is None]
    return sorted(ended, key=lambda row: (row.ended_at, row.pk)) + sorted(
        live, key=lambda row: (row.starts_on, row.pk)
    )


def _sums(rows: Sequence[Action], silent: int) -> Iterator[str]:
    """“2 actions were done. 3 are under way. Nobody reported on 1 more in this period.”"""
    counted = Counter(action.state for action in rows)
    live = len(rows) - counted[Action.State.DONE] - counted[Action.State.CANCELLED]
    if done := counted[Action.State.DONE]:
        yield ngettext("%(n)s action is done.", "%(n)s actions are done.", done) % {"n": localised(done)}
    if live:
        yield ngettext("%(n)s is under way.", "%(n)s are under way.", live) % {"n": localised(live)}
    if given_up := counted[Action.State.CANCELLED]:
        said = ngettext("%(n)s was given up.", "%(n)s were given up.", given_up)
        yield said % {"n": localised(given_up)}
    if silent:
        yield ngettext(
            "On %(n)s other action under way nobody reported in this period.",
            "On %(n)s other actions under way nobody reported in this period.",
            silent,
        ) % {"n": localised(silent)}


def _how_to_read() -> str:
    return _(
        "The figure before is that of the day on which the action began; the figure after counts the whole"
        " months since, three at most. The interval covers chance only: something else may have changed in"
        " the same weeks."
    )


def _row(action: Action, standing: Standing, effect: Effect | None, zone: ZoneInfo) -> list[str]:
    return [
        action.title,
        action.unit.name,
        str(action.owner),
        _state(action, standing, zone),
        _before_and_after(action, effect) if effect else NOTHING,
        _change(action, effect) if effect else NOTHING,
    ]


def _state(action: Action, standing: Standing, zone: ZoneInfo) -> str:
    """“Done, 6 November 2026”, “On track: 35 %, 40 % expected”."""
    label = str(Status(standing.status).label)
    if action.ended_at is not None:
        return f"{label}, {date_format(action.ended_at.astimezone(zone), 'DATE_FORMAT')}"
    if standing.percent is None or standing.expected_percent is None:
        return label
    numbers = {"now": localised(standing.percent), "expected": localised(standing.expected_percent)}
    return f"{label}: " + _("%(now)s %%, %(expected)s %% expected") % numbers


def _before_and_after(action: Action, effect: Effect) -> str:
    """“Knows what happens next: 72 % (60 to 81), n 64 → 91 % (84 to 95), n 100”."""
    frozen, now, before = effect.frozen, effect.now, effect.frozen["value_text"]
    after = ""
    if now is not None and now.value is not None:
        decimals = max(now.decimals, effect.change.decimals if effect.change else 0)
        after = now.say(now.value, decimals)
        before = before if frozen["value"] is None else now.say(frozen["value"], decimals)
    told = _figure(action, before, frozen["interval_text"], frozen["n"])
    if now is not None and after:
        told += f" → {_figure(action, after, now.interval_text, now.n)}"
    return f"{action.measure.name}: {told}" if action.measure else told


def _figure(action: Action, value: str, beside: str, n: int) -> str:
    """`beside` is an interval, or what a rate or count is counted in."""
    is_unit = action.measure is not None and action.measure.is_open_ended
    words = f" {beside}" if is_unit else f" ({beside})"
    return _("%(figure)s, n %(n)s") % {"figure": value + (words if beside else ""), "n": localised(n)}


def _change(action: Action, effect: Effect) -> str:
    if effect.change is None:
        return effect.why_not
    said = str(capfirst(effect.change.sentence))
    if action.effect is None:
        return said
    return _("%(change)s; expected: better by %(effect)s") % {"change": said, "effect": bare(action.effect)}
