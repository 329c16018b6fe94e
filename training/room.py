"""The pages of the training room, as the small menu of whoever looks after others lists them.

Each page of a link includes `training/_room.html` with its key as `current`.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Link:
    """One entry: its key, its words, the name of its address."""

    key: str
    label: Any
    url_name: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


LINKS = [
    Link("mine", _("Mine"), "training:mine"),
    Link("courses", _("Courses"), "training:course_list"),
]


def links_for(user: Any) -> list[Link]:
    """All of them for managers; staff have only their own training and need no menu."""
    return LINKS if user.is_authenticated and user.is_manager else []
