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
    Link("know", _("Know our charter"), "training:know_list"),
    Link("matrix", _("Who has learned what"), "training:matrix"),
    Link("compliance", _("Compliance"), "training:compliance"),
    Link("marking", _("Marking"), "training:marking"),
    Link("practice", _("Practice"), "training:practice"),
    Link("sessions", _("Meetings"), "training:sessions"),
    Link("rules", _("Rules"), "training:rules"),
    Link("hard_questions", _("Questions often wrong"), "training:hard_questions"),
]


def links_for(user: Any) -> list[Link]:
    """All of them for managers; staff have only their own training and need no menu."""
    return LINKS if user.is_authenticated and user.is_manager else []
