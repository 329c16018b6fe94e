"""What an edition keeps as a code, in the customer's words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

HOUR = 60

PLACES = {
    "counter": _("At the counter"),
    "telephone": _("By telephone"),
    "post": _("By post and e-mail"),
    "online": _("Online"),
    "on_site": _("At your place"),
}


def place_words(channel: str) -> str:
    """Where a promise holds; nothing where it holds everywhere."""
    return str(PLACES.get(channel, ""))


def time_limit(amount: int | None, unit: str) -> str:
    """“Within two working days”, with the number as a figure; nothing where there is no limit.

    Business minutes are said in hours of opening time where they make whole ones.
    """
    if not amount or not unit:
        return ""
    if unit == "business_minutes" and amount % HOUR == 0:
        hours = amount // HOUR
        return ngettext("Within %(n)d hour of opening time", "Within %(n)d hours of opening time", hours) % {
            "n": hours
        }
    words = {
        "business_minutes": ngettext(
            "Within %(n)d minute of opening time", "Within %(n)d minutes of opening time", amount
        ),
        "working_days": ngettext("Within %(n)d working day", "Within %(n)d working days", amount),
        "calendar_days": ngettext("Within %(n)d day", "Within %(n)d days", amount),
        "calendar_weeks": ngettext("Within %(n)d week", "Within %(n)d weeks", amount),
    }.get(unit, "")
    return words % {"n": amount} if words else ""
