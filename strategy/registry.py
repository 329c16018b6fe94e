"""What the strategy room adds to the pages of the product."""

from django.utils.translation import gettext_lazy as _

from common.navigation import register_entry, register_slot
from scoreboard.reports.sections import register_report_section
from strategy import gap_job
from strategy.report_section import actions_section
from strategy.slots import actions_due, gaps_due, gaps_of_measure, gaps_of_standard

register_entry(60, _("Strategy"), "strategy:plan", "strategy.read")
register_slot("my.due", 60, "strategy/_gaps_due.html", gaps_due)
register_slot("my.due", 61, "strategy/_actions_due.html", actions_due)
register_slot("scoreboard.measure", 60, "strategy/_gaps_here.html", gaps_of_measure)
register_slot("scoreboard.standard", 60, "strategy/_gaps_here.html", gaps_of_standard)
gap_job.register()
register_report_section(60, actions_section)
