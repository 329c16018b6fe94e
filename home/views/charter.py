"""The public charter, its editions, what became of what customers said, and where to tell us."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from charter.actions.publish import edition_of
from charter.models import Charter, Edition
from common.languages import asked_language, speaking
from common.policy import PUBLIC, policy, require
from home.doors import (
    addresses_of,
    asked_unit,
    charter_read,
    edition_in_force,
    root_unit,
    standing_charter,
    unit_today,
)
from home.pages import public_page, speak_one_of
from home.published import PublishedCharter, leave_out_internal, open_places, read
from organisation.models import Unit


def _charter_page(found: PublishedCharter, *, of_unit: bool) -> tuple[str, dict[str, Any]]:
    today = unit_today(found.unit)
    context = {
        "charter": found,
        "places": open_places(found.unit, today),
        "addresses": addresses_of(found.unit, of_unit=of_unit),
        "of_unit": of_unit,
        "others": [] if of_unit else _units_with_charters(found.unit, today),
    }
    return "home/charter.html", context


def _units_with_charters(root: Unit, today: date) -> list[Unit]:
    """All units below that have published a charter of their own."""
    editions = Edition.objects.in_force(today).order_by()
    own = Unit.objects.active().filter(pk__in=editions.values("charter__unit"))
    return list(own.exclude(pk=root.pk))


@policy(PUBLIC)
@require_safe
def charter(request: HttpRequest) -> HttpResponse:
    """The charter of the whole organisation; the first steps where nothing is published yet."""

    def build() -> tuple[str, dict[str, Any]]:
        root = root_unit()
        if root is None or edition_in_force(root) is None:
            return "home/first_steps.html", {}
        return _charter_page(standing_charter(request, root), of_unit=False)

    return public_page(request, build)


@policy(PUBLIC)
@require_safe
def unit_charter(request: HttpRequest, slug: str) -> HttpResponse:
    """A unit's own charter."""

    def build() -> tuple[str, dict[str, Any]]:
        return _charter_page(standing_charter(request, asked_unit(slug)), of_unit=True)

    return public_page(request, build)


@policy("charter.edit")
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as its readers would see it if it were published today."""
    drafts = Charter.objects.visible_to(request.user).select_related("unit")
    draft = get_object_or_404(drafts, unit__slug=slug)
    require(request.user, "charter.edit", draft)
    language = asked_language(request)
    with speaking(language):
        today = unit_today(draft.unit)
        found = charter_read(edition_of(draft, today), draft.unit, today)
        template, context = _charter_page(found, of_unit=draft.unit != root_unit())
        suffix = f"?language={language}" if language else ""
        context |= {"preview": draft, "suffix": suffix, "is_new": not draft.editions.exists()}
        return render(request, template, context)


@policy(PUBLIC)
@require_safe
def editions(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """All editions of a charter, the newest first."""

    def build() -> tuple[str, dict[str, Any]]:
        unit = asked_unit(slug)
        found = list(Edition.objects.filter(charter__unit=unit))
        if not found:
            raise Http404
        today = unit_today(unit)
        standing = Edition.objects.edition_on(unit, today)
        written = (standing or found[0]).content.get("texts", {})
        speak_one_of(request, written)
        context = {
            "unit": unit,
            "editions": found,
            "standing": standing,
            "today": today,
            "languages": read(standing or found[0], unit).languages,
            "addresses": addresses_of(unit, of_unit=slug is not None),
            "of_unit": slug is not None,
        }
        return "home/editions.html", context

    return public_page(request, build)


@policy(PUBLIC)
@require_safe
def edition(request: HttpRequest, number: int, slug: str | None = None) -> HttpResponse:
    """The words of one edition, as they were published."""

    def build() -> tuple[str, dict[str, Any]]:
        unit = asked_unit(slug)
        editions = Edition.objects.with_end().select_related("charter", "review")
        shown = get_object_or_404(editions, charter__unit=unit, number=number)
        standing = edition_in_force(unit)
        speak_one_of(request, shown.content.get("texts", {}))
        found = read(shown, unit)
        leave_out_internal(found)
        context = {
            "charter": found,
            "standing": standing,
            "is_standing": shown == standing,
            "before": Edition.objects.filter(charter__unit=unit, number__lt=number).first(),
            "is_ahead": shown.in_force_from > unit_today(unit),
            "addresses": addresses_of(unit, of_unit=slug is not None),
            "of_unit": slug is not None,
        }
        return "home/edition.html", context

    return public_page(request, build)


@policy(PUBLIC)
@require_safe
def said_did(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """“You said, we did” of a whole charter, the newest first."""

    def build() -> tuple[str, dict[str, Any]]:
        found = standing_charter(request, asked_unit(slug))
        entries = [(promise, entry) for promise in found.promises for entry in promise.entries]
        entries.sort(key=lambda pair: (pair[1].day, pair[1].reference), reverse=True)
        context = {
            "charter": found,
            "entries": entries,
            "places": open_places(found.unit, unit_today(found.unit)),
            "addresses": addresses_of(found.unit, of_unit=slug is not None),
            "of_unit": slug is not None,
        }
        return "home/said_did.html", context

    return public_page(request, build)


@policy(PUBLIC)
@require_safe
def places(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Where the customer has been: each place has its own card."""

    def build() -> tuple[str, dict[str, Any]]:
        unit = asked_unit(slug)
        standing = edition_in_force(unit)
        languages = read(standing, unit).languages if standing else []
        speak_one_of(request, [code for code, _name in languages])
        context = {
            "unit": unit,
            "languages": languages,
            "places": open_places(unit, unit_today(unit)),
            "addresses": addresses_of(unit, of_unit=slug is not None),
        }
        return "home/places.html", context

    return public_page(request, build)
