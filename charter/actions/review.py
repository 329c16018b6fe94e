"""A review round: the draft is frozen, named people read it, and a manager signs it off."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from charter.actions.draft import hold
from charter.actions.publish import PublishingRefused, frozen, problems
from charter.letters import write_letter
from charter.models import Charter, Review, ReviewComment, Reviewer, ReviewEvent
from charter.parts import parts_of
from charter.scope import possible_reviewers
from organisation.models import User

What = ReviewEvent.What
LONGEST = timedelta(days=366)


class ReviewRefused(Exception):
    """The step is not possible; `reasons` say why, in the user's words."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class ReviewMovedOn(Exception):
    """Somebody has signed off, published or closed the round, or begun another one, meanwhile."""


def _note(review: Review, what: What, *, by: User | None, at: datetime, note: str = "") -> None:
    ReviewEvent.objects.create(review=review, what=what, by=by, at=at, note=note[:300])


def _hold(review: Review) -> None:
    """Until the transaction ends nobody else changes the round. Raises ReviewMovedOn unless it is open."""
    if not Review.objects.filter(pk=review.pk, state=Review.State.OPEN).update(version=F("version") + 1):
        raise ReviewMovedOn(review)


@transaction.atomic
def open_review(
    *,
    charter: Charter,
    reviewers: Mapping[User, str],
    due_on: date,
    by: User | None,
    note: str = "",
    replaces: Review | None = None,
    at: datetime | None = None,
) -> Review:
    """Freeze the draft for the reviewers (person → level), who get a letter each.

    `replaces` is the round that the person saw running; it ends with this one. Raises
    PublishingRefused where the draft is not fit to be published, ReviewRefused for nobody or somebody
    without a role in the unit, below or above it, or an impossible day, and ReviewMovedOn where
    another round is running than the one that was seen.
    """
    at = at or timezone.now()
    today = charter.local_day(at)
    hold(charter)
    if against := problems(charter, today):
        raise PublishingRefused(against)
    if reasons := _wrong_round(charter, reviewers, due_on, today):
        raise ReviewRefused(reasons)
    if replaces is not None:
        close_review(review=replaces, by=by, at=at)
    review = _candidate(charter, due_on, note, by=by, at=at)
    _note(review, What.OPENED, by=by, at=at)
    for person, level in reviewers.items():
        _name(review, person, level, by=by, at=at)
    return review


def _candidate(charter: Charter, due_on: date, note: str, *, by: User | None, at: datetime) -> Review:
    """The draft, frozen as the next round. Raises ReviewMovedOn where another one is running."""
    last = charter.reviews.order_by("-number").first()
    review = Review(
        charter=charter,
        number=last.number + 1 if last else 1,
        content=frozen(charter, charter.local_day(at)),
        note=note,
        due_on=due_on,
        opened_by=by,
        opened_at=at,
    )
    try:
        with transaction.atomic():
            review.save()
    except IntegrityError as error:
        raise ReviewMovedOn(charter) from error
    return review


def _wrong_round(charter: Charter, reviewers: Mapping[User, str], due_on: date, today: date) -> list[str]:
    reasons = []
    if not reviewers:
        reasons.append(_("Name at least one reviewer."))
    if not today <= due_on <= today + LONGEST:
        reasons.append(_("The day for the answers lies between today and a year from now."))
    allowed = possible_reviewers(charter, today)
    strangers = [person for person in reviewers if person.pk not in allowed]
    return reasons + [_no_role(person) for person in strangers]


def _no_role(person: User) -> str:
    return _("%(name)s has no role in this unit, below it or above it.") % {"name": person}


def _name(review: Review, person: User, level: str, *, by: User | None, at: datetime) -> Reviewer:
    reviewer = Reviewer.objects.create(review=review, user=person, level=level)
    _note(review, What.REVIEWER_NAMED, by=by, at=at, note=str(person))
    context = {"review": review, "by": by, "link": review.get_absolute_url()}
    write_letter(person, "review", context, at=at)
    return reviewer


@transaction.atomic
def name_reviewer(*, review: Review, person: User, by: User | None, at: datetime | None = None) -> Reviewer:
    """One more reviewer of an open round. Raises ReviewRefused and ReviewMovedOn."""
    at = at or timezone.now()
    _hold(review)
    role = possible_reviewers(review.charter, review.charter.local_day(at)).get(person.pk)
    if role is None:
        raise ReviewRefused([_no_role(person)])
    if review.reviewers.filter(user=person).exists():
        raise ReviewRefused([_("%(name)s is a reviewer already.") % {"name": person}])
    return _name(review, person, role.level, by=by, at=at)


@transaction.atomic
def release_reviewer(*, reviewer: Reviewer, by: User | None, at: datetime | None = None) -> None:
    """Take somebody off the round who has left, or who has not answered.

    Who asked for changes and is still here is not taken off: that would be a way around the answer.
    The last reviewer stays. Raises ReviewRefused and ReviewMovedOn.
    """
    at = at or timezone.now()
    review = reviewer.review
    _hold(review)
    fresh = Reviewer.objects.select_related("user").filter(pk=reviewer.pk).first()
    if fresh is None:
        return
    has_left = fresh.user_id not in possible_reviewers(review.charter, review.charter.local_day(at))
    if fresh.verdict and not has_left:
        raise ReviewRefused([_("%(name)s has answered, and stays.") % {"name": fresh.user}])
    if review.reviewers.count() == 1:
        raise ReviewRefused([_("Name somebody else first: a round has at least one reviewer.")])
    fresh.delete()
    _note(review, What.REVIEWER_RELEASED, by=by, at=at, note=str(fresh.user))


@transaction.atomic
def comment_on_part(
    *, review: Review, part: str, text: str, by: User, at: datetime | None = None
) -> ReviewComment:
    """Say something of one part of the candidate. Raises ReviewRefused where there is no such part."""
    at = at or timezone.now()
    _hold(review)
    if part not in {each.key for each in parts_of(review.content, settings.LANGUAGE_CODE)}:
        raise ReviewRefused([_("This part is not in the round.")])
    comment = ReviewComment.objects.create(review=review, part=part, text=text, by=by, at=at)
    _note(review, What.COMMENTED, by=by, at=at, note=part)
    return comment


@transaction.atomic
def settle_comment(
    *, comment: ReviewComment, answer: str, by: User | None, at: datetime | None = None
) -> None:
    """The author answers a comment, and with that it is settled. Raises ReviewMovedOn where it was."""
    at = at or timezone.now()
    _hold(comment.review)
    open_one = ReviewComment.objects.filter(pk=comment.pk, settled_at__isnull=True)
    if not open_one.update(answer=answer, settled_by=by, settled_at=at):
        raise ReviewMovedOn(comment)
    _note(comment.review, What.SETTLED, by=by, at=at, note=comment.part)


@transaction.atomic
def give_verdict(*, reviewer: Reviewer, verdict: str, remark: str = "", at: datetime | None = None) -> None:
    """The reviewer's own verdict, which may be changed while the round is open. Raises ReviewMovedOn,
    and ReviewRefused where the reviewer has left or a remark or a wish is without words."""
    at = at or timezone.now()
    review = reviewer.review
    _hold(review)
    if reviewer.user_id not in possible_reviewers(review.charter, review.charter.local_day(at)):
        raise ReviewRefused([_no_role(reviewer.user)])
    if verdict != Reviewer.Verdict.AGREES and not remark.strip():
        raise ReviewRefused([_("Say in a few words what you mean.")])
    rows = Reviewer.objects.filter(pk=reviewer.pk)
    if not rows.update(verdict=verdict, remark=remark, answered_at=at):
        raise ReviewMovedOn(review)
    label = Reviewer.Verdict(verdict).label
    _note(review, What.VERDICT, by=reviewer.user, at=at, note=f"{label}: {remark}" if remark else str(label))


def against_sign_off(review: Review, on: date) -> list[str]:
    """Why the round cannot be signed off yet. Empty when every named reviewer agreed."""
    here = possible_reviewers(review.charter, on)
    reasons = []
    for reviewer in review.reviewers.select_related("user"):
        name = {"name": reviewer.user}
        if reviewer.verdict == Reviewer.Verdict.CHANGES:
            reasons.append(_("%(name)s asks for changes.") % name)
        elif not reviewer.verdict and reviewer.user_id not in here:
            reasons.append(_("%(name)s has left. Take the name off, or name somebody else.") % name)
        elif not reviewer.verdict:
            reasons.append(_("%(name)s has not answered yet.") % name)
    return reasons


@transaction.atomic
def sign_off_review(*, review: Review, by: User | None, at: datetime | None = None) -> None:
    """The candidate is what will be published. Raises ReviewRefused with the reasons, ReviewMovedOn."""
    at = at or timezone.now()
    _hold(review)
    if reasons := against_sign_off(review, review.charter.local_day(at)):
        raise ReviewRefused(reasons)
    Review.objects.filter(pk=review.pk).update(
        state=Review.State.SIGNED_OFF, signed_off_by=by, signed_off_at=at
    )
    _note(review, What.SIGNED_OFF, by=by, at=at)


@transaction.atomic
def close_review(*, review: Review, by: User | None, at: datetime | None = None) -> None:
    """End a running round without an edition. Raises ReviewMovedOn where it is not running."""
    if not Review.objects.running().filter(pk=review.pk).update(state=Review.State.CLOSED):
        raise ReviewMovedOn(review)
    _note(review, What.CLOSED, by=by, at=at or timezone.now())
