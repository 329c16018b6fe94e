"""Know our charter: who is asked, and about what. Rows say what is owed; a run too many does nothing."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charter.models import Charter
from charter.scope import people_in_scope
from organisation.models import User
from training.actions.assign import assign_course, open_cycle
from training.actions.known import tick_what_is_known
from training.actions.turns import hold
from training.models import Assignment, Course, CourseVersion, Preparation

logger = logging.getLogger(__name__)


def ask_to_know_charters(*, at: datetime | None = None) -> int:
    """Open the cycles that are owed; returns how many.

    Everybody who works in the charter's unit or below it and has never had its course gets the whole.
    Whoever completed an earlier version gets a cycle about the standards that have changed since.
    """
    at = at or timezone.now()
    asked = 0
    for course, prepared in _owed().items():
        try:
            asked += _ask_about(course, prepared, at)
        except Exception:
            logger.exception("course %s: nobody asked", course.key)
    return asked


def _owed() -> dict[Course, list[Preparation]]:
    """What was made ready of each charter's course, oldest first."""
    rows = Preparation.objects.filter(
        state=Preparation.State.READY, course__state=Course.State.RELEASED
    ).select_related("course", "edition__charter__unit", "version")
    by_course: dict[Course, list[Preparation]] = {}
    for row in rows.order_by("edition__number"):
        if row.course is not None:
            by_course.setdefault(row.course, []).append(row)
    return by_course


def _ask_about(course: Course, prepared: list[Preparation], at: datetime) -> int:
    charter, version = prepared[-1].edition.charter, course.current_version()
    if version is None:
        return 0
    newest = Assignment.objects.newest().filter(course=course).select_related("version")
    standing = {row.person_id: row for row in newest}
    asked = 0
    for role in people_in_scope(charter, charter.local_day(at)).values():
        try:
            asked += _ask(role.user, standing.get(role.user_id), course, version, prepared, charter, at)
        except Exception:
            logger.exception("course %s: person %s not asked", course.key, role.user.reference)
    return asked


def _ask(
    person: User,
    standing: Assignment | None,
    course: Course,
    version: CourseVersion,
    prepared: list[Preparation],
    charter: Charter,
    at: datetime,
) -> bool:
    due_on = charter.local_day(at) + timedelta(days=version.renewal_due_days + 1)
    with override(person.language or settings.LANGUAGE_CODE):
        if standing is None:
            why = _("So that you know what we promise.")
            return assign_course(course=course, person=person, due_on=due_on, by=None, why=why, at=at)[1]
        if standing.state == Assignment.State.ASSIGNED and standing.only_standards:
            _follow(standing, version, prepared, at)
            return False
        changed = _changed_since(standing.version, prepared)
        if standing.state != Assignment.State.COMPLETED or not changed:
            return False
        why = _("The charter has changed. You are asked only about what is new.")
    with transaction.atomic():
        opened, is_new = open_cycle(
            person=person, course=course, after=standing, due_on=due_on, by=None, why=why, at=at
        )
        if is_new:
            _narrow(opened, version, changed, at)
    return is_new


def _changed_since(version: CourseVersion | None, prepared: list[Preparation]) -> list[str]:
    """Keys of the standards that changed after a version and hold still. What went in one edition may be back
    in a later one."""
    since = [
        row for row in prepared if version and row.version is not None and row.version.number > version.number
    ]
    changed: set[str] = set()
    for row in since:
        changed = (changed | set(row.changed)) - set(row.removed)
    return sorted(changed)


@transaction.atomic
def _follow(
    assignment: Assignment, version: CourseVersion, prepared: list[Preparation], at: datetime
) -> None:
    """A cycle that nobody has begun keeps up with what was made ready since. One begun meanwhile does not."""
    before = Assignment.objects.filter(
        person=assignment.person_id, course=assignment.course_id, cycle__lt=assignment.cycle
    )
    last = before.exclude(version=None).order_by("-cycle").select_related("version").first()
    changed = _changed_since(last.version if last else None, prepared)
    elsewhere = assignment.progress.exclude(lesson__module__version=version)
    if not changed or (changed == assignment.only_standards and not elsewhere.exists()):
        return
    held = hold(assignment)
    if held.state == Assignment.State.ASSIGNED:
        _narrow(held, version, changed, at)


def _narrow(assignment: Assignment, version: CourseVersion, changed: list[str], at: datetime) -> None:
    """What has not changed counts as learned: its lessons are ticked, its questions are not asked."""
    if assignment.only_standards != changed:
        assignment.only_standards = changed
        assignment.save(update_fields=["only_standards"])
    tick_what_is_known(assignment, version, at)
