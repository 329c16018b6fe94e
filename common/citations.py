"""What a change of the charter can cite as evidence: rooms register providers, the charter keeps copies.

A citation is frozen: its kind, words and address as they were when it was picked. The thing cited may
change or go; the citation stays as it was read.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

_KNOWN_PLACE = re.compile(r"https?://|/(?![/\\\s])")
"""Not what a browser reads as another house: `//`, `/\\`, and blanks between that it leaves out."""

PLACES_OUTSIDE = ("http://", "https://")


@dataclass(frozen=True)
class Citation:
    """`kind` in the user's words (“Figure”), `text` as it is read, `url` where it was found (may be empty).

    The words go into public pages: a provider offers nothing that the public may not see.
    """

    kind: str
    text: str
    url: str = ""

    def as_row(self) -> dict[str, str]:
        """As it is kept with the edition."""
        return asdict(self)

    @property
    def is_public(self) -> bool:
        """The address leads somewhere outside the house, which anyone may follow."""
        return self.url.startswith(PLACES_OUTSIDE)


Provider = Callable[[Any], Iterable[Citation]]

_providers: list[Provider] = []


def register_citations(provider: Provider) -> None:
    """`provider(standard)` gives what a change of the standard could cite."""
    _providers.append(provider)


def citations_for(standard: Any) -> list[Citation]:
    return [citation for provider in _providers for citation in provider(standard)]


def is_known_place(address: str) -> bool:
    """Whether the address is one of this product (it begins with `/`) or of the web."""
    return _KNOWN_PLACE.match(address) is not None


def read_citation(row: dict[str, str]) -> Citation:
    """A kept citation. An address that is neither ours nor of the web is left out."""
    url = row.get("url", "")
    return Citation(row.get("kind", ""), row.get("text", ""), url if is_known_place(url) else "")
