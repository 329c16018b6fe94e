"""The pages of the strategy room, as its small menu lists them.

Each page of a link includes `strategy/_room.html` with its key as `current`.
"""

from django.utils.translation import gettext_lazy as _

LINKS = [
    ("initiatives", _("Initiatives"), "strategy:initiatives"),
    ("quotient", _("Service Quotient"), "strategy:rounds"),
    ("plan", _("Plan"), "strategy:plan"),
    ("gaps", _("Gaps"), "strategy:gaps"),
    ("reviews", _("Reviews"), "strategy:reviews"),
    ("messages", _("Announcements"), "strategy:announcements"),
]
