"""Letters about what is due: to the learner 14 and 3 days before and on the day, to managers once a week.

Every letter is owed once: the period that it is about is claimed in the transaction that writes it. One
that cannot be written stops no other.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.actions.mail import queue_mail
from organisation.actions.ticks import claim_period
from organisation.days import local_day, organisation_day
from organisation.models import Membership, Tree, User
from training.models import Assignment, Course

logger = logging.getLogger(__name__)

DAYS_BEFORE = (0, 3, 14)
MOST_LINES = 200


def remind_learners(*, at: datetime | None = None) -> int:
    """Write one letter to everybody with something due in 14 or 3 days or today; returns how many.

    A day on which nothing ran is made up for. A due date that moves is reminded of anew.
    """
    at = at or timezone.now()
    horizon = organisation_day(at) + timedelta(days=max(DAYS_BEFORE) + 1)
    due = Assignment.objects.of_active_people().filter(
        state__in=Assignment.OWED, due_on__lte=horizon, due_on__gte=organisation_day(at) - timedelta(days=1)
    )
    by_person: dict[User, list[Assignment]] = defaultdict(list)
    rows = due.select_related("person", "course").order_by("person", "due_on", "pk")
    for assignment in rows.prefetch_related("person__memberships__unit", "course__texts"):
        by_person[assignment.person].append(assignment)
    written = 0
    for person, owed in by_person.items():
        try:
            written += _remind(person, owed, at)
        except Exception:
            logger.exception("person %s not reminded", person.reference)
    return written


@transaction.atomic
def _remind(person: User, owed: list[Assignment], at: datetime) -> bool:
    today = local_day(person, at)
    new = [assignment for assignment in owed if _claim(assignment, today, at)]
    if not new:
        return False
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = ngettext("%(count)d course is due soon", "%(count)d courses are due soon", len(new))
        body = render_to_string(
            "training/letters/reminder.txt",
            {
                "person": person,
                "courses": [_line(assignment, today) for assignment in new],
                "address": settings.BASE_URL + reverse("training:mine"),
            },
        )
        queue_mail(to=person.email, subject=subject % {"count": len(new)}, body=body, at=at)
    return True


def _claim(assignment: Assignment, today: date, at: datetime) -> bool:
    """Is this the first time that one of the reminders falls due?"""
    left = assignment.days_left(today)
    mark = next((days for days in DAYS_BEFORE if 0 <= left <= days), None)
    if mark is None:
        return False
    period = f"{assignment.due_on.isoformat()} {mark}"
    return claim_period(job="training reminder", scope=assignment.reference, period=period, at=at)


def _line(assignment: Assignment, today: date) -> dict[str, Any]:
    return {
        "course": str(assignment.course),
        "due_on": assignment.due_on,
        "days": (assignment.due_on - today).days,
    }


def write_digests(*, at: datetime | None = None) -> int:
    """Once a calendar week, to each manager, who is overdue in the own subtree; returns how many letters."""
    at = at or timezone.now()
    today = organisation_day(at)
    managers = _managers()
    overdue = _overdue(today)
    if not managers:
        return 0
    tree = Tree.on(today)
    year, week, _day = today.isocalendar()
    written = 0
    for manager, units in managers.items():
        subtree = set().union(*(tree.subtree(unit) for unit in units))
        mine = [row for row in overdue if row[1] & subtree]
        try:
            written += _digest(manager, mine, f"{year}-W{week:02}", today, at)
        except Exception:
            logger.exception("no digest for manager %s", manager.reference)
    return written


def _managers() -> dict[User, list[int]]:
    """Everybody who manages something, with the units; administrators manage the whole by their unit."""
    found: dict[User, list[int]] = defaultdict(list)
    roles = Membership.objects.exclude(role=Membership.Role.STAFF).filter(user__is_active=True)
    for role in roles.select_related("user"):
        found[role.user].append(role.unit_id)
    return found


def _overdue(today: date) -> list[tuple[Assignment, set[int]]]:
    rows = (
        Assignment.objects.of_active_people()
        .filter(course__state=Course.State.RELEASED)
        .overdue(today)
        .select_related("person", "course")
        .prefetch_related("person__memberships", "course__texts")
        .order_by("due_on", "pk")
    )
    return [(row, {place.unit_id for place in row.person.memberships.all()}) for row in rows]


@transaction.atomic
def _digest(
    manager: User, rows: Iterable[tuple[Assignment, set[int]]], week: str, today: date, at: datetime
) -> bool:
    """The week is claimed even where there is nothing to tell: it is told on one day or not at all."""
    if not claim_period(job="training digest", scope=manager.reference, period=week, at=at):
        return False
    owed = [assignment for assignment, _units in rows if assignment.person_id != manager.pk]
    if not owed:
        return False
    with translation.override(manager.language or settings.LANGUAGE_CODE):
        lines = [_line(assignment, today) | {"person": assignment.person.name} for assignment in owed]
        body = render_to_string(
            "training/letters/digest.txt",
            {
                "person": manager,
                "lines": lines[:MOST_LINES],
                "more": max(0, len(lines) - MOST_LINES),
                "address": settings.BASE_URL + reverse("training:matrix") + "?overdue=on&sort=overdue",
            },
        )
        queue_mail(to=manager.email, subject=_("Training that is overdue"), body=body, at=at)
    return True
