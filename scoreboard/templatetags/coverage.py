"""What a figure covers, where that is not the whole period."""

from typing import Any

from django import template

from scoreboard.month_results import coverage_words

register = template.Library()


@register.filter
def coverage(figure: Any) -> str:
    return coverage_words(figure)
