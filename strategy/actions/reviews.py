"""Reviews: planned, attended, decided, held; a decision changes what it is about at once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from charter.actions import end_goal, explain_change, set_goal
from charter.models import ChangeReason, Measure, Standard
from common.citations import Citation, read_citation
from organisation.models import Tree, User
from scoreboard.settled import local_date
from strategy.actions import plan
from strategy.actions.moved_on import MovedOn
from strategy.agenda import agenda_of
from strategy.models import Action, Decision, PlanReview, ReviewEvent

LONGEST_REASON = ChangeReason._meta.get_field("why").max_length or 0
State, What, Kind = PlanReview.State, ReviewEvent.What, Decision.Kind


class ReviewMovedOn(MovedOn):
    """The review is not in the state any more that this needs. Nothing was written."""


class ReviewRefused(ValidationError):
    """It cannot be. The messages name the field and the reason."""


def _note(review: PlanReview, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    ReviewEvent.objects.create(review=review, what=what, note=note[:300], by=by, at=at)


def _move(review: PlanReview, before: Sequence[str], version: int | None = None, **changes: Any) -> None:
    rows = PlanReview.objects.filter(pk=review.pk, state__in=before)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise ReviewMovedOn(review.reference)
    review.refresh_from_db()


@transaction.atomic
def plan_review(
    *, fields: dict[str, Any], people: Iterable[User] = (), by: User | None, at: datetime | None = None
) -> PlanReview:
    """`fields`: unit, title, held_on, owner. Whoever leads it is asked too."""
    review = PlanReview(**fields)
    review.save()
    asked = {person.pk: person for person in [review.owner, *people]}
    review.attendance.bulk_create(
        review.attendance.model(review=review, person=each) for each in asked.values()
    )
    _note(review, What.PLANNED, by=by, at=at or timezone.now(), note=review.held_on.isoformat())
    return review


@transaction.atomic
def change_review(
    review: PlanReview,
    *,
    fields: dict[str, Any],
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Another day, title or lead, until it is held. Raises ReviewMovedOn."""
    _move(review, [State.PLANNED], expected_version)
    for name, value in fields.items():
        setattr(review, name, value)
    review.save()
    _note(review, What.CHANGED, by=by, at=at or timezone.now(), note=review.held_on.isoformat())


@transaction.atomic
def set_attendance(
    review: PlanReview,
    *,
    asked: Iterable[User],
    came: Iterable[User],
    by: User,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Who is asked, and who of them came. Raises ReviewMovedOn."""
    _move(review, [State.PLANNED], expected_version)
    here = {person.pk for person in came}
    wanted = {person.pk for person in asked} | here
    review.attendance.exclude(person__in=wanted).delete()
    for pk in wanted:
        review.attendance.update_or_create(person_id=pk, defaults={"came": pk in here})
    _note(review, What.ATTENDANCE, by=by, at=at or timezone.now(), note=f"{len(here)} / {len(wanted)}")


# ------------------------------------------------------------------ decisions


@transaction.atomic
def decide(
    review: PlanReview,
    *,
    kind: str,
    text: str,
    by: User,
    about: Action | Measure | Standard | None = None,
    ends_on: date | None = None,
    target: Decimal | None = None,
    at: datetime | None = None,
) -> Decision:
    """Keep, change or stop, about an action, the goal of a measure, a standard, or nothing of the product.

    It takes effect at once: an action is moved to `ends_on` or cancelled, a goal is set to `target` from
    today on or ends today, a standard gets a reason for the next edition, with the review as its evidence.
    Raises ReviewRefused, ReviewMovedOn, and what the changed thing refuses.
    """
    at = at or timezone.now()
    _move(review, [State.PLANNED])
    changed = ""
    given: dict[str, Any] = {}
    if isinstance(about, Action):
        given, changed = {"action": about}, _change_action(review, about, kind, text, ends_on, by, at)
    elif isinstance(about, Measure):
        given, changed = {"measure": about}, _change_goal(review, about, kind, target, by, at)
    elif isinstance(about, Standard):
        given, changed = {"standard": about}, _change_standard(review, about, kind, text, by, at)
    decision = Decision.objects.create(
        review=review, kind=kind, text=text, changed=changed[:300], by=by, at=at, **given
    )
    _note(review, What.DECIDED, by=by, at=at, note=text)
    return decision


def _change_action(
    review: PlanReview, action: Action, kind: str, text: str, ends_on: date | None, by: User, at: datetime
) -> str:
    if kind == Kind.KEEP:
        return ""
    try:
        if kind == Kind.STOP:
            plan.cancel_action(action, reason=text, by=by, at=at)
            return _("The action is cancelled.")
        if ends_on is None:
            raise ReviewRefused({"ends_on": _("Say until when it goes on.")})
        names = ("starts_on", "unit", "measure", "effect", "baseline", "target", "check_on")
        fields = {name: getattr(action, name) for name in names} | {"ends_on": ends_on}
        plan.change_action(action, fields=fields, by=by, at=at)
    except plan.ActionMovedOn as error:
        raise ReviewRefused({"action": _("This action is not under way any more.")}) from error
    return _("It goes on until %(day)s.") % {"day": date_format(ends_on, "DATE_FORMAT")}


def _change_goal(
    review: PlanReview, measure: Measure, kind: str, target: Decimal | None, by: User, at: datetime
) -> str:
    """A critical success factor stays one. The goal of everybody is not stopped by one unit of them."""
    if kind == Kind.KEEP:
        return ""
    unit = None if measure.unit_id == review.unit_id else review.unit
    if kind == Kind.STOP:
        if end_goal(measure=measure, by=by, unit=unit, at=at) is None:
            words = _("%(unit)s has no goal of its own here that could be stopped.")
            raise ReviewRefused({"measure": words % {"unit": review.unit.name}})
        return _("The goal has ended: from today on there is none.")
    if target is None:
        raise ReviewRefused({"target": _("Say what the goal is from now on.")})
    start = local_date(review.unit, at)
    stood = measure.goal_for(Tree.on(start).path(review.unit_id), start)
    is_critical = stood is not None and stood.is_critical
    set_goal(
        measure=measure, target=target, starts_on=start, by=by, unit=unit, is_critical=is_critical, at=at
    )
    return _("The goal is %(target)s from today on.") % {"target": f"{target.normalize():f}"}


def _change_standard(
    review: PlanReview, standard: Standard, kind: str, text: str, by: User, at: datetime
) -> str:
    """The reason stands beside the draft of the charter until the next edition takes it along; one that
    stands there already is kept before it."""
    if kind == Kind.KEEP:
        return ""
    part = f"standard:{standard.key}"
    standing = ChangeReason.objects.filter(charter=standard.charter, part=part).first()
    why = f"{standing.why}\n{text}".strip() if standing else text
    if len(why) > LONGEST_REASON:
        room = max(LONGEST_REASON - len(standing.why) - 1, 0) if standing else LONGEST_REASON
        words = _(
            "Beside this promise stand reasons of earlier decisions already. There is room for %(room)d"
            " characters more: shorten this one, or change what stands beside the draft."
        )
        raise ReviewRefused({"text": words % {"room": room}})
    cited = [read_citation(row) for row in standing.evidence] if standing else []
    day = date_format(review.held_on, "DATE_FORMAT")
    cited.append(Citation(_("Review"), f"{review.title}, {day}", review.get_absolute_url()))
    explain_change(
        charter=standard.charter, part=part, title=str(standard), why=why, evidence=cited, by=by, at=at
    )
    return _("It stands beside the draft of the charter, for the next edition.")


# ----------------------------------------------------------------------- end


@transaction.atomic
def hold_review(
    review: PlanReview, *, minutes: str, next_on: date | None, by: User, at: datetime | None = None
) -> PlanReview | None:
    """It has been held: the agenda is frozen, and the next one planned for the same people.

    Returns the next review. Raises ReviewRefused for a next day that is not later, or a review of a day to
    come; ReviewMovedOn.
    """
    at = at or timezone.now()
    today = local_date(review.unit, at)
    if review.held_on > today:
        raise ReviewRefused(_("This review is still to come. Change its day if it has been held already."))
    if next_on is not None and next_on <= review.held_on:
        raise ReviewRefused({"next_on": _("The next review must be later than this one.")})
    agenda = agenda_of(review, today)
    following = None
    if next_on is not None:
        fields = {"unit": review.unit, "title": review.title, "held_on": next_on, "owner": review.owner}
        people = [each.person for each in review.attendance.select_related("person")]
        following = plan_review(fields=fields, people=people, by=by, at=at)
    _move(review, [State.PLANNED], state=State.HELD, agenda=agenda, minutes=minutes, next_review=following)
    _note(review, What.HELD, by=by, at=at)
    return following


@transaction.atomic
def call_off_review(review: PlanReview, *, by: User, at: datetime | None = None) -> None:
    """Raises ReviewMovedOn."""
    _move(review, [State.PLANNED], state=State.CALLED_OFF)
    _note(review, What.CALLED_OFF, by=by, at=at or timezone.now())
