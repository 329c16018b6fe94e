"""Permissions of the home room."""

import rules

from organisation.access import is_signed_in

rules.add_perm("home.my", is_signed_in)
