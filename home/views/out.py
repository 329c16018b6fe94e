"""What goes out of the charter: frames for other websites, data for programs, documents for the wall."""

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe

from charter.models import Standard
from common.languages import asked_language, speaking
from common.policy import PUBLIC, policy
from home import prints
from home.api import public_charter
from home.doors import addresses_of, asked_unit, root_unit, standing_charter
from home.pages import Build, public_body, public_page
from organisation.models import Unit

ANYBODY = {"frame-ancestors": ["*"]}
JSON = "application/json; charset=utf-8"
PDF = "application/pdf"
AN_HOUR = 3600


@policy(PUBLIC)
@require_safe
@xframe_options_exempt
@csp_replace(ANYBODY)  # type: ignore[arg-type]
def embed(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The whole charter in a frame of another website."""

    def build() -> tuple[str, dict[str, Any]]:
        found = standing_charter(request, asked_unit(slug))
        addresses = addresses_of(found.unit, of_unit=slug is not None)
        return "home/embed.html", {"charter": found, "promises": found.promises, "addresses": addresses}

    return _framed(request, build)


def _framed(request: HttpRequest, build: Build) -> HttpResponse:
    """The page; where it is not there, words that may stand in a frame too."""
    try:
        return public_page(request, build)
    except Http404:
        with speaking(asked_language(request)):
            return HttpResponse(render_to_string("home/embed_gone.html"), status=404)


@policy(PUBLIC)
@require_safe
@xframe_options_exempt
@csp_replace(ANYBODY)  # type: ignore[arg-type]
def embed_promise(request: HttpRequest, key: str) -> HttpResponse:
    """One promise in a frame of another website. Retired, unknown, or of a closed unit, it is not found."""

    def build() -> tuple[str, dict[str, Any]]:
        made = Standard.objects.filter(charter__unit__in=Unit.objects.active())
        standard = get_object_or_404(made.select_related("charter__unit"), key=key)
        unit = standard.charter.unit
        found = standing_charter(request, unit)
        promise = found.promise(key)
        if promise is None:
            raise Http404
        addresses = addresses_of(unit, of_unit=unit != root_unit())
        return "home/embed.html", {"charter": found, "promises": [promise], "addresses": addresses}

    return _framed(request, build)


def _script() -> bytes:
    return render_to_string("home/embed.js").encode()


@policy(PUBLIC)
@require_safe
@cache_control(public=True, max_age=AN_HOUR)
@condition(etag_func=lambda request: f'"{prints.digest(_script())}"')
def embed_script(request: HttpRequest) -> HttpResponse:
    """Puts the frame in its place on another website and fits its height."""
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8")


@policy(PUBLIC)
@require_safe
def data(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The charter with its figures for programs, on any website: what the page says, no more."""

    def make() -> bytes:
        found = standing_charter(request, asked_unit(slug))
        return public_charter(found).model_dump_json(indent=1).encode()

    answer = public_body(request, make, JSON)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@policy(PUBLIC)
@require_safe
def poster(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The promises on one A3 page, for the wall."""
    return _document(request, slug, "poster")


@policy(PUBLIC)
@require_safe
def leaflet(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The charter with its figures on one sheet of A4, folded twice."""
    return _document(request, slug, "leaflet")


def _document(request: HttpRequest, slug: str | None, kind: str) -> HttpResponse:
    def make() -> bytes:
        found = standing_charter(request, asked_unit(slug))
        return prints.document_of(found, kind, addresses_of(found.unit, of_unit=slug is not None))

    answer = public_body(request, make, PDF)
    answer.headers["Content-Disposition"] = f'inline; filename="{kind}.pdf"'
    return answer
