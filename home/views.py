"""The public charter, its editions, where to tell us, and My work."""

from contextlib import nullcontext
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from charter.actions.publish import edition_of
from charter.models import Charter, Edition
from common.policy import PUBLIC, policy, require
from home.mine import local_day, my_work
from home.pages import asked_language, public_page
from home.published import add_figures, open_places, read
from organisation.models import Installation, Unit

MOST_UNITS_LISTED = 30


def _unit(slug: str) -> Unit:
    return get_object_or_404(Unit.objects.active(), slug=slug)


def _root() -> Unit | None:
    installation = Installation.current()
    return installation.root if installation else None


def _addresses(unit: Unit, *, of_unit: bool) -> dict[str, str]:
    """Where the parts of a charter are read; the root's have short addresses."""
    if of_unit:
        return {
            name: reverse(f"home:unit_{name}", args=[unit.slug]) for name in ("charter", "editions", "places")
        }
    return {name: reverse(f"home:{name}") for name in ("charter", "editions", "places")}


def _today(unit: Unit) -> date:
    return local_day(unit, timezone.now())


def _charter_page(unit: Unit, edition: Edition, *, of_unit: bool) -> tuple[str, dict[str, Any]]:
    today = _today(unit)
    published = read(edition, unit)
    add_figures(published, today)
    context = {
        "charter": published,
        "places": open_places(unit, today),
        "addresses": _addresses(unit, of_unit=of_unit),
        "of_unit": of_unit,
        "others": [] if of_unit else _units_with_charters(unit, today),
    }
    return "home/charter.html", context


def _units_with_charters(root: Unit, today: date) -> list[Unit]:
    """The units below that have published a charter of their own."""
    editions = Edition.objects.in_force(today).order_by()
    own = Unit.objects.active().filter(pk__in=editions.values("charter__unit"))
    return list(own.exclude(pk=root.pk)[:MOST_UNITS_LISTED])


def _in_force(unit: Unit) -> Edition | None:
    return Edition.objects.select_related("charter").edition_on(unit, _today(unit))


@policy(PUBLIC)
@require_safe
def charter(request: HttpRequest) -> HttpResponse:
    """The charter of the whole organisation; the first steps where nothing is published yet."""

    def build() -> tuple[str, dict[str, Any]]:
        root = _root()
        edition = _in_force(root) if root else None
        if root is None or edition is None:
            return "home/first_steps.html", {}
        return _charter_page(root, edition, of_unit=False)

    return public_page(request, build)


@policy(PUBLIC)
@require_safe
def unit_charter(request: HttpRequest, slug: str) -> HttpResponse:
    """A unit's own charter."""

    def build() -> tuple[str, dict[str, Any]]:
        unit = _unit(slug)
        edition = _in_force(unit)
        if edition is None:
            raise Http404
        return _charter_page(unit, edition, of_unit=True)

    return public_page(request, build)


@policy("charter.edit")
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as its readers would see it if it were published today."""
    drafts = Charter.objects.visible_to(request.user).select_related("unit")
    draft = get_object_or_404(drafts, unit__slug=slug)
    require(request.user, "charter.edit", draft)
    language = asked_language(request)
    with translation.override(language) if language else nullcontext():
        ahead = edition_of(draft, _today(draft.unit))
        template, context = _charter_page(draft.unit, ahead, of_unit=draft.unit != _root())
        suffix = f"?language={language}" if language else ""
        return render(request, template, context | {"preview": draft, "suffix": suffix})


def _editions_page(unit: Unit | None, *, of_unit: bool) -> tuple[str, dict[str, Any]]:
    found = list(Edition.objects.filter(charter__unit=unit)) if unit else []
    if unit is None or not found:
        raise Http404
    today = _today(unit)
    standing = Edition.objects.edition_on(unit, today)
    context = {
        "unit": unit,
        "editions": found,
        "standing": standing,
        "today": today,
        "addresses": _addresses(unit, of_unit=of_unit),
        "of_unit": of_unit,
    }
    return "home/editions.html", context


@policy(PUBLIC)
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """All editions of the organisation's charter, the newest first."""
    return public_page(request, lambda: _editions_page(_root(), of_unit=False))


@policy(PUBLIC)
@require_safe
def unit_editions(request: HttpRequest, slug: str) -> HttpResponse:
    """All editions of a unit's charter, the newest first."""
    return public_page(request, lambda: _editions_page(_unit(slug), of_unit=True))


def _edition_page(unit: Unit | None, number: int, *, of_unit: bool) -> tuple[str, dict[str, Any]]:
    if unit is None:
        raise Http404
    edition = get_object_or_404(Edition, charter__unit=unit, number=number)
    standing = _in_force(unit)
    context = {
        "charter": read(edition, unit),
        "standing": standing,
        "is_standing": edition == standing,
        "is_ahead": edition.in_force_from > _today(unit),
        "addresses": _addresses(unit, of_unit=of_unit),
        "of_unit": of_unit,
    }
    return "home/edition.html", context


@policy(PUBLIC)
@require_safe
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """The words of one edition of the organisation's charter, as they were published."""
    return public_page(request, lambda: _edition_page(_root(), number, of_unit=False))


@policy(PUBLIC)
@require_safe
def unit_edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The words of one edition of a unit's charter, as they were published."""
    return public_page(request, lambda: _edition_page(_unit(slug), number, of_unit=True))


def _places_page(unit: Unit | None, *, of_unit: bool) -> tuple[str, dict[str, Any]]:
    if unit is None:
        raise Http404
    context = {
        "unit": unit,
        "places": open_places(unit, _today(unit)),
        "addresses": _addresses(unit, of_unit=of_unit),
    }
    return "home/places.html", context


@policy(PUBLIC)
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Where the customer has been: each place has its own card."""
    return public_page(request, lambda: _places_page(_root(), of_unit=False))


@policy(PUBLIC)
@require_safe
def unit_places(request: HttpRequest, slug: str) -> HttpResponse:
    """The places of one unit."""
    return public_page(request, lambda: _places_page(_unit(slug), of_unit=True))


@policy("home.my")
@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """What the person keeps, and what is due."""
    return render(request, "home/my.html", my_work(request.user, timezone.now()))  # type: ignore[arg-type]
