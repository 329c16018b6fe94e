"""What the home room offers to the pages of all rooms."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from charter.models import Charter
from common.navigation import register_entry, register_slot
from home.report_section import training_section
from home.trained import trained_on
from scoreboard.reports.sections import register_report_section


def _draft(charter: Charter) -> dict[str, Any]:
    return {"unit": charter.unit, "is_public": charter.editions.exists()}


register_entry(5, _("My work"), "home:my", "home.my")
register_slot("charter.publish", 10, "home/_preview_link.html", _draft)
register_slot("scoreboard.standard", 20, "home/_trained.html", trained_on)
register_report_section(50, training_section)
