"""The quadrant of needs as a template tag."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from common.figure_words import localised
from common.quadrant_chart import QuadrantDrawing
from customers.templatetags.customers import tenths
from scoreboard.needs import QUADRANTS

register = template.Library()
register.filter("tenths", tenths)


@register.inclusion_tag("scoreboard/_quadrant.html")
def quadrant_chart(drawing: QuadrantDrawing, words: str) -> dict[str, Any]:
    """Satisfaction across, importance up. `words` say what it shows; the table stands beside it."""
    return {
        "drawing": drawing,
        "ticks_x": [(place, localised(value, 1)) for place, value in drawing.ticks_x],
        "ticks_y": [(place, localised(value, 1)) for place, value in drawing.ticks_y],
        "corners": QUADRANTS,
        "across": _("How satisfied customers are"),
        "up": _("How important it is to them"),
        "words": words,
    }
