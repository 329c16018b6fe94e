"""Permissions of the scoreboard: figures are for everybody who is signed in, whatever the level."""

import rules

from organisation.access import is_signed_in, manages

rules.add_perm("scoreboard.read", is_signed_in)
rules.add_perm("scoreboard.mark_change", manages)
