"""What people do about gaps: open, change, answer, merge, call a false alarm, close."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from charter.models import Edition, Measure
from common.reference import new_reference
from common.text import clean_text
from organisation.models import Unit, User
from scoreboard.settled import local_date, settled_month
from strategy.actions.moved_on import MovedOn
from strategy.finders import measure_subject
from strategy.models import Action, Gap, GapAnswer, GapEvent, GapEvidence
from training.actions.assign import assign_people
from training.assigning import Group, preview
from training.models import Course

State, What = Gap.State, GapEvent.What
CLOSED_BY_FIGURE = gettext_noop("Its figure closes it: as soon as the goal is met, or three months running.")
NOT_MERGED = gettext_noop("A figure of its own closes this gap: merge the other one into it.")


class GapMovedOn(MovedOn):
    """Somebody else has changed the gap meanwhile. Nothing was written."""


class GapRefused(ValidationError):
    """It cannot be done. The messages name the reason."""


def _note(gap: Gap, what: str, *, by: User | None, at: datetime, note: str = "") -> None:
    GapEvent.objects.create(gap=gap, what=what, note=note[:500], by=by, at=at)


def _move(gap: Gap, before: Sequence[str], version: int | None = None, **changes: Any) -> None:
    """The guarded update behind every change of state. Raises GapMovedOn."""
    rows = Gap.objects.filter(pk=gap.pk, state__in=before)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise GapMovedOn(gap.reference)
    gap.refresh_from_db()


def refuse_day(unit: Unit, due_on: date, at: datetime) -> None:
    """Raises GapRefused for a day that is past in the unit."""
    if due_on < local_date(unit, at):
        raise GapRefused({"due_on": _("This day is past: choose one that is still to come.")})


@transaction.atomic
def report_gap(
    *,
    unit: Unit,
    title: str,
    owner: User,
    due_on: date,
    by: User,
    why: str = "",
    measure: Measure | None = None,
    at: datetime | None = None,
) -> Gap:
    """Open a gap that no rule has proposed. Raises GapRefused; for one that stands already, too."""
    at = at or timezone.now()
    refuse_day(unit, due_on, at)
    gap = Gap(
        unit=unit,
        measure=measure,
        subject=measure_subject(measure) if measure else f"person:{new_reference()}",
        title=title,
        why=why,
        state=State.OPEN,
        owner=owner,
        due_on=due_on,
        judged_month=settled_month(local_date(unit, at)),
        found_at=at,
    )
    try:
        with transaction.atomic():
            gap.save()
    except IntegrityError as error:
        raise GapRefused(
            {"measure": _("This measure has a gap in this unit already. Open that one.")}
        ) from error
    GapEvidence.objects.create(
        gap=gap, kind=GapEvidence.Kind.PERSON, key=gap.reference, text=(why or title)[:1000], at=at
    )
    _note(gap, What.OPENED, by=by, at=at, note=str(owner))
    return gap


@transaction.atomic
def open_gap(
    gap: Gap, *, owner: User, due_on: date, by: User, why: str = "", at: datetime | None = None
) -> None:
    """A person makes a proposal a gap to be closed. Raises GapMovedOn, GapRefused."""
    at = at or timezone.now()
    refuse_day(gap.unit, due_on, at)
    _move(gap, [State.PROPOSED], state=State.OPEN, owner=owner, due_on=due_on, why=why)
    _note(gap, What.OPENED, by=by, at=at, note=str(owner))


@transaction.atomic
def change_gap(
    gap: Gap,
    *,
    owner: User,
    due_on: date,
    why: str,
    by: User,
    expected_version: int,
    at: datetime | None = None,
) -> None:
    """Another owner, day or cause. A day that stays may be past. Raises GapMovedOn, GapRefused."""
    at = at or timezone.now()
    if due_on != gap.due_on:
        refuse_day(gap.unit, due_on, at)
    _move(gap, [State.OPEN], expected_version, owner=owner, due_on=due_on, why=why)
    _note(gap, What.CHANGED, by=by, at=at, note=f"{owner}, {due_on.isoformat()}")


@transaction.atomic
def dismiss_gap(gap: Gap, *, reason: str, by: User, at: datetime | None = None) -> None:
    """A false alarm, with a reason; it stays one, whatever is scanned later. Raises GapMovedOn."""
    at = at or timezone.now()
    reason = clean_text(reason, max_length=500)
    if not reason:
        raise GapRefused({"reason": _("Say why it is a false alarm.")})
    _move(gap, Gap.STANDING, state=State.DISMISSED, reason=reason, settled_at=at, cleared_at=None)
    _note(gap, What.DISMISSED, by=by, at=at, note=reason)


@transaction.atomic
def take_up_gap(gap: Gap, *, by: User, at: datetime | None = None) -> None:
    """Take a dismissal back: a proposal again. Raises GapMovedOn, GapRefused."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            _move(gap, [State.DISMISSED], state=State.PROPOSED, reason="", settled_at=None, cleared_at=None)
    except IntegrityError as error:
        raise GapRefused(_("A newer gap about the same thing stands already.")) from error
    _note(gap, What.TAKEN_UP, by=by, at=at)


@transaction.atomic
def merge_gaps(gap: Gap, *, into: Gap, by: User, at: datetime | None = None) -> None:
    """Go on with one of two that are the same; evidence and answers move over, and where a proposal takes
    in an open gap, so do owner, day and cause.

    Raises GapRefused for itself, for another unit's and for a gap that its own figure closes; GapMovedOn
    where one of them stands no longer.
    """
    at = at or timezone.now()
    if gap.pk == into.pk or gap.unit_id != into.unit_id:
        raise GapRefused({"into": _("Choose another standing gap of the same unit.")})
    if gap.is_measured(local_date(gap.unit, at)):
        raise GapRefused(_(NOT_MERGED))
    for each in sorted((gap, into), key=lambda row: row.pk):
        _move(each, Gap.STANDING)
    was_open = gap.state == State.OPEN
    _move(gap, Gap.STANDING, state=State.MERGED, merged_into=into, settled_at=at)
    gap.evidence.update(gap=into)
    known = set(into.answers.values_list("action", "course", "edition"))
    for answer in gap.answers.all():
        if (answer.action_id, answer.course_id, answer.edition_id) not in known:
            GapAnswer.objects.filter(pk=answer.pk).update(gap=into)
    _note(gap, What.MERGED, by=by, at=at, note=into.reference)
    whose = f"{gap.reference}, {gap.owner}" if gap.owner else gap.reference
    _note(into, What.MERGED, by=by, at=at, note=whose)
    if was_open and into.state == State.PROPOSED:
        taken: dict[str, Any] = {"owner": gap.owner, "due_on": gap.due_on, "why": into.why or gap.why}
        _move(into, [State.PROPOSED], state=State.OPEN, **taken)
        _note(into, What.OPENED, by=by, at=at, note=str(gap.owner))


@transaction.atomic
def close_gap(gap: Gap, *, reason: str, by: User, at: datetime | None = None) -> None:
    """Close what nothing measures (any more: the promise was changed), with a reason.

    Raises GapRefused for a measured one, GapMovedOn.
    """
    at = at or timezone.now()
    if gap.is_measured(local_date(gap.unit, at)):
        raise GapRefused(_(CLOSED_BY_FIGURE))
    reason = clean_text(reason, max_length=500)
    if not reason:
        raise GapRefused({"reason": _("Say what shows that the gap is closed.")})
    _move(gap, [State.OPEN], state=State.CLOSED, reason=reason, settled_at=at)
    _note(gap, What.CLOSED, by=by, at=at, note=reason)


# ------------------------------------------------------------------- answers


def _answer(gap: Gap, by: User, at: datetime, **what: Any) -> GapAnswer:
    _move(gap, [State.OPEN])
    try:
        with transaction.atomic():
            answer = GapAnswer.objects.create(gap=gap, by=by, at=at, **what)
    except IntegrityError as error:
        raise GapRefused(_("The gap is answered by this already.")) from error
    _note(gap, What.ANSWERED, by=by, at=at, note=str(answer))
    return answer


@transaction.atomic
def answer_with_action(gap: Gap, *, action: Action, by: User, at: datetime | None = None) -> GapAnswer:
    """An action of the plan closes the gap. Raises GapMovedOn, GapRefused."""
    return _answer(gap, by, at or timezone.now(), kind=GapAnswer.Kind.ACTION, action=action)


@transaction.atomic
def answer_with_training(
    gap: Gap, *, course: Course, due_on: date, by: User, at: datetime | None = None
) -> GapAnswer:
    """Assign the course to everybody in the gap's unit and below who has not got it.

    Raises GapMovedOn, GapRefused; AssigningRefused for a course or a day that cannot be.
    """
    at = at or timezone.now()
    people = preview(course, Group(units=[gap.unit]).people(by, at), at).people
    batch = None
    if people:
        batch = assign_people(course=course, people=people, due_on=due_on, by=by, why=gap.title[:300], at=at)
    return _answer(gap, by, at, kind=GapAnswer.Kind.TRAINING, course=course, batch=batch)


def signed_editions(gap: Gap) -> Any:
    """Editions of the measure's charter that were signed off, and published since the gap was found."""
    if gap.measure is None:
        return Edition.objects.none()
    return Edition.objects.filter(
        charter=gap.measure.standard.charter_id, review__isnull=False, published_at__gte=gap.found_at
    )


@transaction.atomic
def answer_with_promise(gap: Gap, *, edition: Edition, by: User, at: datetime | None = None) -> GapAnswer:
    """The promise itself was changed, in an edition that was signed off. Raises GapMovedOn, GapRefused."""
    at = at or timezone.now()
    if not signed_editions(gap).filter(pk=edition.pk).exists():
        raise GapRefused(_("Choose an edition that was signed off since the gap was found."))
    return _answer(gap, by, at, kind=GapAnswer.Kind.PROMISE, edition=edition)
