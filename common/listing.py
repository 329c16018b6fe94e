"""What every list page shares: one page of rows, and the address of the same list with one change."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE_SIZE = 50


def page_of(request: HttpRequest, rows: Any, size: int = PAGE_SIZE) -> "Page[Any]":
    """The page that `?page=` asks for; the nearest one that exists where it asks for nonsense."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
