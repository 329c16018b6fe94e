"""Who may do what in the charter room."""

import rules

from organisation.access import is_signed_in, manages

rules.add_perm("charter.read", is_signed_in)
rules.add_perm("charter.edit", manages)
rules.add_perm("charter.publish", manages)
rules.add_perm("results.record", manages)
rules.add_perm("charter.reply", manages)
