"""Navigation entries and page slots that rooms register, so that a page need not know its guests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string


@dataclass(frozen=True, order=True)
class Entry:
    """One entry of the main navigation: shown to those who hold the permission."""

    position: int
    label: Any
    url_name: str
    permission: str


@dataclass(frozen=True, order=True)
class SlotContent:
    """A partial that a room puts into a page of another room.

    `context` is called with the page's subject and returns the partial's variables, or None where
    there is nothing to show.
    """

    position: int
    template: str
    context: Callable[..., dict[str, Any] | None]


_entries: list[Entry] = []
_slots: dict[str, list[SlotContent]] = {}


def register_entry(position: int, label: Any, url_name: str, permission: str) -> None:
    _entries.append(Entry(position, label, url_name, permission))


def entries_for(user: Any) -> list[Entry]:
    shown = [entry for entry in _entries if user.has_perm(entry.permission)]
    return sorted(shown, key=lambda entry: entry.position)


def register_slot(
    slot: str, position: int, template: str, context: Callable[..., dict[str, Any] | None]
) -> None:
    _slots.setdefault(slot, []).append(SlotContent(position, template, context))


def render_slot(slot: str, subject: Any, **more: Any) -> list[str]:
    """What the guests of a page have to say of its subject, as HTML that they rendered."""
    contents = [(each.template, each.context(subject, **more)) for each in slot_contents(slot)]
    return [render_to_string(template, context) for template, context in contents if context is not None]


def slot_contents(slot: str) -> list[SlotContent]:
    return sorted(_slots.get(slot, []), key=lambda content: content.position)


def rendered_slot(slot: str, *subject: Any) -> list[str]:
    """What rooms put into a slot for the page's subject, as HTML; who has nothing to show is left out."""
    contents = [(each.template, each.context(*subject)) for each in slot_contents(slot)]
    return [render_to_string(name, context) for name, context in contents if context is not None]
