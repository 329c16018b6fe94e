"""What a cycle has come to: completed with its certificate, failed, waiting for marks, or under way."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max

from organisation.days import local_day
from organisation.models import User
from training import marking
from training.actions.known import tick_what_is_known
from training.actions.turns import What, record
from training.expiry import expiry
from training.models import Assignment, Certificate, CourseVersion, Lesson, Quiz

State = Assignment.State


def begin(assignment: Assignment, *, version: CourseVersion | None, at: datetime) -> CourseVersion | None:
    """Fix the version that the person takes, once. Call `hold` first.

    `version` is the one on the learner's screen; without it the one that is taught now. None where the
    course has never been released.
    """
    if assignment.version is not None:
        return assignment.version
    if version is None or not version.is_released(at):
        version = assignment.course.current_version()
    if version is None:
        return None
    assignment.version = version
    assignment.started_at = at
    assignment.state = State.IN_PROGRESS
    assignment.save(update_fields=["version", "started_at", "state"])
    tick_what_is_known(assignment, version, at)
    record(assignment.course, What.STARTED, by=assignment.person, at=at, assignment=assignment)
    return version


def settle(assignment: Assignment, *, by: User | None, at: datetime) -> Certificate | None:
    """Bring the state in line with lessons and attempts; the certificate where that completes it.

    Call `hold` first, in the transaction that changed something. What is completed, failed or waived
    stays so, whatever a later version adds. What counts is when the learner was done (`done_at`), not when
    somebody marked it.
    """
    if not assignment.is_open or assignment.version is None:
        return None
    state = state_of(assignment)
    if state == State.COMPLETED:
        return _complete(assignment, by=by, at=at)
    if state != assignment.state:
        finished = done_at(assignment, at) if state == State.FAILED else None
        _move(assignment, state, finished)
    if state == State.FAILED:
        record(assignment.course, What.FAILED, by=by, at=at, assignment=assignment)
    return None


def state_of(assignment: Assignment) -> str:
    """What lessons and attempts of a begun cycle come to."""
    version = assignment.version
    if version is None:
        return State.ASSIGNED
    lessons = Lesson.objects.filter(module__version=version)
    finished = assignment.progress.filter(finished_at__isnull=False).values("lesson")
    done = not lessons.exclude(pk__in=finished).exists()
    quiz = quiz_of(version)
    result = quiz.result(percentages(assignment)) if quiz else marking.PASSED
    if done and result == marking.PASSED:
        return State.COMPLETED
    if done and result == marking.AWAITING:
        return State.AWAITING
    if quiz and result == marking.FAILED and not _may_try_again(assignment, quiz):
        return State.FAILED
    return State.IN_PROGRESS


def quiz_of(version: CourseVersion) -> Quiz | None:
    return Quiz.objects.filter(version=version).first()


def percentages(assignment: Assignment) -> list[Decimal | None]:
    """Of the attempts handed in, in order; None for one that waits for marks."""
    handed_in = assignment.attempts.filter(submitted_at__isnull=False).order_by("number")
    return list(handed_in.values_list("percentage", flat=True))


def done_at(assignment: Assignment, at: datetime) -> datetime:
    """When the learner had done what decides a begun cycle: the last lesson, and the attempt with which the
    quiz was passed, else the last one. Never later than `at`, when somebody looks."""
    lessons = assignment.progress.aggregate(last=Max("finished_at"))["last"]
    done = [lessons, _quiz_done_at(assignment)]
    return min(at, max((moment for moment in done if moment is not None), default=at))


def _quiz_done_at(assignment: Assignment) -> datetime | None:
    quiz = quiz_of(assignment.version) if assignment.version else None
    if quiz is None:
        return None
    handed_in = assignment.attempts.filter(submitted_at__isnull=False).order_by("number")
    rows = list(handed_in.values_list("percentage", "submitted_at"))
    for count, (_percentage, submitted_at) in enumerate(rows, start=1):
        if quiz.result([percentage for percentage, _at in rows[:count]]) == marking.PASSED:
            return submitted_at
    return rows[-1][1] if rows else None


def _may_try_again(assignment: Assignment, quiz: Quiz) -> bool:
    """Another attempt is open or left, and could change the result."""
    if assignment.attempts.open().exists():
        return True
    left = not quiz.attempts or assignment.attempts.count() < quiz.attempts
    return left and quiz.counting != Quiz.Counting.FIRST


def _move(assignment: Assignment, state: str, finished_at: datetime | None) -> bool:
    standing = Assignment.objects.filter(pk=assignment.pk, state__in=Assignment.OPEN)
    won = standing.update(state=state, finished_at=finished_at)
    if won:
        assignment.state, assignment.finished_at = state, finished_at
    return bool(won)


def _complete(assignment: Assignment, *, by: User | None, at: datetime) -> Certificate | None:
    if not _move(assignment, State.COMPLETED, done_at(assignment, at)):
        return None
    certificate = issue_certificate(assignment, at=at)
    record(
        assignment.course,
        What.COMPLETED,
        by=by,
        at=at,
        assignment=assignment,
        note=certificate.reference,
    )
    return certificate


def issue_certificate(assignment: Assignment, *, at: datetime) -> Certificate:
    """The certificate of a completed cycle: the same one however often it is asked for.

    Its day is the one on which the learner was done (`finished_at`), so that nobody is late, or loses days
    of a renewal, because somebody marked late. `at` is when it is written.
    """
    course, person = assignment.course, assignment.person
    day = local_day(person, assignment.finished_at or at)
    before = Certificate.objects.kept().filter(person=person, course=course, cycle__lt=assignment.cycle)
    old = before.order_by("-cycle").first()
    words = course.text(person.language or None)
    quiz = quiz_of(assignment.version) if assignment.version else None
    certificate = Certificate(
        assignment=assignment,
        person=person,
        course=course,
        cycle=assignment.cycle,
        person_name=person.name,
        course_title=words.title,
        language=words.language,
        percentage=marking.counts(percentages(assignment), quiz.counting) if quiz else None,
        issued_on=day,
        issued_at=at,
        expires_on=expiry(
            day,
            refresh_months=course.refresh_months,
            old_expiry=old.expires_on if old else None,
            window_days=course.renewal_days,
        ),
    )
    try:
        with transaction.atomic():
            certificate.save(force_insert=True)
    except IntegrityError:
        return Certificate.objects.get(person=person, course=course, cycle=assignment.cycle)
    return certificate
