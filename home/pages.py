"""Public pages: no session, no cookie, the language by `?language=`, conditional by their content."""

import hashlib
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import get_conditional_response

Build = Callable[[], tuple[str, dict[str, Any]]]
"""Gives the template and its variables; raises Http404 where there is no such page."""

_MOST_KEPT = 200
_kept: dict[tuple[str, str, str], tuple[float, bytes]] = {}


def asked_language(request: HttpRequest) -> str:
    """The language of `?language=`, where the product speaks it."""
    code = request.GET.get("language", "")
    return code if code in dict(settings.TEXT_LANGUAGES) else ""


def public_page(request: HttpRequest, build: Build) -> HttpResponse:
    """The page with an ETag; 304 where the reader has it already.

    A rendered page is used again for PUBLIC_PAGE_SECONDS (a second or less), so that a rush costs
    one rendering, and nobody reads a figure older than that.
    """
    language = asked_language(request)
    with translation.override(language) if language else nullcontext():
        spoken = translation.get_language() or settings.LANGUAGE_CODE
        body = _body(request, (request.path, spoken, language), build)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Language"] = spoken
    return get_conditional_response(request, etag=etag, response=response) or response


def _body(request: HttpRequest, key: tuple[str, str, str], build: Build) -> bytes:
    seconds = getattr(settings, "PUBLIC_PAGE_SECONDS", 0)
    now = time.monotonic()
    found = _kept.get(key)
    if found and now - found[0] < seconds:
        return found[1]
    template, context = build()
    context["suffix"] = f"?language={key[2]}" if key[2] else ""
    body = render_to_string(template, context, request=request).encode()
    if seconds:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = (now, body)
    return body
