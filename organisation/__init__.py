"""Users, units, roles, invitations, and the working rows everyone needs."""
