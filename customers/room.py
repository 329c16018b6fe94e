"""The pages of the customers room, as its small menu lists them.

Rooms above add their own pages about customers (`register_page`). Each page includes
`templates/customers/_room.html` with its key as `current`.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Page:
    """One entry: where it stands, its key, its words, the name of its address (and what follows it),
    and who may open it."""

    position: int
    key: str
    label: Any
    url_name: str
    permission: str = "customers.read"
    query: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name) + self.query


_pages: dict[str, Page] = {}


def register_page(page: Page) -> None:
    _pages[page.key] = page


def pages_for(user: Any) -> list[Page]:
    shown = [page for page in _pages.values() if user.has_perm(page.permission)]
    return sorted(shown, key=lambda page: page.position)


def page_url(key: str, user: Any) -> str:
    """The address of a page, wherever it lives; empty where nobody registered it or the reader may not."""
    page = _pages.get(key)
    return page.url if page and user.has_perm(page.permission) else ""
