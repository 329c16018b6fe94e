"""For managers: everything that goes out of a charter, with the code to copy."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from charter.models import Charter
from common.policy import policy, require
from home.doors import addresses_of, charter_read, edition_in_force, root_unit, unit_today
from home.published import PublishedCharter


@policy("charter.edit")
@require_safe
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Poster and leaflet in every language, frames with their code and a preview, and the data."""
    charters = Charter.objects.visible_to(request.user).select_related("unit")
    charter = get_object_or_404(charters, unit__slug=slug)
    require(request.user, "charter.edit", charter)
    unit = charter.unit
    edition = edition_in_force(unit)
    found = charter_read(edition, unit, unit_today(unit)) if edition else None
    promise = _chosen(request, found)
    is_root = unit == root_unit()
    addresses = addresses_of(unit, of_unit=not is_root)
    frame = reverse("home:embed_promise", args=[promise]) if promise else addresses["embed"]
    context = {
        "nav_room": "charter",
        "charter": charter,
        "found": found,
        "promise": promise,
        "is_root": is_root,
        "addresses": addresses,
        "base": settings.BASE_URL,
        "frame": frame,
        "height": 260 if promise else 900,
    }
    return render(request, "home/share.html", context)


def _chosen(request: HttpRequest, found: PublishedCharter | None) -> str:
    """The key of the promise to put on a website; nothing for the whole charter. 404 for nonsense."""
    key = request.GET.get("promise", "")
    if key and (found is None or found.promise(key) is None):
        raise Http404
    return key
