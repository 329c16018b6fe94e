"""Where a request came from, kept only as a hash that dies daily."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from common.client import client_ip


def source_hash(request: HttpRequest, *, at: datetime) -> str:
    """A name for the address that nobody can link to it, and that is another one tomorrow (UTC)."""
    key = f"{settings.SECRET_KEY} source {at.date().isoformat()}".encode()
    return hmac.new(key, client_ip(request).encode(), hashlib.sha256).hexdigest()[:32]
