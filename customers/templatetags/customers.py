"""Template tags of the customers room."""

from typing import Any

from django import template

from common.figure_words import localised
from customers.room import Page, pages_for

register = template.Library()


@register.simple_tag
def customer_pages(user: Any) -> list[Page]:
    """The small menu of the room, for this reader."""
    return pages_for(user)


@register.filter
def tenths(value: Any) -> str:
    """A bare number to one decimal; a dash where there is none."""
    return "–" if value is None else localised(value, 1)
