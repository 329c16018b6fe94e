"""How large an upload a view takes: declared on the view, held before the first byte of it is read."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

MEGABYTE = 1_000_000
ROOM = MEGABYTE
"""For the other fields of the form and what a browser writes around each."""


def takes_files(megabytes: int) -> Callable[[Any], Any]:
    """Declare how many megabytes the view takes; put it above `policy`."""

    def decorate(view: Any) -> Any:
        view.most_megabytes = megabytes
        return view

    return decorate


def most_megabytes(view: Any) -> int:
    """What the view takes; where it declares nothing, as much as any file of rows may hold."""
    least = max(50, settings.IMPORT_MAX_BYTES // MEGABYTE)
    return int(getattr(view, "most_megabytes", least))


def is_too_much(view: Any, length: int) -> bool:
    return length > most_megabytes(view) * MEGABYTE + ROOM
