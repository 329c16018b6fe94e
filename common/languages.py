"""Which language a page for the public speaks.

The desk of staff speaks the languages that are wholly translated (`LANGUAGES`); a page for the public
speaks any of `TEXT_LANGUAGES`, in which charters and cards are written. It is chosen by `?language=`,
kept in the links, and never by a cookie.
"""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def is_public_language(code: str) -> bool:
    return code in dict(settings.TEXT_LANGUAGES)


def asked_language(request: HttpRequest) -> str:
    """The language of `?language=`, where public pages speak it; else nothing."""
    code = request.GET.get("language", "")
    return code if is_public_language(code) else ""


def spoken_language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def speaking(*wanted: str) -> translation.override:
    """A context that speaks the first of the languages that public pages know, else the present one."""
    known = [code for code in wanted if is_public_language(code)]
    return translation.override(known[0] if known else spoken_language())


def first_of(written: Iterable[str]) -> str:
    """The installation's first language where something is written in it, else the first that is."""
    codes = set(written)
    order = (settings.LANGUAGE_CODE, *(code for code, _name in settings.TEXT_LANGUAGES))
    return next((code for code in order if code in codes), settings.LANGUAGE_CODE)


def language_suffix() -> str:
    """What keeps the page's language in a link to the next one."""
    language = spoken_language()
    return "" if language == settings.LANGUAGE_CODE else f"?language={language}"
