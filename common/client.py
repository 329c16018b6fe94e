"""Where a request came from, counted through the proxies that are ours."""

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
