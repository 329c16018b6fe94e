"""What every template knows: the installation and the main navigation."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from common.navigation import entries_for
from organisation.models import Installation


def installation(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that public pages open neither the session nor the database for it."""
    return {
        "installation": SimpleLazyObject(Installation.current),
        "navigation": SimpleLazyObject(lambda: entries_for(request.user)),
    }
