"""Who takes which course by when: assigned once, extended, waived, renewed."""

import logging
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.actions.jobs import enqueue_job
from organisation.days import local_day, organisation_day
from organisation.jobs import Report
from organisation.models import Job, User
from training.actions.complete import settle
from training.actions.turns import NotOpen, What, hold, hold_as_seen, record
from training.models import Assignment, AssignmentBatch, AssignmentRule, Certificate, Course

logger = logging.getLogger(__name__)

ASSIGN_JOB = "training_assign"
State = Assignment.State
REPORT_EVERY = 20
TO_RENEW_AT_LEAST_DAYS = 30


class AssigningRefused(ValidationError):
    """The course cannot be given to the person; the message says why."""


class TooEarly(Exception):
    """The window of the renewal has not opened yet."""


@transaction.atomic
def assign_course(
    *,
    course: Course,
    person: User,
    due_on: date,
    by: User | None,
    why: str = "",
    rule: AssignmentRule | None = None,
    at: datetime | None = None,
) -> tuple[Assignment, bool]:
    """Give the course to the person, and say whether that was new.

    Whoever has it already, or holds a certificate that counts, keeps what stands. After a failure or
    an expiry the next cycle begins. Asked for twice at once there is one row. Raises AssigningRefused.
    """
    at = at or timezone.now()
    today = local_day(person, at)
    _refuse_what_cannot_be(course, person, due_on, today)
    standing = latest_of(person, course)
    if standing is not None and not is_behind(standing, today):
        return standing, False
    return open_cycle(
        person=person, course=course, after=standing, due_on=due_on, by=by, why=why, rule=rule, at=at
    )


def latest_of(person: User, course: Course) -> Assignment | None:
    """The person's newest cycle in the course."""
    return Assignment.objects.filter(person=person, course=course).order_by("-cycle").first()


def _refuse_what_cannot_be(course: Course, person: User, due_on: date, today: date) -> None:
    if course.state != Course.State.RELEASED:
        raise AssigningRefused(_("This course is not released, so it cannot be assigned."))
    if not person.is_active:
        raise AssigningRefused(_("%(name)s may not sign in any more."), params={"name": person.name})
    if due_on < today:
        raise AssigningRefused(_("The course cannot be due before today."))


def is_behind(standing: Assignment, today: date) -> bool:
    """The cycle is over and proves nothing (any more): select `certificate` for many."""
    if standing.state == State.COMPLETED:
        return standing.proof is not None and standing.proof.is_expired(today)
    return standing.state == State.FAILED


@transaction.atomic
def open_cycle(
    *,
    person: User,
    course: Course,
    after: Assignment | None,
    due_on: date,
    by: User | None,
    why: str = "",
    rule: AssignmentRule | None = None,
    at: datetime,
) -> tuple[Assignment, bool]:
    """The cycle after another one; the one that somebody else has just opened where that is so."""
    assignment = Assignment(
        person=person,
        course=course,
        cycle=after.cycle + 1 if after else 1,
        due_on=due_on,
        first_due_on=due_on,
        assigned_at=at,
        assigned_by=by,
        why=why,
        rule=rule,
    )
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError:
        standing = latest_of(person, course)
        if standing is None:
            raise
        return standing, False
    record(course, What.ASSIGNED, by=by, at=at, assignment=assignment, note=why)
    return assignment, True


# ------------------------------------------------------------- many at once


@transaction.atomic
def assign_people(
    *,
    course: Course,
    people: "list[User]",
    due_on: date,
    by: User,
    why: str = "",
    at: datetime | None = None,
) -> AssignmentBatch:
    """Give the course to many people; a job does it. Raises AssigningRefused."""
    at = at or timezone.now()
    if course.state != Course.State.RELEASED:
        raise AssigningRefused(_("This course is not released, so it cannot be assigned."))
    if due_on < organisation_day(at):
        raise AssigningRefused(_("The course cannot be due before today."))
    batch = AssignmentBatch.objects.create(
        course=course, due_on=due_on, why=why, created_by=by, created_at=at
    )
    batch.people.set(people)
    enqueue_job(kind=ASSIGN_JOB, subject=batch.reference, by=by, at=at)
    return batch


def work_off_batch(job: Job, report: Report) -> None:
    """The job behind `assign_people`; may be broken off and begun again. One person never stops the rest."""
    batch = AssignmentBatch.objects.select_related("course", "created_by").get(reference=job.subject)
    give_batch(batch, report)


def give_batch(batch: AssignmentBatch, report: Report | None = None) -> None:
    """Give the course to everybody of the batch who has not got it yet; the same however often.

    A few people need not wait for the job of the batch: whoever asked calls this, and the job finds it done.
    """
    people = list(batch.people.prefetch_related("memberships__unit").order_by("pk"))
    for done, person in enumerate(people, start=1):
        try:
            _give_of_batch(batch, person)
        except AssigningRefused as refused:
            logger.info("batch %s: person %s left out: %s", batch.reference, person.reference, refused)
        except Exception:
            logger.exception("batch %s: person %s left out", batch.reference, person.reference)
        if report and (done % REPORT_EVERY == 0 or done == len(people)):
            report(done, len(people))


@transaction.atomic
def _give_of_batch(batch: AssignmentBatch, person: User) -> None:
    """Give and count in one step, so that work that was broken off counts each assignment once."""
    _assignment, is_new = assign_course(
        course=batch.course,
        person=person,
        due_on=max(batch.due_on, local_day(person, timezone.now())),
        by=batch.created_by,
        why=batch.why,
    )
    if is_new:
        AssignmentBatch.objects.filter(pk=batch.pk).update(made=F("made") + 1)


# ------------------------------------------------------- changes of a cycle


@transaction.atomic
def extend_due(
    assignment: Assignment,
    *,
    due_on: date,
    reason: str,
    by: User,
    seen: str = "",
    at: datetime | None = None,
) -> None:
    """Give more time, with a reason.

    Raises NotOpen, ValidationError for an earlier day or one that is past, ChangedMeanwhile.
    """
    at = at or timezone.now()
    held = hold_as_seen(assignment, seen)
    if not held.is_open:
        raise NotOpen(held.reference)
    if due_on <= held.due_on:
        raise ValidationError(_("An extension gives more time: choose a later day."))
    if due_on < local_day(held.person, at):
        raise ValidationError(_("This day is past: choose one that is still to come."))
    if not reason.strip():
        raise ValidationError(_("Say why more time is given."))
    before = held.due_on
    held.due_on, held.extension_reason = due_on, reason
    held.save(update_fields=["due_on", "extension_reason"])
    note = f"{before.isoformat()} → {due_on.isoformat()}: {reason}"
    record(held.course, What.EXTENDED, by=by, at=at, assignment=held, note=note)


@transaction.atomic
def waive(
    assignment: Assignment,
    *,
    reason: str,
    by: User,
    until: date | None = None,
    seen: str = "",
    at: datetime | None = None,
) -> None:
    """The person need not take the course, until a last day or for good.

    Raises NotOpen, ChangedMeanwhile; ValidationError also for a cycle that a newer one has taken the
    place of: only the newest is owed.
    """
    at = at or timezone.now()
    held = hold_as_seen(assignment, seen)
    if not held.is_open and held.state != State.FAILED:
        raise NotOpen(held.reference)
    if _is_replaced(held):
        raise ValidationError(_("A newer cycle of this course has begun. Waive that one."))
    if not reason.strip():
        raise ValidationError(_("Say why the course is waived."))
    if until is not None and until < local_day(held.person, at):
        raise ValidationError(_("A waiver cannot end before today."))
    held.state, held.waived_by, held.waiver_reason, held.waived_until = State.WAIVED, by, reason, until
    held.save(update_fields=["state", "waived_by", "waiver_reason", "waived_until"])
    record(held.course, What.WAIVED, by=by, at=at, assignment=held, note=reason)


def _is_replaced(held: Assignment) -> bool:
    """A newer cycle has taken its place, or another one is open."""
    others = Assignment.objects.filter(person=held.person_id, course=held.course_id).exclude(pk=held.pk)
    return others.filter(Q(cycle__gt=held.cycle) | Q(state__in=Assignment.OPEN)).exists()


@transaction.atomic
def end_waiver(assignment: Assignment, *, by: User | None, at: datetime | None = None) -> bool:
    """The course is owed again, with at least thirty days to take it. False where it is not waived.

    What was failed before it was waived has failed again: another try is a new cycle. The waiver of an
    older cycle is history: it has nothing to end (False).
    """
    at = at or timezone.now()
    held = hold(assignment)
    if held.state != State.WAIVED or _is_replaced(held):
        return False
    held.state = State.IN_PROGRESS if held.version_id else State.ASSIGNED
    held.due_on = max(held.due_on, local_day(held.person, at) + timedelta(days=TO_RENEW_AT_LEAST_DAYS))
    held.finished_at = None
    held.save(update_fields=["state", "due_on", "finished_at"])
    record(held.course, What.WAIVER_ENDED, by=by, at=at, assignment=held)
    settle(held, by=by, at=at)
    return True


def end_waivers(*, at: datetime | None = None) -> int:
    """Those whose last day is past; returns how many there were. One never stops the rest."""
    at = at or timezone.now()
    over = Assignment.objects.newest().filter(state=State.WAIVED, waived_until__lt=organisation_day(at))
    ended = 0
    for assignment in list(over):
        try:
            ended += end_waiver(assignment, by=None, at=at)
        except Exception:
            logger.exception("waiver of assignment %s not ended", assignment.reference)
    return ended


# ----------------------------------------------------------------- renewals


@transaction.atomic
def renew(assignment: Assignment, *, by: User | None, at: datetime | None = None) -> Assignment:
    """Open the cycle after a completed one, from the opening of its window on; the same one if it is open.

    Due on the last day of the certificate, or in thirty days where that is past. Raises TooEarly,
    NotOpen where the cycle is not completed, AssigningRefused.
    """
    at = at or timezone.now()
    today = local_day(assignment.person, at)
    kept = Certificate.objects.kept().select_related("course")
    certificate = kept.filter(assignment=assignment).first()
    if certificate is None or certificate.expires_on is None:
        raise NotOpen(assignment.reference)
    latest = latest_of(assignment.person, assignment.course)
    if latest is not None and latest.pk != assignment.pk:
        return latest
    opens = certificate.renewal_opens()
    if opens is not None and today < opens:
        raise TooEarly(opens)
    due_on = certificate.expires_on
    if due_on < today:
        due_on = today + timedelta(days=TO_RENEW_AT_LEAST_DAYS)
    _refuse_what_cannot_be(assignment.course, assignment.person, due_on, today)
    opened, _is_new = open_cycle(
        person=assignment.person,
        course=assignment.course,
        after=assignment,
        due_on=due_on,
        by=by,
        why=_("The certificate expires on %(day)s.") % {"day": certificate.expires_on.isoformat()},
        at=at,
    )
    return opened


def open_refreshers(*, at: datetime | None = None) -> int:
    """The next cycles of certificates whose window has opened; returns how many. One never stops the rest."""
    at = at or timezone.now()
    today = organisation_day(at)
    opened = 0
    for course in Course.objects.released().filter(refresh_months__gt=0):
        due = Assignment.objects.newest().filter(
            course=course,
            state=State.COMPLETED,
            person__is_active=True,
            certificate__expires_on__lte=today + timedelta(days=course.renewal_days),
        )
        for assignment in due.select_related("person", "course").prefetch_related(
            "person__memberships__unit"
        ):
            try:
                renew(assignment, by=None, at=at)
                opened += 1
            except TooEarly:
                continue  # where the person works it is still the day before
            except Exception:
                logger.exception("no refresher for assignment %s", assignment.reference)
    return opened
