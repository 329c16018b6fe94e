"""Publish the draft as an edition that never changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.actions.draft import hold, record
from charter.differences import changed_keys
from charter.fixed import frozen_measure, measures_of
from charter.models import (
    ChangeReason,
    Charter,
    CharterEvent,
    Edition,
    Goal,
    Measure,
    Policy,
    Review,
    ReviewEvent,
    Standard,
)
from common.nudge import nudge
from organisation.models import User
from organisation.models.units import Tree

CHARTER_WORDS = (
    *("title", "purpose", "vision", "why", "reach_us", "when_missed", "we_ask"),
    "how_to_complain",
)
VALUE_WORDS = (
    *("name", "meaning"),
    *("we_do_customers", "we_dont_customers", "we_do_colleagues", "we_dont_colleagues"),
)
STANDARD_WORDS = ("promise", "why", "guidance", "examples", "feeling", "need")
POLICY_WORDS = ("name", "gives", "staff_may", "remedies", "replaces")
CITED = ("depends_on__texts", "depends_on__charter__unit")
FURTHEST = timedelta(days=366)
LONGEST_LIFE = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Problem:
    """One thing that stands against publishing; `standard` is None where it is the charter's own."""

    message: str
    standard: Standard | None = None


class PublishingRefused(Exception):
    """The draft is not fit to be published. `problems` says what is missing, standard by standard."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems

    @property
    def standards(self) -> list[Standard]:
        return [problem.standard for problem in self.problems if problem.standard is not None]


class PublishedMeanwhile(Exception):
    """The draft was published or edited by somebody else after the page was opened."""


def problems(charter: Charter, on: date) -> list[Problem]:
    """What stands against publishing an edition in force from `on`. Empty when nothing does."""
    standards = list(charter.standards.active().in_reading_order())
    if not standards:
        return [Problem(_("The charter has no standard yet."))]
    found = []
    for standard in standards:
        if not any(row.promise for row in standard.texts.all()):
            found.append(Problem(_("The promise is not written yet."), standard))
        elif not standard.provable(on):
            found.append(Problem(_("It has no active measure with a goal in force."), standard))
    return found


@transaction.atomic
def publish_edition(
    *,
    charter: Charter,
    note: str,
    by: User | None,
    in_force_from: date | None = None,
    next_review_on: date | None = None,
    work_change: str = "",
    review: Review | None = None,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Edition:
    """Freeze the draft as the next edition, or publish what a review round has signed off.

    From `in_force_from` anyone may read it. `work_change` says what changes for staff, who then read
    and sign it. `expected_version` is the version of the draft that the publisher has looked at. Raises
    PublishedMeanwhile where the draft has moved on since, or the round is no longer waiting for this,
    and PublishingRefused where the draft is not fit or is just being reviewed, where other goals hold on
    the first day than the reviewers agreed to, or where the edition would come into force before today,
    in over a year, or before the edition that stands.
    """
    at = at or timezone.now()
    on = in_force_from or charter.local_day(at)
    if not hold(charter, None if review else expected_version):
        raise PublishedMeanwhile(charter)
    last = charter.editions.order_by("-number").first()
    if refused := _refusals(charter, on, next_review_on, review=review, last=last, at=at):
        raise PublishingRefused(refused)
    edition = edition_of(charter, on)
    edition.note, edition.work_change = note, work_change
    edition.published_at, edition.published_by = at, by
    if review:
        _use(review, edition, by=by, at=at)
    edition.changes = _take_reasons(charter, last, edition)
    _write(edition)
    if next_review_on:
        Charter.objects.filter(pk=charter.pk).update(next_review_on=next_review_on)
    record(charter, CharterEvent.What.PUBLISHED, by=by, at=at, note=str(edition))
    if work_change:
        nudge("charter.tasks.ask_for_signatures")
    return edition


def to_publish(charter: Charter, on: date) -> dict[str, Any]:
    """What publishing freezes: the content that a round has signed off, else the draft."""
    review = charter.reviews.running().filter(state=Review.State.SIGNED_OFF).first()
    return review.content if review else frozen(charter, on)


def _refusals(
    charter: Charter,
    on: date,
    next_review_on: date | None,
    *,
    review: Review | None,
    last: Edition | None,
    at: datetime,
) -> list[Problem]:
    """What stands against publishing the draft, or what a round signed off, from a day."""
    days = _wrong_day(on, charter.local_day(at), last) + _wrong_review_day(next_review_on, on)
    if review:
        return days + other_goals(charter, review.content, on)
    return days + _running(charter) + problems(charter, on)


def _write(edition: Edition) -> None:
    """Raises PublishedMeanwhile where another edition has the number."""
    try:
        with transaction.atomic():
            edition.save()
    except IntegrityError as error:
        raise PublishedMeanwhile(edition.charter) from error


def _use(review: Review, edition: Edition, *, by: User | None, at: datetime) -> None:
    """A signed-off candidate becomes one edition. Raises PublishedMeanwhile where it is none any more."""
    waiting = Review.objects.filter(pk=review.pk, state=Review.State.SIGNED_OFF)
    if not waiting.update(state=Review.State.PUBLISHED):
        raise PublishedMeanwhile(review.charter)
    edition.review, edition.content = review, review.content
    ReviewEvent.objects.create(
        review=review, what=ReviewEvent.What.PUBLISHED, by=by, at=at, note=str(edition)
    )


def _running(charter: Charter) -> list[Problem]:
    """While a round runs, or its result waits to be published, nothing goes past it."""
    review = charter.reviews.running().first()
    if review is None:
        return []
    if review.is_open:
        words = _("%(round)s of the review is still open. Sign it off, or close it, before you publish.")
    else:
        words = _("%(round)s of the review is signed off. Publish that, or close the round.")
    return [Problem(words % {"round": review})]


def _take_reasons(charter: Charter, last: Edition | None, edition: Edition) -> list[dict[str, Any]]:
    """The reasons given for what changes with this edition; they leave the draft with it."""
    keys = changed_keys(last.content if last else {}, edition.content)
    reasons = list(ChangeReason.objects.filter(charter=charter, part__in=keys).order_by("pk"))
    ChangeReason.objects.filter(pk__in=[reason.pk for reason in reasons]).delete()
    return [reason.frozen() for reason in reasons]


def edition_of(charter: Charter, on: date) -> Edition:
    """The draft as its next edition, in force from a day; not saved, so that it can be looked at first."""
    last = charter.editions.order_by("-number").first()
    number = last.number + 1 if last else 1
    return Edition(charter=charter, number=number, in_force_from=on, content=frozen(charter, on))


def _wrong_day(on: date, today: date, last: Edition | None) -> list[Problem]:
    if on < today:
        return [Problem(_("An edition cannot come into force before today."))]
    if on - today > FURTHEST:
        return [Problem(_("An edition comes into force within a year; the next one has to wait for it."))]
    if last and on < last.in_force_from:
        return [Problem(_("It would come into force before the edition that was published last."))]
    return []


def _wrong_review_day(day: date | None, on: date) -> list[Problem]:
    if day is None or on < day <= on + LONGEST_LIFE:
        return []
    return [Problem(_("The next review comes after the first day of the edition, within five years."))]


def frozen(charter: Charter, on: date) -> dict[str, Any]:
    """The draft as an edition keeps it, with the goals in force on a day:

    `texts`: language → CHARTER_WORDS.
    `values`: list of `key` and `texts` (language → VALUE_WORDS), in order. Editions before the
    behaviours have `towards_customers` and `towards_colleagues` instead.
    `policies`: list, in order, of `key`, `amount` (a decimal as text, or null), `currency`,
    `standards` (keys), `texts` (language → POLICY_WORDS).
    `standards`: list, in order, of `key` (the same in every edition), `discretion`, `value` (a key or
    null), `starts_on` (ISO date or null), `channel`, `audience`, `limit_amount` and `limit_unit` (null
    and empty for none), `depends_on` (list of citations) and `refines` (a citation or null), `texts`
    (language → STANDARD_WORDS), and `measures`: list of `key`, `name`, `method`, `direction`, `source`
    and the rest of `charter.fixed.FIXED`, `goal` (a decimal as text, or null), `unit_id` and `unit` (key
    of the unit that the goal is set for, and its short name then; null where it is for all).
    A citation of another standard is its `key`, the name of its `unit`, and `texts` (language →
    promise). Readers use `.get`: older editions lack what was added later.
    """
    path = Tree.on(on).path(charter.unit_id)
    values = charter.values.active().prefetch_related("texts")
    standards = (
        charter.standards.active()
        .in_reading_order()
        .select_related("refines__charter__unit")
        .prefetch_related("measures__goals__unit", "refines__texts", *CITED)
    )
    policies = charter.policies.active().in_reading_order()
    return {
        "texts": _texts(charter.texts.all(), CHARTER_WORDS),
        "values": [{"key": each.key, "texts": _texts(each.texts.all(), VALUE_WORDS)} for each in values],
        "standards": [_standard(each, path, on) for each in standards],
        "policies": [_policy(each) for each in policies],
    }


def _texts(rows: Iterable[Any], names: tuple[str, ...]) -> dict[str, dict[str, str]]:
    return {row.language: {name: getattr(row, name) for name in names} for row in rows}


def _standard(standard: Standard, path: list[int], on: date) -> dict[str, Any]:
    value = standard.value
    measures = [
        measure
        for measure in standard.measures.all()
        if measure.archived_at is None and not measure.is_of_need
    ]
    return {
        "key": standard.key,
        "discretion": standard.discretion,
        "value": value.key if value and value.archived_at is None else None,
        "starts_on": standard.starts_on.isoformat() if standard.starts_on else None,
        "channel": standard.channel,
        "audience": standard.audience,
        "limit_amount": standard.limit_amount,
        "limit_unit": standard.limit_unit,
        "depends_on": [_cited(each) for each in standard.depends_on.all() if each.archived_at is None],
        "refines": _cited(standard.refines) if standard.refines else None,
        "texts": _texts(standard.texts.all(), STANDARD_WORDS),
        "measures": [_measure(measure, path, on) for measure in measures],
    }


def _cited(standard: Standard) -> dict[str, Any]:
    """Another standard as it is called today."""
    texts = _texts(standard.texts.all(), ("promise",))
    return {"key": standard.key, "unit": standard.charter.unit.name, "texts": texts}


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "key": policy.key,
        "amount": f"{policy.amount.normalize():f}" if policy.amount else None,
        "currency": policy.currency,
        "standards": [each.key for each in policy.standards.all() if each.archived_at is None],
        "texts": _texts(policy.texts.all(), POLICY_WORDS),
    }


def _measure(measure: Measure, path: list[int], on: date) -> dict[str, Any]:
    """With the goal for the charter's own unit; where there is none, the first one of a unit below."""
    goal: Goal | None = measure.goal_for(path, on)
    goal = goal or next((each for each in measure.goals.all() if each.in_force(on)), None)
    return frozen_measure(measure, goal)


def other_goals(charter: Charter, signed_off: dict[str, Any], on: date) -> list[Problem]:
    """The goals that hold on a day and are not those that the reviewers agreed to."""
    agreed = {measure["key"]: measure for measure in measures_of(signed_off)}
    path = Tree.on(on).path(charter.unit_id)
    measures = Measure.objects.filter(key__in=agreed).select_related("standard")
    found = []
    for measure in measures.prefetch_related("goals__unit"):
        today, then = _measure(measure, path, on), agreed[measure.key]
        if any(name in then and then[name] != today[name] for name in ("goal", "unit_id")):
            words = {"name": then["name"], "now": _goal_words(today), "then": _goal_words(then)}
            found.append(
                Problem(
                    _(
                        "%(name)s: %(now)s on the day that you chose; the reviewers agreed to %(then)s."
                        " Begin a new round, so that they see it."
                    )
                    % words,
                    measure.standard,
                )
            )
    return found


def _goal_words(measure: Mapping[str, Any]) -> str:
    return _("goal %(goal)s") % {"goal": measure["goal"]} if measure["goal"] else _("no goal")
