"""Error pages in the user's words and language. None of them needs the database or the session."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from common.languages import asked_language, speaking


def _page(request: HttpRequest, name: str, status: int, **more: Any) -> HttpResponse:
    with speaking(asked_language(request)):
        return HttpResponse(render_to_string(f"home/error_{name}.html", more), status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, "403", 403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's stamp does not fit the session: signed out meanwhile, or cookies are off."""
    return _page(request, "form", 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, "404", 404)


def form_only(request: HttpRequest) -> HttpResponse:
    """The address of a form that was refused, typed or loaded once more: it has no page of its own."""
    above = request.path.rstrip("/").rpartition("/")[0] + "/"
    return _page(request, "405", 405, above=above)


class AddressesOfFormsSaySo:
    """Puts a page in place of the empty answer to a GET that an address takes no GET."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or request.path.startswith("/api/"):
            return response
        page = form_only(request)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def too_large(request: HttpRequest, megabytes: int) -> HttpResponse:
    """An upload that was not read: the connection is closed, so that the rest of it is not waited for."""
    response = _page(request, "413", 413, most=megabytes)
    response.headers["Connection"] = "close"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "500", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Nothing was taken; the browser may try again in half a minute."""
    response = _page(request, "503", 503)
    response.headers["Retry-After"] = "30"
    return response
