"""Who may do what in the customers room."""

import rules

from organisation.access import is_signed_in, manages

rules.add_perm("customers.read", is_signed_in)
rules.add_perm("customers.edit", manages)
