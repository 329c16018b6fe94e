"""What the charter room puts into My work: reviews to read, editions to sign, questions to answer."""

from datetime import datetime
from typing import Any

from charter.actions.remind import AHEAD
from charter.models import Acknowledgement, Charter, Review, Reviewer
from organisation.models import Tree, Unit, User


def due(user: User, at: datetime) -> dict[str, Any] | None:
    """Everything of the charter room that waits for this person; None where nothing does."""
    found = {
        "reviews": _reviews(user),
        "signatures": _signatures(user, at),
        "answers": list(_own(user).to_settle()),
        "questions": _questions(user),
        "signed_off": _waiting_to_be_published(user),
        "next_reviews": _next_reviews(user, at),
        "today": at.date(),
    }
    return found if any(rows for name, rows in found.items() if name != "today") else None


def _own(user: User) -> Any:
    rows = Acknowledgement.objects.filter(user=user)
    return rows.select_related("edition__charter__unit", "replied_by").order_by("asked_at")


def _reviews(user: User) -> list[Reviewer]:
    rows = Reviewer.objects.waiting().filter(user=user).select_related("review__charter__unit")
    return list(rows.order_by("review__due_on"))


def _signatures(user: User, at: datetime) -> list[Acknowledgement]:
    """Open requests of units in which, or below which, the person still works."""
    rows = list(_own(user).open())
    if not rows:
        return []
    tree = Tree.on(at.date())
    places = {role.unit_id for role in user.roles}
    return [row for row in rows if places & tree.subtree(row.edition.charter.unit_id)]


def _questions(user: User) -> list[dict[str, Any]]:
    """Editions with unanswered questions from the people that the user manages, and how many."""
    if not user.is_manager:
        return []
    rows = Acknowledgement.objects.visible_to(user).unanswered().exclude(user=user)
    counts: dict[Any, int] = {}
    for row in rows.select_related("edition__charter__unit"):
        counts[row.edition] = counts.get(row.edition, 0) + 1
    return [{"edition": edition, "count": count} for edition, count in counts.items()]


def _waiting_to_be_published(user: User) -> list[Review]:
    if not user.is_manager:
        return []
    units = Unit.objects.managed_by(user)
    rows = Review.objects.filter(state=Review.State.SIGNED_OFF, charter__unit__in=units)
    return list(rows.select_related("charter__unit"))


def _next_reviews(user: User, at: datetime) -> list[Charter]:
    """Charters of the units in which the person is a manager, whose next review is near or past."""
    if not user.is_manager:
        return []
    own = {role.unit_id for role in user.roles if role.role != role.Role.STAFF}
    near = Charter.objects.filter(unit__in=own, next_review_on__lte=at.date() + AHEAD)
    return list(near.select_related("unit").order_by("next_review_on"))
