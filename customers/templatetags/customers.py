"""Template tags of the customers room."""

from typing import Any

from django import template

from customers.room import Page, pages_for

register = template.Library()


@register.simple_tag
def customer_pages(user: Any) -> list[Page]:
    """The small menu of the room, for this reader."""
    return pages_for(user)
