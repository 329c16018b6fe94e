"""What machines ask: are you alive, can you take a card?"""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.policy import PUBLIC, policy
from organisation.health import readiness


@policy(PUBLIC)
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process is alive. Looks at nothing else, not even the database."""
    return JsonResponse({"status": "alive"})


@policy(PUBLIC)
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where cards can be taken and kept, 503 where not.

    Late work is told (`status` is “late”, `late` names it) but keeps the 200: customers must not be
    sent away because a worker has stopped.
    """
    found = readiness(timezone.now())
    return JsonResponse(found.as_dict(), status=200 if found.ready else 503)
