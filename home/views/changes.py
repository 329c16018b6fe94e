"""What an edition changed, word by word, and why."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from charter.differences import differences
from charter.models import Edition
from common.policy import PUBLIC, policy
from home.doors import addresses_of, asked_unit
from home.pages import public_page, speak_one_of
from home.published import public_content, read


@policy(PUBLIC)
@require_safe
def edition_changes(
    request: HttpRequest, number: int, since: int | None = None, slug: str | None = None
) -> HttpResponse:
    """Against the edition `since`, or the one just before. 404 where there is no such earlier one."""

    def build() -> tuple[str, dict[str, Any]]:
        unit = asked_unit(slug)
        found = list(Edition.objects.filter(charter__unit=unit).select_related("charter__unit"))
        newer = next((each for each in found if each.number == number), None)
        earlier = [each for each in found if each.number < number]
        older = next((each for each in earlier if since in (None, each.number)), None)
        if newer is None or older is None:
            raise Http404
        speak_one_of(request, newer.content.get("texts", {}))
        spoken = translation.get_language() or settings.LANGUAGE_CODE
        before, after = public_content(older.content), public_content(newer.content)
        context = {
            "newer": newer,
            "older": older,
            "earlier": earlier,
            "changes": differences(before, after, spoken, newer.changes),
            "languages": read(newer, unit).languages,
            "unit": unit,
            "addresses": addresses_of(unit, of_unit=slug is not None),
            "of_unit": slug is not None,
        }
        return "home/edition_changes.html", context

    return public_page(request, build)
