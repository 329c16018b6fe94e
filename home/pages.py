"""Public pages: no session, no cookie, the language by `?language=`, conditional by their content."""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import get_conditional_response

from common.languages import asked_language, first_of, language_suffix, speaking, spoken_language

Build = Callable[[], tuple[str, dict[str, Any]]]
"""Gives the template and its variables; raises Http404 where there is no such page."""

Make = Callable[[], bytes]
"""Gives the whole body; raises Http404 where there is none."""

HTML = "text/html; charset=utf-8"
_MOST_KEPT = 200


@dataclass(frozen=True)
class _Kept:
    """A body as it was made at a moment (of the process's clock), with its tag and its language."""

    since: float
    body: bytes
    etag: str
    language: str


_kept: dict[tuple[str, str], _Kept] = {}


def speak_one_of(request: HttpRequest, written: Iterable[str]) -> None:
    """Where nobody asked for a language: one in which there are words.

    A charter that is written in German only is then read with a German page around it.
    """
    codes = set(written)
    if codes and not asked_language(request):
        translation.activate(first_of(codes))


def public_page(request: HttpRequest, build: Build) -> HttpResponse:
    """The page with an ETag; 304 where the reader has it already."""

    def make() -> bytes:
        template, context = build()
        suffix = language_suffix()
        context = {"suffix": suffix, "home_url": f"/{suffix}"} | context
        return render_to_string(template, context, request=request).encode()

    return public_body(request, make)


def public_body(request: HttpRequest, make: Make, content_type: str = HTML) -> HttpResponse:
    """What `make` gives, with an ETag; 304 where the reader has it already.

    It is used again for PUBLIC_PAGE_SECONDS (a second or less), so that a rush costs one rendering, and
    nobody reads a figure older than that.
    """
    with speaking(asked_language(request)):
        kept = _body(request, make)
    response = HttpResponse(kept.body, content_type=content_type)
    response.headers["ETag"] = kept.etag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Language"] = kept.language
    return get_conditional_response(request, etag=kept.etag, response=response) or response


def _body(request: HttpRequest, make: Make) -> _Kept:
    key = (request.path, asked_language(request))
    seconds = getattr(settings, "PUBLIC_PAGE_SECONDS", 0)
    now = time.monotonic()
    found = _kept.get(key)
    if found and now - found.since < seconds:
        return found
    body = make()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    made = _Kept(now, body, etag, spoken_language())
    if seconds:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = made
    return made
