"""The permissions of the strategy room: everybody reads, managers and owners act."""

from typing import Any

import rules

from organisation.access import is_signed_in, manages


@rules.predicate
def owns(user: Any, thing: Any) -> bool:
    """Asked without a thing: any signed-in person may turn out to own one."""
    return user.is_authenticated and (thing is None or thing.owner_id == user.pk)


rules.add_perm("strategy.read", is_signed_in)
rules.add_perm("strategy.manage", manages)
rules.add_perm("strategy.work", manages | owns)
