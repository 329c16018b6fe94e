"""A rule as a sentence, for lists, pages and exports."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.models import AssignmentRule


def whom(rule: AssignmentRule) -> str:
    """“Everybody in Harbour branch and below, staff, front line, hired within 90 days”."""
    parts = [_("Everybody in %(unit)s and below") % {"unit": rule.unit.name}]
    if rule.role:
        parts.append(str(rule.get_role_display()))
    if rule.level:
        parts.append(str(rule.get_level_display()))
    if rule.hired_within_days is not None:
        text = ngettext("hired within %(days)d day", "hired within %(days)d days", rule.hired_within_days)
        parts.append(text % {"days": rule.hired_within_days})
    if rule.hired_after:
        parts.append(_("hired after %(day)s") % {"day": date_format(rule.hired_after, "DATE_FORMAT")})
    return ", ".join(parts)


def by_when(rule: AssignmentRule) -> str:
    """“Due 30 days after the day of hiring”."""
    text: Any = ngettext(
        "Due %(days)d day after %(start)s", "Due %(days)d days after %(start)s", rule.due_days
    )
    return text % {"days": rule.due_days, "start": rule.get_counted_from_display()}
