"""Error pages in the user's words. None of them needs the database or the session."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"home/error_{status}.html"), status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's stamp does not fit the session: signed out meanwhile, or cookies are off."""
    return HttpResponse(render_to_string("home/error_form.html"), status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Nothing was taken; the browser may try again in half a minute."""
    response = _page(503)
    response.headers["Retry-After"] = "30"
    return response
