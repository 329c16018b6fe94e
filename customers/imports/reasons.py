"""The words for every outcome of a row of activity, in the order in which pages show them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTIVITY_REASONS: dict[str, Any] = {
    "rows": _("Rows in the file"),
    "taken": _("Daily totals"),
    "bad": _("Cannot be taken"),
    "bad.ragged": _("Does not fit the header"),
    "bad.text": _("Text that cannot be kept"),
    "bad.unit": _("No such unit"),
    "bad.foreign_unit": _("A unit that you do not manage"),
    "bad.day": _("No readable day"),
    "bad.future": _("A day that has not come yet"),
    "bad.long_ago": _("A day before the year 2000"),
    "bad.channel": _("No such way of coming to us"),
    "bad.negative": _("A negative number"),
    "bad.not_whole": _("Not a whole number"),
    "bad.missing": _("It does not say how many were served"),
    "bad.over_served": _("More came back than were served"),
    "bad.same_row": _("The same day, unit, way, area and product twice in the file"),
    "bad.twice": _("A total and its parts by area or product: customers would be counted twice"),
    "bad.activity_exists": _("There is a total for this day already"),
}
