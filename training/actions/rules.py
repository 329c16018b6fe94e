"""Rules that give out courses: made, ended, and applied again and again to whoever comes later."""

import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.actions.jobs import enqueue_job
from organisation.days import local_day, organisation_day
from organisation.jobs import Report
from organisation.models import Job, Tree, User
from training.actions.assign import REPORT_EVERY, assign_course
from training.actions.turns import What, record
from training.models import AssignmentRule

logger = logging.getLogger(__name__)

RULE_JOB = "training_rule"


class RuleRefused(ValidationError):
    """The rule cannot be changed; the message says why."""


@transaction.atomic
def make_rule(rule: AssignmentRule, *, by: User, at: datetime | None = None) -> AssignmentRule:
    """Keep a rule that a form has checked, and apply it soon; a job does that."""
    at = at or timezone.now()
    rule.created_by, rule.created_at = by, at
    rule.save()
    record(rule.course, What.RULE_MADE, by=by, at=at, note=rule.reference)
    enqueue_job(kind=RULE_JOB, subject=rule.reference, by=by, at=at)
    return rule


@transaction.atomic
def change_rule(rule: AssignmentRule, *, seen: str, by: User, at: datetime | None = None) -> AssignmentRule:
    """Keep the new terms of a rule and apply them soon. What was given by the old ones stays.

    `seen` is `rule.terms()` as they stood when the form was opened: a change that somebody else has made
    since is not overwritten. Raises RuleRefused.
    """
    at = at or timezone.now()
    AssignmentRule.objects.filter(pk=rule.pk).update(archived_at=F("archived_at"))  # takes the row's lock
    standing = AssignmentRule.objects.get(pk=rule.pk)
    if standing.archived_at is not None:
        raise RuleRefused(_("This rule has ended meanwhile. Make a new one."), code="ended")
    if standing.terms() != seen:
        raise RuleRefused(_("Somebody has changed this rule since you opened it."), code="changed")
    rule.save()
    record(rule.course, What.RULE_CHANGED, by=by, at=at, note=rule.reference)
    enqueue_job(kind=RULE_JOB, subject=rule.reference, by=by, at=at)
    return rule


@transaction.atomic
def end_rule(rule: AssignmentRule, *, by: User, at: datetime | None = None) -> bool:
    """Give out nothing more by the rule; what was given stays. False where it has ended already."""
    at = at or timezone.now()
    won = AssignmentRule.objects.filter(pk=rule.pk, archived_at__isnull=True).update(archived_at=at)
    if won:
        record(rule.course, What.RULE_ENDED, by=by, at=at, note=rule.reference)
    return bool(won)


def newcomers(rule: AssignmentRule, tree: Tree, at: datetime) -> Any:
    """Who matches now and has never had the course."""
    people = rule.people(tree, organisation_day(at))
    return people.exclude(training_assignments__course=rule.course_id).order_by("pk")


def apply_rules(*, at: datetime | None = None) -> int:
    """Apply every rule to those who match by now; returns how many got a course. One never stops the rest."""
    at = at or timezone.now()
    tree = Tree.on(organisation_day(at))
    made = 0
    for rule in AssignmentRule.objects.active().select_related("course"):
        try:
            made += _apply(rule, tree, at)
        except Exception:
            logger.exception("rule %s not applied", rule.reference)
    return made


def apply_rule(job: Job, report: Report) -> None:
    """The job after a rule was made."""
    at = timezone.now()
    rule = AssignmentRule.objects.active().select_related("course").filter(reference=job.subject).first()
    if rule is not None:
        _apply(rule, Tree.on(organisation_day(at)), at, report)


def _apply(rule: AssignmentRule, tree: Tree, at: datetime, report: Report | None = None) -> int:
    """Each person in a transaction of their own, once; one never stops the rest."""
    if rule.starts_on > organisation_day(at):
        return 0
    people = list(newcomers(rule, tree, at).prefetch_related("memberships__unit"))
    made = 0
    for done, person in enumerate(people, start=1):
        today = local_day(person, at)
        try:
            _assignment, is_new = assign_course(
                course=rule.course,
                person=person,
                due_on=rule.due_on(person, today),
                by=rule.created_by,
                why=rule.why,
                rule=rule,
                at=at,
            )
            made += is_new
        except Exception:
            logger.exception("rule %s: person %s left out", rule.reference, person.reference)
        if report and (done % REPORT_EVERY == 0 or done == len(people)):
            report(done, len(people))
    return made
