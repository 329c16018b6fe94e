"""What the public pages share: the unit, its edition in force, and where its parts are read."""

from datetime import date

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from charter.models import Edition
from home.mine import local_day
from home.pages import speak_one_of
from home.published import PublishedCharter, add_entries, add_figures, leave_out_internal, read
from organisation.models import Installation, Unit

PARTS = ("charter", "editions", "places", "said_did", "poster", "leaflet", "data", "embed")


def active_unit(slug: str) -> Unit:
    return get_object_or_404(Unit.objects.active(), slug=slug)


def root_unit() -> Unit | None:
    installation = Installation.current()
    return installation.root if installation else None


def asked_unit(slug: str | None) -> Unit:
    """The unit of the address; the whole organisation where it names none. 404 where there is none."""
    if slug is not None:
        return active_unit(slug)
    root = root_unit()
    if root is None:
        raise Http404
    return root


def addresses_of(unit: Unit, *, of_unit: bool) -> dict[str, str]:
    """Where the parts of a charter are read; the root's have short addresses."""
    if of_unit:
        return {name: reverse(f"home:unit_{name}", args=[unit.slug]) for name in PARTS}
    return {name: reverse(f"home:{name}") for name in PARTS}


def unit_today(unit: Unit) -> date:
    return local_day(unit, timezone.now())


def edition_in_force(unit: Unit) -> Edition | None:
    return Edition.objects.select_related("charter").edition_on(unit, unit_today(unit))


def charter_read(edition: Edition, unit: Unit, today: date) -> PublishedCharter:
    """An edition as the public reads it today, with figures and entries."""
    found = read(edition, unit)
    leave_out_internal(found)
    add_figures(found, today)
    add_entries(found)
    return found


def standing_charter(request: HttpRequest, unit: Unit) -> PublishedCharter:
    """The unit's charter of today, in a language that it is written in. 404 where none is in force."""
    edition = edition_in_force(unit)
    if edition is None:
        raise Http404
    speak_one_of(request, edition.content.get("texts", {}))
    return charter_read(edition, unit, unit_today(unit))
