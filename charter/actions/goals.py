"""Goals of measures: which one holds for whom from when, and what may not be changed any more."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from charter.actions.draft import hold, next_version, record
from charter.goal_history import rewritten
from charter.models import CharterEvent, Goal, Measure
from organisation.models import Unit, User


class GoalRefused(ValidationError):
    """The goal cannot be set. The errors name the field."""


class GoalOutOfRange(GoalRefused):
    """The goal lies outside the figures that the measure's method can give."""


class GoalsOverlap(GoalRefused):
    """Two goals would hold for the same measure and unit on one day."""


class GoalIsHistory(GoalRefused):
    """The days have been judged by another goal, which an edition promised."""


def refuse_goal_out_of_range(measure: Measure, target: Decimal) -> None:
    """Raise GoalOutOfRange unless the method can give such a figure."""
    low, high = measure.figure_range
    if high is None and target < low:
        below = ValidationError(
            _("The goal of a count or a rate is never below zero."), code="goal_out_of_range"
        )
        raise GoalOutOfRange({"target": below})
    if high is not None and not low <= target <= high:
        raise GoalOutOfRange(
            {
                "target": ValidationError(
                    _("With this method the goal lies between %(low)s and %(high)s."),
                    code="goal_out_of_range",
                    params={"low": f"{low:f}", "high": f"{high:f}"},
                )
            }
        )


@transaction.atomic
def set_goal(
    *,
    measure: Measure,
    target: Decimal,
    starts_on: date,
    by: User | None,
    unit: Unit | None = None,
    ends_on: date | None = None,
    is_critical: bool = False,
    at: datetime | None = None,
) -> Goal:
    """Hold the measure to `target` from `starts_on` (up to `ends_on`), for one unit or for all.

    A goal without an end is followed: it ends where the new one begins, and a new one without an end
    ends where a later one begins. The same start corrects the goal. Raises GoalOutOfRange;
    GoalsOverlap where a goal with an end of its own would be cut short; GoalIsHistory where another goal
    would hold for the unit on days before today, once an edition is published.
    """
    at = at or timezone.now()
    refuse_goal_out_of_range(measure, target)
    hold(measure.standard.charter)
    next_version(measure.standard)
    stood = list(Goal.objects.filter(measure=measure))
    others = Goal.objects.filter(measure=measure, unit=unit)
    ends_on = _fitted(others.exclude(starts_on=starts_on), starts_on, ends_on)
    goal, _created = Goal.objects.update_or_create(
        measure=measure,
        unit=unit,
        starts_on=starts_on,
        defaults={"target": target, "ends_on": ends_on, "is_critical": is_critical},
    )
    _refuse_history(measure, unit, stood, at)
    note = f"{measure.name}: {goal}"
    charter = measure.standard.charter
    record(charter, CharterEvent.What.GOAL_SET, standard=measure.standard, by=by, at=at, note=note)
    return goal


@transaction.atomic
def end_goal(
    *, measure: Measure, by: User | None, unit: Unit | None = None, at: datetime | None = None
) -> Goal | None:
    """Hold the measure to no goal from today on, for one unit or for all; a later goal stays.

    Past days keep the goal; one that began today is as if it had never been set. Returns the goal that
    stood, None where there was none.
    """
    at = at or timezone.now()
    charter = measure.standard.charter
    hold(charter)
    next_version(measure.standard)
    today = charter.local_day(at)
    own = Goal.objects.filter(measure=measure, unit=unit)
    standing = next((goal for goal in own if goal.in_force(today)), None)
    if standing is None:
        return None
    stood = list(Goal.objects.filter(measure=measure))
    if standing.starts_on == today:
        own.filter(pk=standing.pk).delete()
    else:
        own.filter(pk=standing.pk).update(ends_on=today)
    _refuse_history(measure, unit, stood, at)
    note = f"{measure.name}: {standing}"
    record(charter, CharterEvent.What.GOAL_ENDED, standard=measure.standard, by=by, at=at, note=note)
    return standing


def _fitted(others: "models.QuerySet[Goal]", starts_on: date, ends_on: date | None) -> date | None:
    """The end of the new goal, once the open one before it has been ended where it begins."""
    following = others.filter(starts_on__gt=starts_on).order_by("starts_on").first()
    if following and ends_on and ends_on > following.starts_on:
        raise _overlap(following, "ends_on")
    standing = others.filter(starts_on__lt=starts_on, ends_on__gt=starts_on).first()
    if standing and not following:
        raise _overlap(standing, "starts_on")
    if standing and following and standing.ends_on != following.starts_on:
        raise _overlap(standing, "starts_on")
    others.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on), starts_on__lt=starts_on).update(
        ends_on=starts_on
    )
    return ends_on or (following.starts_on if following else None)


def _overlap(other: Goal, field: str) -> GoalsOverlap:
    words = {"goal": str(other), "start": formats.date_format(other.starts_on)}
    if other.ends_on is None:
        text = _("From %(start)s the goal %(goal)s holds for the same unit. End this one there, or before.")
    else:
        words["end"] = formats.date_format(other.ends_on)
        text = _(
            "From %(start)s up to %(end)s the goal %(goal)s holds for the same unit. "
            "Two goals cannot hold at once: choose days before or after it."
        )
    return GoalsOverlap({field: text % words})


def _refuse_history(measure: Measure, unit: Unit | None, stood: list[Goal], at: datetime) -> None:
    """What an edition promised is not judged anew: past days keep the goal that held for the unit then.

    Asked after the change, with the goals that `stood` before it.
    """
    charter = measure.standard.charter
    today = charter.local_day(at)
    stand = list(Goal.objects.filter(measure=measure))
    found = rewritten(stood, stand, unit.pk if unit else None, before=today)
    if found is None or not charter.editions.in_force(today).exists():
        return
    words = {"day": formats.date_format(found.day), "goal": str(found.was)}
    if found.is_now is None:
        text = _(
            "On %(day)s the goal %(goal)s stood, and people have been judged by it. It ends today or later."
        )
        raise GoalIsHistory({"ends_on": text % words})
    text = _(
        "On %(day)s the goal %(goal)s stood, and people have been judged by it. "
        "A new goal begins today or later."
    )
    raise GoalIsHistory({"starts_on": text % words})
