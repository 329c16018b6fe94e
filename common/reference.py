"""Public references: short, unambiguous when read aloud, never a primary key."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference(length: int = 10) -> str:
    """A random code without I, L, O, U, 0 and 1; ten characters carry 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
