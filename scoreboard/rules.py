"""Permissions of the scoreboard: figures are for everybody who is signed in, whatever the level."""

from typing import Any

import rules

from organisation.access import is_signed_in, manages


@rules.predicate
def owns_the_standard(user: Any, signal: Any) -> bool:
    """Asked without a signal: any signed-in person may turn out to own a standard."""
    if not user.is_authenticated:
        return False
    return signal is None or (signal.measure is not None and signal.measure.standard.owner_id == user.pk)


rules.add_perm("scoreboard.read", is_signed_in)
rules.add_perm("scoreboard.mark_change", manages)
rules.add_perm("scoreboard.decide", manages | owns_the_standard)
rules.add_perm("scoreboard.scan", manages)
rules.add_perm("scoreboard.report", manages)
