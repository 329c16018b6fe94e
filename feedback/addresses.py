"""E-mail addresses as they are told apart without being kept."""

import hashlib
import hmac

from django.conf import settings


def address_hash(email: str) -> str:
    """The same for the same address, in capitals or not; without our key nobody can try addresses out."""
    key = f"{settings.SECRET_KEY} address".encode()
    return hmac.new(key, email.strip().casefold().encode(), hashlib.sha256).hexdigest()


def hint_of(email: str) -> str:
    """As much of an address as lets its owner be recognised: “a…@example.org”."""
    name, _at, host = email.strip().partition("@")
    return f"{name[:1]}…@{host}"[:80]
