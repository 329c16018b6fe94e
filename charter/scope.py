"""Whom a charter concerns: who keeps it, who may review it, who manages it."""

from collections.abc import Iterable
from datetime import date

from charter.models import Charter
from organisation.models import Membership, Tree, Unit, User


def roles_in(unit_ids: Iterable[int]) -> "list[Membership]":
    """The roles of people who may sign in, in the units given; the oldest role of each person first."""
    found = Membership.objects.filter(unit__in=list(unit_ids), user__is_active=True)
    return list(found.select_related("user", "unit").order_by("pk"))


def people_in_scope(charter: Charter, on: date) -> dict[int, Membership]:
    """Who works in the charter's unit or below it on a day, each once: person → first role there."""
    found: dict[int, Membership] = {}
    for role in roles_in(Tree.on(on).subtree(charter.unit_id)):
        found.setdefault(role.user_id, role)
    return found


def role_in_scope(user: User, charter: Charter, on: date) -> Membership | None:
    """The person's first role in the charter's unit or below it; None where there is none."""
    subtree = Tree.on(on).subtree(charter.unit_id)
    return next((role for role in user.roles if user.is_active and role.unit_id in subtree), None)


def possible_reviewers(charter: Charter, on: date) -> dict[int, Membership]:
    """Anyone with a role in the unit, below it or above it: person → first role there."""
    tree = Tree.on(on)
    found: dict[int, Membership] = {}
    for role in roles_in(tree.subtree(charter.unit_id) | set(tree.path(charter.unit_id))):
        found.setdefault(role.user_id, role)
    return found


def managers_of(unit: Unit, on: date) -> list[User]:
    """The managers of the unit; where it has none, those of the nearest unit above that has some."""
    path = Tree.on(on).path(unit.pk)
    roles = [role for role in roles_in(path) if role.role != Membership.Role.STAFF]
    for unit_id in reversed(path):
        here = [role.user for role in roles if role.unit_id == unit_id]
        if here:
            return here
    return []


def managers_in(tree: Tree, unit_id: int) -> dict[User, set[int]]:
    """Who manages the unit, something below it, or a unit above: person → units in it that they manage."""
    below = tree.subtree(unit_id)
    found: dict[User, set[int]] = {}
    for role in roles_in(below | set(tree.path(unit_id))):
        if role.role != Membership.Role.STAFF:
            found.setdefault(role.user, set()).update(tree.subtree(role.unit_id) & below)
    return found
