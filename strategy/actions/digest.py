"""One letter a person about what has become late in the strategy; each thing stands in it once."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisation.actions.mail import queue_mail
from organisation.actions.ticks import claim_period
from organisation.days import organisation_day
from organisation.models import User
from strategy.models import Action, Gap, Milestone

logger = logging.getLogger(__name__)

JOB = "strategy overdue"
LIVE = [Action.State.PLANNED, Action.State.STARTED]


@dataclass(frozen=True)
class Late:
    """Something of a person's that is past its day. `scope` and the day say which letter it stands in.

    `is_check`: what is past is the day of asking whether it worked.
    """

    owner: User
    scope: str
    what: str
    due_on: date
    url: str
    is_check: bool = False

    @property
    def words(self) -> str:
        """In the language of the letter that is being written."""
        return _("Did it work? %(action)s") % {"action": self.what} if self.is_check else self.what


def write_overdue_letters(*, at: datetime | None = None) -> int:
    """Write to everybody who owns something that became late; returns how many letters.

    A day on which nothing ran is made up for. A day that moves is reminded of anew.
    """
    at = at or timezone.now()
    by_owner: dict[User, list[Late]] = defaultdict(list)
    for late in found_late(organisation_day(at)):
        by_owner[late.owner].append(late)
    return sum(_try_to_write(owner, rows, at) for owner, rows in by_owner.items() if owner.is_active)


def _try_to_write(owner: User, rows: list[Late], at: datetime) -> bool:
    """What cannot be written today is tried again the next time, and stops no other letter."""
    try:
        return _write(owner, rows, at)
    except Exception:
        logger.exception("the overdue letter of person %s could not be written", owner.pk)
        return False


def found_late(on: date) -> Iterator[Late]:
    """Actions, milestones and gaps past their day, and effects whose day of looking again has come."""
    for action in Action.objects.overdue(on).select_related("owner"):
        yield _of(action, action.reference, action.title, action.ends_on)
    steps = Milestone.objects.filter(done_on__isnull=True, due_on__lt=on, action__state__in=LIVE)
    for step in steps.select_related("action__owner"):
        yield _of(step.action, step.key, f"{step.action.title}: {step.title}", step.due_on)
    looks = Action.objects.filter(check_on__lte=on, started_on__isnull=False)
    for action in looks.exclude(state=Action.State.CANCELLED).select_related("owner"):
        assert action.check_on is not None
        yield replace(_of(action, f"{action.reference} check", action.title, action.check_on), is_check=True)
    for gap in Gap.objects.overdue(on).select_related("owner"):
        assert gap.owner is not None
        assert gap.due_on is not None
        yield Late(gap.owner, gap.reference, gap.title, gap.due_on, gap.get_absolute_url())


def _of(action: Action, scope: str, what: str, day: date) -> Late:
    return Late(action.owner, scope, what, day, action.get_absolute_url())


@transaction.atomic
def _write(owner: User, rows: list[Late], at: datetime) -> bool:
    new = [
        row
        for row in rows
        if claim_period(job=JOB, scope=row.scope, period=f"{row.due_on.isoformat()} {owner.pk}", at=at)
    ]
    if not new:
        return False
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        words = ngettext("%(count)d thing of yours is late", "%(count)d things of yours are late", len(new))
        body = render_to_string(
            "strategy/letters/overdue.txt",
            {"person": owner, "rows": sorted(new, key=lambda row: row.due_on), "base": settings.BASE_URL},
        )
        queue_mail(to=owner.email, subject=words % {"count": len(new)}, body=body, at=at)
    return True
