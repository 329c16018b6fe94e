"""What people do about actions: plan, change, start, report, finish, cancel."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from common.text import clean_text
from organisation.models import Installation, User
from scoreboard.actions import ChangeRefused, archive_change, mark_change
from scoreboard.models import DatedChange
from scoreboard.settled import local_date
from strategy import progress
from strategy.actions.moved_on import MovedOn
from strategy.effect import freeze
from strategy.models import Action, ActionEvent, CheckIn, Milestone, Status

State, What = Action.State, ActionEvent.What
WHOLE = 100
MOST_YEARS = 20
YEARS = range(1990, 2200)


class ActionMovedOn(MovedOn):
    """Somebody else has changed the action meanwhile. Nothing was written."""


class ActionRefused(ValidationError):
    """It cannot be done. The messages name the field and the reason."""


def _note(action: Action, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    ActionEvent.objects.create(action=action, what=what, note=note[:500], by=by, at=at)


def _move(action: Action, before: Sequence[str], version: int | None = None, **changes: Any) -> None:
    """The guarded update behind every change of state. Raises ActionMovedOn."""
    rows = Action.objects.filter(pk=action.pk, state__in=before)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise ActionMovedOn(action.reference)
    action.refresh_from_db()


LIVE = [State.PLANNED, State.STARTED]


def refuse_circle(action: Action | None, parent: Action | None) -> None:
    """Raises ActionRefused where the action would, in the end, be a part of itself.

    Inside a transaction: writing to the one row of the installation makes the second of two people wait,
    who together could close a circle that neither sees.
    """
    if action is None or parent is None:
        return
    Installation.objects.update(tree_version=F("tree_version"))
    parents = dict(Action.objects.values_list("pk", "parent"))
    current: int | None = parent.pk
    for _step in range(len(parents) + 1):
        if current is None:
            return
        if current == action.pk:
            break
        current = parents.get(current)
    text = _("“%(other)s” is a part of this action already, so this one cannot be a part of it.")
    raise ActionRefused({"parent": text % {"other": parent}})


def _refuse(fields: dict[str, Any]) -> None:
    """What no action may say, with the field that says it."""
    wrong: dict[str, Any] = {}
    if fields["ends_on"] < fields["starts_on"]:
        wrong["ends_on"] = _("The action ends before it begins.")
    elif fields["ends_on"].year - fields["starts_on"].year > MOST_YEARS:
        wrong["ends_on"] = _("An action takes %(years)s years at most.") % {"years": MOST_YEARS}
    if fields["starts_on"].year not in YEARS:
        wrong["starts_on"] = _("This day lies too far away.")
    if fields.get("baseline", 0) == fields.get("target", WHOLE):
        wrong["target"] = _("Begin and end are the same figure: nothing could be reached.")
    if fields.get("effect") is not None and fields.get("measure") is None:
        wrong["measure"] = _("Say which measure shall get better.")
    if fields.get("check_on") and fields["check_on"] < fields["starts_on"]:
        wrong["check_on"] = _("This day lies before the start.")
    if wrong:
        raise ActionRefused(wrong)


def _refuse_archived(fields: dict[str, Any], standing: Action | None) -> None:
    measure = fields.get("measure")
    if measure is None or measure.archived_at is None:
        return
    if standing is None or standing.measure_id != measure.pk:
        raise ActionRefused({"measure": _("This measure is in the archive.")})


@transaction.atomic
def add_action(*, fields: dict[str, Any], by: User | None, at: datetime | None = None) -> Action:
    """Plan an action; `fields` are columns of Action. Raises ActionRefused."""
    at = at or timezone.now()
    _refuse(fields)
    _refuse_archived(fields, None)
    action = Action(**fields)
    action.save()
    _note(action, What.ADDED, by=by, at=at, note=action.title)
    return action


@transaction.atomic
def change_action(
    action: Action,
    *,
    fields: dict[str, Any],
    by: User | None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Action:
    """Save other fields. Once it has begun, unit and measure stay (the figure before the start is theirs),
    and so does what its progress is counted in, from and to.

    Raises ActionRefused, ActionMovedOn.
    """
    at = at or timezone.now()
    _refuse(fields)
    _refuse_archived(fields, action)
    refuse_circle(action, fields.get("parent"))
    if action.started_on is not None:
        _refuse_other_ground(action, fields)
    _move(action, [*LIVE, State.DONE], expected_version)
    for name, value in fields.items():
        setattr(action, name, value)
    _refuse_lost_milestones(action)
    action.save()
    _note(action, What.CHANGED, by=by, at=at)
    return action


def _refuse_other_ground(action: Action, fields: dict[str, Any]) -> None:
    for name in ("unit", "measure"):
        wanted = fields.get(name)
        if (wanted.pk if wanted else None) != getattr(action, f"{name}_id"):
            text = _("The action has begun, and the figure before its start is kept: this stays.")
            raise ActionRefused({name: text})
    for name in ("baseline", "target", "counted"):
        if name in fields and fields[name] != getattr(action, name):
            text = _("The action has begun: what its progress is counted in, from and to stays.")
            raise ActionRefused({name: text})


def _refuse_lost_milestones(action: Action) -> None:
    """What is still to be reached is due on a day of the action."""
    waiting = action.milestones.filter(done_on__isnull=True)
    text = _("“%(title)s” is due outside these days: change the milestones first.")
    if early := waiting.filter(due_on__lt=action.starts_on).first():
        raise ActionRefused({"starts_on": text % {"title": early.title}})
    if late := waiting.filter(due_on__gt=action.ends_on).last():
        raise ActionRefused({"ends_on": text % {"title": late.title}})


# ---------------------------------------------------------------- milestones


@transaction.atomic
def set_milestones(
    action: Action,
    *,
    rows: Sequence[dict[str, Any]],
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """The milestones of the action, all of them: `key` (of a standing one, or empty), `title`, `due_on`,
    `weight`. The weights come to 100. Raises ActionRefused, ActionMovedOn."""
    at = at or timezone.now()
    total = sum(row["weight"] for row in rows)
    if rows and total != WHOLE:
        text = _("The weights come to %(total)d, not to 100.") % {"total": total}
        raise ActionRefused(text)
    for row in rows:
        if not action.starts_on <= row["due_on"] <= action.ends_on:
            text = _("“%(title)s” is due outside the days of the action.") % {"title": row["title"]}
            raise ActionRefused(text)
    _move(action, LIVE, expected_version)
    standing = {each.key: each for each in action.milestones.all()}
    kept = {row["key"] for row in rows if row["key"] in standing}
    action.milestones.exclude(key__in=kept).delete()
    for row in rows:
        milestone = standing.pop(row["key"], None) or Milestone(action=action)
        milestone.title, milestone.due_on, milestone.weight = row["title"], row["due_on"], row["weight"]
        milestone.save()
    _note(action, What.MILESTONES, by=by, at=at, note=", ".join(row["title"] for row in rows))


@transaction.atomic
def reach_milestone(milestone: Milestone, *, is_reached: bool, by: User, at: datetime | None = None) -> bool:
    """Tick a milestone, or take that back; says whether it was news. It counts as a report."""
    at = at or timezone.now()
    action = milestone.action
    on = local_date(action.unit, at)
    rows = Milestone.objects.filter(pk=milestone.pk, done_on__isnull=is_reached)
    if not rows.update(done_on=on if is_reached else None):
        return False
    _move(action, LIVE, checked_on=on)
    what = What.REACHED if is_reached else What.NOT_REACHED
    _note(action, what, by=by, at=at, note=milestone.title)
    return True


# -------------------------------------------------------------------- states


@transaction.atomic
def start_action(
    action: Action, *, by: User | None, on: date | None = None, at: datetime | None = None
) -> None:
    """It begins: the figure before is frozen, and the measure's control chart splits here.

    `on` is a day up to today in the unit; today unless told otherwise. Raises ActionRefused, ActionMovedOn.
    """
    at = at or timezone.now()
    today = local_date(action.unit, at)
    on = on or today
    if on > today:
        raise ActionRefused(_("This day has not come yet."))
    frozen = change = None
    if action.measure is not None and action.measure.archived_at is None:
        frozen = freeze(action.measure, action.unit, on)
        change = _split(action, on, by, at)
    _move(
        action,
        [State.PLANNED],
        action.version,  # the figure kept above is that of this measure in this unit
        state=State.STARTED,
        started_on=on,
        checked_on=on,
        current=action.baseline if action.current is None else action.current,
        frozen=frozen,
        change=change,
    )
    _note(action, What.STARTED, by=by, at=at, note=on.isoformat())


def _split(action: Action, on: date, by: User | None, at: datetime) -> DatedChange | None:
    """The dated change of the start; where the day has one already, the chart splits there anyway."""
    try:
        return mark_change(unit=action.unit, on=on, words=action.title, by=by, measure=action.measure, at=at)
    except ChangeRefused as refused:
        if refused.error_dict["on"][0].code != "marked_already":
            raise ActionRefused(refused.messages) from refused
    return None


@transaction.atomic
def take_back_start(action: Action, *, by: User, at: datetime | None = None) -> None:
    """It had not begun after all: the frozen figure goes, and the chart splits there no longer."""
    at = at or timezone.now()
    change = action.change
    _move(
        action,
        [State.STARTED],
        action.version,
        state=State.PLANNED,
        started_on=None,
        checked_on=None,
        current=None,
        frozen=None,
        change=None,
    )
    if change is not None:
        archive_change(change=change, by=by, at=at)
    _note(action, What.NOT_STARTED, by=by, at=at)


@transaction.atomic
def check_in(
    action: Action, *, value: Decimal | None, note: str, by: User, at: datetime | None = None
) -> CheckIn:
    """Report how far it is; `value` in the action's own count. Raises ActionRefused, ActionMovedOn."""
    at = at or timezone.now()
    note = clean_text(note, max_length=1000)
    if value is None and not note:
        raise ActionRefused({"note": _("Say how far it is, or what has been done.")})
    on = local_date(action.unit, at)
    changes: dict[str, Any] = {"checked_on": on}
    if value is not None:
        changes["current"] = value
    _move(action, [State.STARTED], **changes)
    made = CheckIn.objects.create(action=action, on=on, value=value, note=note, by=by, at=at)
    _note(action, What.REPORTED, by=by, at=at, note=note)
    return made


@transaction.atomic
def finish_action(action: Action, *, by: User, at: datetime | None = None) -> None:
    at = at or timezone.now()
    _move(action, [State.STARTED], state=State.DONE, ended_at=at)
    _note(action, What.FINISHED, by=by, at=at)


@transaction.atomic
def cancel_action(action: Action, *, reason: str, by: User, at: datetime | None = None) -> None:
    """It is not done (any further), with a reason; it can be taken up again."""
    at = at or timezone.now()
    reason = clean_text(reason, max_length=500)
    if not reason:
        raise ActionRefused({"reason": _("Say why it is cancelled.")})
    _move(action, LIVE, state=State.CANCELLED, ended_at=at)
    _note(action, What.CANCELLED, by=by, at=at, note=reason)


@transaction.atomic
def resume_action(action: Action, *, by: User, at: datetime | None = None) -> None:
    """Done or cancelled too early: it goes on where it was."""
    at = at or timezone.now()
    state = State.PLANNED if action.started_on is None else State.STARTED
    _move(action, [State.DONE, State.CANCELLED], state=state, ended_at=None)
    _note(action, What.RESUMED, by=by, at=at)


# ------------------------------------------------------------------- by hand

BY_HAND = (progress.ON_TRACK, progress.AT_RISK, progress.BEHIND)


@transaction.atomic
def override_status(
    action: Action, *, status: str, reason: str, until: date, by: User, at: datetime | None = None
) -> None:
    """A person's judgement stands in for the arithmetic, with a reason and an end. Raises ActionRefused."""
    at = at or timezone.now()
    reason = clean_text(reason, max_length=500)
    if status not in BY_HAND:
        raise ActionRefused({"status": _("Choose one of the three.")})
    if not reason:
        raise ActionRefused({"reason": _("Say why the arithmetic is wrong here.")})
    if until < local_date(action.unit, at):
        raise ActionRefused({"until": _("This day is past: choose one that is still to come.")})
    _move(action, LIVE, override=status, override_reason=reason, override_by=by, override_until=until)
    _note(action, What.OVERRIDDEN, by=by, at=at, note=f"{Status(status).label}: {reason}")


@transaction.atomic
def drop_override(action: Action, *, by: User, at: datetime | None = None) -> None:
    at = at or timezone.now()
    _move(action, LIVE, override="", override_reason="", override_by=None, override_until=None)
    _note(action, What.BY_FIGURES, by=by, at=at)
