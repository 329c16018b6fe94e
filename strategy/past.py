"""The plan as it stood at the end of a day that is past, read from what had been written down by then.

State, end, figure, milestones, reports and a status by hand are those of the day. Words, days, weights and
what is part of what are as they are now: earlier ones are not kept. A status by hand that was dropped since
is not known.
"""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max

from organisation.days import end_of_day
from strategy.models import Action, ActionEvent, CheckIn, Milestone
from strategy.progress import Standing, standings

State, What = Action.State, ActionEvent.What
ENDS = {What.FINISHED: State.DONE, What.CANCELLED: State.CANCELLED, What.RESUMED: None}


def plan_then(on: date) -> tuple[dict[int, Action], dict[int, Standing]]:
    """Every action by primary key as it was (never to be saved), and where it stood. Six queries."""
    ground = _Ground(on)
    actions = list(Action.objects.order_by("pk"))
    for action in actions:
        ground.put_back(action)
    nodes = [action.node(on, ground.steps[action.pk]) for action in actions]
    return {action.pk: action for action in actions}, standings(nodes, on)


class _Ground:
    """What was known at the end of the day, by the primary key of the action."""

    def __init__(self, on: date) -> None:
        self.on, self.after = on, end_of_day(on)
        self.ends = self._ends()
        self.figures: dict[int, Decimal] = {}
        self.reported: dict[int, date] = {}
        self._read_reports()
        self.steps = self._read_steps()
        set_by_hand = ActionEvent.objects.filter(what=What.OVERRIDDEN).order_by()
        self.by_hand = dict(set_by_hand.values_list("action").annotate(last=Max("at")))

    def _ends(self) -> dict[int, tuple[str, datetime]]:
        rows = ActionEvent.objects.filter(what__in=ENDS, at__lt=self.after).order_by("at", "pk")
        return {action: (what, at) for action, what, at in rows.values_list("action", "what", "at")}

    def _read_reports(self) -> None:
        rows = CheckIn.objects.filter(on__lte=self.on).order_by("on", "pk")
        for action, on, value in rows.values_list("action", "on", "value"):
            self.reported[action] = on
            if value is not None:
                self.figures[action] = value

    def _read_steps(self) -> dict[int, list[Milestone]]:
        steps: dict[int, list[Milestone]] = defaultdict(list)
        for milestone in Milestone.objects.all():
            if milestone.done_on is not None and milestone.done_on > self.on:
                milestone.done_on = None
            elif milestone.done_on is not None:
                known = self.reported.get(milestone.action_id, milestone.done_on)
                self.reported[milestone.action_id] = max(known, milestone.done_on)
            steps[milestone.action_id].append(milestone)
        return steps

    def put_back(self, action: Action) -> None:
        has_begun = action.started_on is not None and action.started_on <= self.on
        what, at = self.ends.get(action.pk, ("", None))
        ended_as = ENDS.get(What(what)) if what else None
        action.state = ended_as or (State.STARTED if has_begun else State.PLANNED)
        action.ended_at = at if ended_as else None
        action.current = self.figures.get(action.pk, action.baseline if has_begun else None)
        action.checked_on = self.reported.get(action.pk)
        if has_begun and action.started_on is not None:
            action.checked_on = max(action.checked_on or action.started_on, action.started_on)
        if action.override and self.by_hand.get(action.pk, self.after) >= self.after:
            action.override, action.override_until = "", None
