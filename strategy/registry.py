"""What the strategy room adds to the pages of the product."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry, register_slot
from organisation.jobs import register_job
from scoreboard.reports.sections import register_report_section
from strategy import gap_job
from strategy.actions import messages
from strategy.report_section import actions_section
from strategy.slots import (
    actions_due,
    gaps_due,
    gaps_of_measure,
    gaps_of_standard,
    messages_due,
    seats_due,
    why_beside_charter,
)

register_entry(60, _("Strategy"), "strategy:plan", "strategy.read")
register_slot("my.due", 60, "strategy/_gaps_due.html", gaps_due)
register_slot("my.due", 61, "strategy/_actions_due.html", actions_due)
register_slot("my.due", 15, "strategy/_to_read.html", messages_due)
register_slot("my.due", 62, "strategy/_seats_due.html", seats_due)
register_slot("charter.publish", 70, "strategy/_why_here.html", why_beside_charter)
register_slot("charter.beside", 70, "strategy/_why_here.html", why_beside_charter)
register_slot("scoreboard.measure", 60, "strategy/_gaps_here.html", gaps_of_measure)
register_slot("scoreboard.standard", 60, "strategy/_gaps_here.html", gaps_of_standard)
gap_job.register()
register_report_section(60, actions_section)
register_job(
    messages.ANNOUNCE_JOB,
    messages.write_letters,
    _("Writing the letters of an announcement"),
    lambda job: reverse("strategy:announcement", args=[job.subject]),
)
