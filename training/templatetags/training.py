"""Template tags and filters of the training room."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.figure_words import localised, rounded
from common.markdown import prose
from training.models import TrainingEvent
from training.room import Link, links_for

register = template.Library()

MOST_DECIMALS = 6
What = TrainingEvent.What
UNTOLD = {What.SEAT_TAKEN, What.SEAT_GIVEN_UP, What.ATTENDED, What.MISSED}
ATTEMPTS = {What.ATTEMPT_STARTED, What.SUBMITTED, What.TIME_UP, What.MARKED}
EXTENSION = re.compile(r"(\d{4}-\d{2}-\d{2}) → (\d{4}-\d{2}-\d{2}): (.*)", re.DOTALL)


@register.filter
def percent(value: Decimal, pass_mark: Any = None) -> str:
    """“87.5 %”: at most one decimal, but as many as it takes not to show a pass mark as reached
    that is not."""
    exact = Decimal(value)
    decimals = 0 if exact == rounded(exact, 0) else 1
    while (
        pass_mark is not None and decimals < MOST_DECIMALS and exact < pass_mark <= rounded(exact, decimals)
    ):
        decimals += 1
    return f"{localised(exact, decimals)} %"


@register.filter
def told(event: TrainingEvent) -> str:
    """The note of an event as people read it: days as they are written here, and which attempt."""
    if event.what in UNTOLD:
        return ""
    if event.what in ATTEMPTS and event.note:
        return _("Attempt %(number)s") % {"number": event.note}
    if event.what == What.EXTENDED and (found := EXTENSION.fullmatch(event.note)):
        before, after = (date_format(date.fromisoformat(day), "DATE_FORMAT") for day in found.groups()[:2])
        return f"{before} → {after}: {found[3]}"
    return event.note


@register.filter
def lesson_text(text: str, largest: int = 1) -> SafeString:
    """Markdown of a lesson as HTML, with the pictures of its course."""
    return prose(text, largest, _pictures())


def _pictures() -> str:
    """The address below which pictures lie."""
    return reverse("training:picture", args=["x"]).removesuffix("x/")


@register.simple_tag
def room_links(user: Any) -> list[Link]:
    """The small menu of the room for this reader; empty for staff."""
    return links_for(user)
