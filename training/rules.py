"""The permissions of the training room."""

from typing import Any

import rules

from organisation.access import is_signed_in, manages


@rules.predicate
def looks_after(user: Any, assignment: Any) -> bool:
    """Manages a unit in which the person of the assignment works; administrators everybody."""
    if not user.is_authenticated:
        return False
    if user.is_administrator:
        return True
    if assignment is None:
        return user.is_manager
    units = assignment.person.memberships.values_list("unit_id", flat=True)
    return bool(user.managed_unit_ids & set(units))


@rules.predicate
def is_learner(user: Any, assignment: Any) -> bool:
    """The cycle is one's own."""
    return user.is_authenticated and (assignment is None or assignment.person_id == user.pk)


@rules.predicate
def is_somebody_else(user: Any, assignment: Any) -> bool:
    """Nobody decides on the own course, marks the own answers or confirms the own practice."""
    return assignment is None or assignment.person_id != user.pk


rules.add_perm("training.learn", is_learner)
rules.add_perm("training.see_courses", is_signed_in)
rules.add_perm("training.edit_course", manages)
rules.add_perm("training.assign", manages)
rules.add_perm("training.look_after", looks_after)
rules.add_perm("training.decide", looks_after & is_somebody_else)
rules.add_perm("training.lead_session", manages)
rules.add_perm("training.see_people", manages)
rules.add_perm("training.measure", manages)
