"""The permissions of the organisation room."""

from typing import Any

import rules

from organisation.access import is_administrator, is_signed_in, manages
from organisation.models import Membership


@rules.predicate
def may_edit_person(user: Any, person: Any) -> bool:
    """Administrators everybody; managers whoever works only in the units they manage."""
    if not user.is_authenticated:
        return False
    if user.is_administrator:
        return True
    if person is None:
        return user.is_manager
    return bool(person.roles) and all(
        each.unit_id in user.managed_unit_ids and each.role != Membership.Role.ADMINISTRATOR
        for each in person.roles
    )


rules.add_perm("organisation.use", is_signed_in)
rules.add_perm("organisation.see_settings", manages)
rules.add_perm("organisation.see_units", manages)
rules.add_perm("organisation.edit_units", is_administrator)
rules.add_perm("organisation.see_people", manages)
rules.add_perm("organisation.edit_person", may_edit_person)
rules.add_perm("organisation.invite", manages)
rules.add_perm("organisation.see_jobs", is_signed_in)
rules.add_perm("organisation.administer", is_administrator)
