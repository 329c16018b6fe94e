"""Where a request came from: counted through trusted proxies, kept only as a hash that dies daily."""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """The address of the client, counting TRUSTED_PROXIES from our side.

    Every proxy of ours appends the address it saw to X-Forwarded-For; what stands further left was
    written by the client and proves nothing.
    """
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    chain.append(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    return chain[max(len(chain) - 1 - proxies, 0)] if proxies else chain[-1]


def source_hash(request: HttpRequest, *, at: datetime) -> str:
    """A name for the address that nobody can link to it, and that is another one tomorrow (UTC)."""
    key = f"{settings.SECRET_KEY} source {at.date().isoformat()}".encode()
    return hmac.new(key, client_ip(request).encode(), hashlib.sha256).hexdigest()[:32]
