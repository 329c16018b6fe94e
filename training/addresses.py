"""Addresses of pages that a table links thousands of times, without resolving each anew."""

from functools import lru_cache

from django.urls import NoReverseMatch, reverse

_PLACE = "reference-goes-here"


@lru_cache(maxsize=64)
def _pattern(name: str) -> str:
    for args in ([_PLACE], []):
        try:
            return reverse(name, args=args)
        except NoReverseMatch:
            continue
    return ""


def address(name: str, reference: str) -> str:
    """The page of one reference or key; empty where there is no such page."""
    return _pattern(name).replace(_PLACE, reference)
