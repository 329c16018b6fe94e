"""Whoever completed an older version is asked to take the one that asks for it (decision 77)."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.days import local_day
from organisation.jobs import Report
from organisation.models import Job
from training.actions.assign import REPORT_EVERY, open_cycle
from training.models import Assignment, Course, CourseVersion
from training.models.course import CourseVersionQuerySet

logger = logging.getLogger(__name__)


def ask_for_renewals(*, at: datetime | None = None) -> int:
    """Open the cycles that released versions ask for; returns how many. Run again it finds nothing.

    Who is under way in an older version is asked once that is completed, however long it takes.
    """
    at = at or timezone.now()
    newest = {version.course_id: version for version in _asking().order_by("number")}
    return sum(_ask(version, at) for version in newest.values())


def _asking() -> CourseVersionQuerySet:
    """Versions that ask for renewal, of courses that are taught."""
    asking = CourseVersion.objects.released().filter(asks_for_renewal=True)
    return asking.filter(course__state=Course.State.RELEASED).select_related("course")


def renew_for_version(job: Job, report: Report) -> None:
    """The job after a release that asks for renewal. Its subject is “version 12”, by primary key; a course's
    key where it was asked for before subjects named the version."""
    _word, _space, number = job.subject.partition(" ")
    course = {"course__versions": number} if number else {"course__key": job.subject}
    version = _asking().filter(**course).order_by("-number").first()
    if version is not None:
        _ask(version, timezone.now(), report)


def _ask(version: CourseVersion, at: datetime, report: Report | None = None) -> int:
    """A new cycle for everybody whose newest one was completed in an older version. One never stops the
    rest."""
    behind = Assignment.objects.newest().filter(
        course=version.course,
        state=Assignment.State.COMPLETED,
        person__is_active=True,
        version__number__lt=version.number,
    )
    rows = list(behind.select_related("person").prefetch_related("person__memberships__unit"))
    opened = 0
    for done, assignment in enumerate(rows, start=1):
        try:
            opened += _open(assignment, version, at)
        except Exception:
            logger.exception(
                "course %s: person %s not asked to renew", version.course.key, assignment.person.reference
            )
        if report and (done % REPORT_EVERY == 0 or done == len(rows)):
            report(done, len(rows))
    return opened


def _open(assignment: Assignment, version: CourseVersion, at: datetime) -> bool:
    _opened, is_new = open_cycle(
        person=assignment.person,
        course=version.course,
        after=assignment,
        due_on=local_day(assignment.person, at) + timedelta(days=version.renewal_due_days),
        by=version.released_by,
        why=version.note or _("The course has changed."),
        at=at,
    )
    return is_new
