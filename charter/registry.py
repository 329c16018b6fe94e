"""What the charter room registers with the rooms below it: navigation, its source, the audit trail."""

from auditlog.registry import auditlog
from django.utils.translation import gettext_lazy as _

from charter import import_jobs
from charter.due import due
from charter.models import (
    Charter,
    CharterText,
    Edition,
    Goal,
    Improvement,
    ImprovementText,
    Measure,
    Policy,
    PolicyText,
    RecordedResult,
    Standard,
    StandardText,
    Value,
    ValueText,
)
from charter.needs import measures_of_need, standards_in_use, standards_of_need
from charter.slots import cases_behind
from charter.sources import CasesInTime, RecordedResults
from common.navigation import register_entry, register_slot
from common.sources import register_answers, register_totals
from customers.answered import register_promises
from customers.room import Page, register_page

register_entry(10, _("Charter"), "charter:desk", "charter.read")
register_slot("my.due", 10, "charter/_due.html", due)
register_totals("results", _("Recorded results"), RecordedResults())
register_answers("cases", _("Cases with a time limit"), CasesInTime())
import_jobs.register()
register_page(Page(30, "unmatched", _("Needs and standards"), "charter:unmatched"))
register_page(
    Page(70, "import", _("Take in a file"), "charter:import_add", "results.record", query="?kind=activity")
)
register_promises(standards_in_use)
register_slot("customers.need", 10, "charter/_need_standards.html", standards_of_need)
register_slot("customers.need", 20, "charter/_need_measures.html", measures_of_need)
register_slot("scoreboard.measure", 10, "charter/_cases_behind.html", cases_behind)

WORDS = (CharterText, ValueText, StandardText, PolicyText, ImprovementText)
for model in (*WORDS, Charter, Value, Measure, Goal, RecordedResult, Improvement):
    auditlog.register(model)
auditlog.register(Standard, m2m_fields={"keeper_units", "depends_on", "needs"})
auditlog.register(Policy, m2m_fields={"standards"})
auditlog.register(Edition, exclude_fields=["content", "changes"])
